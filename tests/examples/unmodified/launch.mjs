// Launch the campaigns of a season in two regions, unless they exist. Ends with 1 if one is missing.

import { pathToFileURL } from 'node:url';

const REGIONS = {
  NA: ['https://advertising-api.amazon.com', 'https://api.amazon.com'],
  EU: ['https://advertising-api-eu.amazon.com', 'https://api.amazon.co.uk'],
};
const MEDIA = 'application/vnd.spCampaign.v3+json';
const TRANSIENT = new Set([429, 500, 502, 503, 504]);
const REPEATABLE = new Set(['throttledError', 'internalServerError']);
const ATTEMPTS = 6;
const SEASON = Array.from({ length: 12 }, (_, number) => ({
  name: `Season ${number + 1}`,
  targetingType: 'AUTO',
  state: 'PAUSED',
  budget: { budget: 2000, budgetType: 'DAILY' },
}));
const { CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN } = process.env;

class GaveUp extends Error {}

function backOff(attempt, asked = 0) {
  const delay = Math.min(60, 2 ** (attempt - 1)) * (1 + Math.random());
  return new Promise((done) => setTimeout(done, Math.max(delay, asked + 0.1) * 1000));
}

export class Region {
  constructor(ads, lwa) {
    Object.assign(this, { ads, lwa });
  }

  async send(url, options) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      let asked = 0;
      try {
        const reply = await fetch(url, {
          ...options,
          redirect: 'manual',
          signal: AbortSignal.timeout(60_000),
        });
        const text = await reply.text();
        if (!TRANSIENT.has(reply.status)) return { ok: reply.ok, status: reply.status, text };
        asked = Number(reply.headers.get('Retry-After')) || 0;
      } catch (error) {
        if (/CERT|SIGNATURE|SSL|ALTNAME/.test(error.cause?.code)) throw new GaveUp(`${url}: ${error.cause.code}`);
      }
      await backOff(attempt, asked);
    }
    throw new GaveUp(`${url}: ${ATTEMPTS} attempts failed`);
  }

  async grant() {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: REFRESH_TOKEN,
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
    });
    const reply = await this.send(`${this.lwa}/auth/o2/token`, { method: 'POST', body });
    if (!reply.ok) throw new GaveUp(`no token: ${reply.status}`);
    return JSON.parse(reply.text).access_token;
  }

  async call(method, path, profile, body) {
    for (const isLast of [false, true]) {
      this.token ??= await this.grant();
      const headers = {
        Authorization: `Bearer ${this.token}`,
        'Amazon-Advertising-API-ClientId': CLIENT_ID,
      };
      if (profile) {
        Object.assign(headers, {
          'Amazon-Advertising-API-Scope': String(profile),
          'Content-Type': MEDIA,
          Accept: MEDIA,
        });
      }
      const reply = await this.send(this.ads + path, { method, headers, body: JSON.stringify(body) });
      if (reply.status === 401 && !isLast) {
        this.token = undefined;
        continue;
      }
      if (!reply.ok) throw new GaveUp(`${method} ${path}: ${reply.status} ${reply.text.slice(0, 200)}`);
      try {
        return JSON.parse(reply.text);
      } catch {
        throw new GaveUp(`${method} ${path}: the answer is not JSON`);
      }
    }
  }

  async names(profile) {
    const found = new Set();
    let nextToken;
    do {
      const page = await this.call('POST', '/sp/campaigns/list', profile, { maxResults: 100, nextToken });
      for (const one of page.campaigns) found.add(one.name);
      nextToken = page.nextToken;
    } while (nextToken);
    return found;
  }

  async missing(profile) {
    const known = await this.names(profile);
    return SEASON.filter((one) => !known.has(one.name));
  }

  /** Create what is missing; send again only items that failed for a moment. */
  async launch(profile) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const missing = await this.missing(profile);
      if (!missing.length) return;
      const made = (await this.call('POST', '/sp/campaigns', profile, { campaigns: missing })).campaigns;
      const errors = (made.error ?? []).flatMap((row) => row.errors.map((one) => one.errorType));
      if (!errors.length) return;
      if (!errors.every((one) => REPEATABLE.has(one))) {
        throw new GaveUp(`${profile}: campaigns failed: ${errors}`);
      }
      await backOff(attempt);
    }
    throw new GaveUp(`${profile}: campaigns kept failing`);
  }
}

export async function main(Kind = Region) {
  for (const [region, hosts] of Object.entries(REGIONS)) {
    const ads = new Kind(...hosts);
    try {
      const profiles = await ads.call('GET', '/v2/profiles');
      for (const one of profiles) await ads.launch(one.profileId);
    } catch (error) {
      if (!(error instanceof GaveUp)) throw error;
      console.log(`${region}: ${error.message}`);
      process.exitCode = 1;
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
