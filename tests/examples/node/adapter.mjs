// An integration on Node's own fetch, as an adapter on the Node kit.
//
// It keeps a token for each region, obeys Retry-After, repeats what may be repeated, and sends only the
// failed items of a batch again. It creates no trees and knows no exports and reports.

import { setTimeout as sleep } from 'node:timers/promises';
import { serve, Unsupported } from '../../../harness/adapters/node/adsmock-adapter.mjs';

const KINDS = {
  'sp.campaigns': ['campaigns', 'spCampaign'],
  'sp.adGroups': ['adGroups', 'spAdGroup'],
  'sp.productAds': ['productAds', 'spProductAd'],
  'sp.keywords': ['keywords', 'spKeyword'],
  'sp.negativeKeywords': ['negativeKeywords', 'spNegativeKeyword'],
  'sp.campaignNegativeKeywords': ['campaignNegativeKeywords', 'spCampaignNegativeKeyword'],
  'sp.targets': ['targetingClauses', 'spTargetingClause'],
};
const TRANSIENT = new Set([429, 500, 502, 503, 504]);
const AGAIN = new Set(['throttledError', 'internalServerError']);
const ATTEMPTS = 6;

class Refused extends Error {}

class Sync {
  constructor(connection) {
    this.connection = connection;
    this.tokens = {};
  }

  // One request for a token serves all calls that need it at the same time.
  token(region) {
    this.tokens[region] ??= this.grant(region);
    return this.tokens[region];
  }

  async grant(region) {
    const { clientId, clientSecret, refreshToken } = this.connection.credentials;
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    });
    const url = `${this.connection.regions[region].lwa}/auth/o2/token`;
    const reply = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(60_000) });
    if (!reply.ok) throw new Refused(`no token: ${reply.status}`);
    return (await reply.json()).access_token;
  }

  async call(method, path, { profile, region = this.connection.regionOf(profile), media, body }) {
    let renewed = false;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const token = this.token(region);
      const headers = {
        Authorization: `Bearer ${await token}`,
        'Amazon-Advertising-API-ClientId': this.connection.credentials.clientId,
        ...(profile && { 'Amazon-Advertising-API-Scope': profile }),
        ...(media && { 'Content-Type': media, Accept: media }),
      };
      const reply = await fetch(this.connection.regions[region].ads + path, {
        method,
        headers,
        body: body && JSON.stringify(body),
        redirect: 'error', // credentials must not follow a redirect
        signal: AbortSignal.timeout(60_000),
      });
      if (reply.ok) return reply.json();
      await reply.arrayBuffer();
      if (reply.status === 401 && !renewed) {
        renewed = true;
        if (this.tokens[region] === token) delete this.tokens[region];
      } else if (TRANSIENT.has(reply.status) && attempt < ATTEMPTS) {
        const asked = Number(reply.headers.get('Retry-After') ?? 0) * 1000 + 100;
        await sleep(Math.max(asked, backoff(attempt)));
      } else {
        throw new Refused(`${method} ${path}: ${reply.status}`);
      }
    }
    throw new Refused(`${method} ${path}: given up`);
  }

  async list_profiles() {
    const regions = Object.keys(this.connection.regions);
    const found = await Promise.all(regions.map((region) => this.call('GET', '/v2/profiles', { region })));
    return found.flat().length;
  }

  async list({ resource, profile, filter = {}, pageSize }) {
    const { envelope, path, media } = place(resource);
    const body = { ...filter, maxResults: pageSize };
    let found = 0;
    do {
      const page = await this.call('POST', `${path}/list`, { profile, media, body });
      found += page[envelope].length;
      body.nextToken = page.nextToken;
    } while (body.nextToken);
    return found;
  }

  create(args) {
    return this.write('POST', args);
  }

  update(args) {
    return this.write('PUT', args);
  }

  // Sends a batch and reads the 207 row by row: throttled items are sent again, others are reported.
  async write(method, { resource, profile, items }) {
    const { envelope, path, media } = place(resource);
    const errors = [];
    let open = items;
    for (let attempt = 1; open.length; attempt += 1) {
      const body = { [envelope]: open };
      const rows = (await this.call(method, path, { profile, media, body }))[envelope];
      const again = [];
      for (const { index, errors: why } of rows.error ?? []) {
        const mayRepeat = why.every((one) => AGAIN.has(one.errorType)) && attempt < ATTEMPTS;
        if (mayRepeat) again.push(open[index]);
        else errors.push(`${open[index].name ?? JSON.stringify(open[index])}: ${why[0].errorType}`);
      }
      open = again;
      if (open.length) await sleep(backoff(attempt));
    }
    return { done: items.length - errors.length, failed: errors.length, error: errors.join('; ') || undefined };
  }

  async idle({ seconds }) {
    await sleep(seconds * 1000);
  }
}

function place(resource) {
  if (!KINDS[resource]) throw new Unsupported(resource);
  const [envelope, kind] = KINDS[resource];
  return { envelope, path: `/sp/${resource.split('.')[1]}`, media: `application/vnd.${kind}.v3+json` };
}

function backoff(attempt) {
  return 1000 * 2 ** (attempt - 1) * (1 + Math.random());
}

serve((connection) => new Sync(connection));
