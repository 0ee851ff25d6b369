// A small client of the Amazon Ads API with hard-coded hosts, as an integration may have one.

import { gunzipSync } from 'node:zlib';

export const REGIONS = {
  NA: ['https://advertising-api.amazon.com', 'https://api.amazon.com'],
  EU: ['https://advertising-api-eu.amazon.com', 'https://api.amazon.co.uk'],
};
export const MEDIA = {
  campaigns: 'application/vnd.spCampaign.v3+json',
  keywords: 'application/vnd.spKeyword.v3+json',
};
export const REPEATABLE = new Set(['throttledError', 'internalServerError']);
export const ATTEMPTS = 6;

const { CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN } = process.env;
const TRANSIENT = new Set([429, 500, 502, 503, 504]);
const TRUST = /CERT|SIGNATURE|SSL|ALTNAME/;
const NAMED_REPORT = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
const REPORT = 'application/vnd.createasyncreport';
const LIMIT = 60_000;

// A failure that the job reports with its exit code; any other error is a defect of the program.
export class GaveUp extends Error {
  constructor(text, more = {}) {
    super(text);
    Object.assign(this, more);
  }
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export const backOff = (attempt, asked = 0) => {
  const own = Math.min(60, 2 ** (attempt - 1)) * (1 + Math.random());
  return sleep(Math.max(own, asked + 0.1) * 1000);
};

// Retry-After in seconds: a number or a date.
const wait = (reply) => {
  const text = reply.headers.get('Retry-After');
  return Number(text) || (text ? Math.max(0, (Date.parse(text) - Date.now()) / 1000) : 0) || 0;
};

export class Region {
  constructor(ads, lwa) {
    Object.assign(this, { ads, lwa });
  }

  async send(url, options, attempts = ATTEMPTS) {
    let status, asked;
    for (let attempt = 1; ; attempt += 1) {
      const control = new AbortController();
      const timer = setTimeout(() => control.abort(), LIMIT);
      [status, asked] = [0, 0];
      try {
        const reply = await fetch(url, { ...options, redirect: 'manual', signal: control.signal });
        const raw = Buffer.from(await reply.arrayBuffer());
        status = reply.status;
        if (!TRANSIENT.has(status)) return { ok: reply.ok, status, raw, text: raw.toString() };
        asked = wait(reply);
      } catch (error) {
        if (TRUST.test(error.cause?.code)) throw new GaveUp(`${url}: ${error.cause.code}`);
      } finally {
        clearTimeout(timer);
      }
      if (attempt === attempts) throw new GaveUp(`${url}: ${status}`, { status, asked });
      await backOff(attempt, asked);
    }
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

  headers(profile, type, accept = type) {
    return {
      Authorization: `Bearer ${this.token}`,
      'Amazon-Advertising-API-ClientId': CLIENT_ID,
      ...(profile && { 'Amazon-Advertising-API-Scope': String(profile) }),
      ...(type && { 'Content-Type': type }),
      ...(accept && { Accept: accept }),
    };
  }

  async call(method, path, { profile, body, type, accept, attempts } = {}) {
    for (const isLast of [false, true]) {
      this.token ??= await this.grant();
      const headers = this.headers(profile, type, accept);
      const options = { method, headers, body: body && JSON.stringify(body) };
      const reply = await this.send(this.ads + path, options, attempts);
      if (reply.status === 401 && !isLast) {
        this.token = undefined;
        continue;
      }
      const named = reply.status === 425 && NAMED_REPORT.exec(reply.text);
      if (named) return { reportId: named[0] };
      const { status } = reply;
      if (!reply.ok) throw new GaveUp(`${method} ${path}: ${status} ${reply.text}`, { status });
      try {
        return JSON.parse(reply.text);
      } catch {
        throw new GaveUp(`${method} ${path}: not JSON`);
      }
    }
  }

  page(kind, profile, nextToken) {
    const body = { maxResults: 200, nextToken };
    return this.call('POST', `/sp/${kind}/list`, { profile, body, type: MEDIA[kind] });
  }

  async list(kind, profile) {
    const all = [];
    let token;
    do {
      const page = await this.page(kind, profile, token);
      all.push(...page[kind]);
      token = page.nextToken;
    } while (token);
    return all;
  }

  async batch(method, kind, profile, items, attempts) {
    const options = { profile, body: { [kind]: items }, type: MEDIA[kind], attempts };
    return (await this.call(method, `/sp/${kind}`, options))[kind];
  }

  // Returns how many items failed for good; what may succeed later is sent again.
  async write(method, kind, profile, items) {
    let failed = 0;
    for (let at = 0; at < items.length; at += 100) {
      let left = items.slice(at, at + 100);
      for (let attempt = 1; left.length; attempt += 1) {
        if (attempt > ATTEMPTS) {
          failed += left.length;
          break;
        }
        const again = [];
        for (const row of (await this.batch(method, kind, profile, left)).error ?? []) {
          if (row.errors.every((each) => REPEATABLE.has(each.errorType))) again.push(left[row.index]);
          else failed += 1;
        }
        left = again;
        if (left.length) await backOff(attempt);
      }
    }
    return failed;
  }

  // Creates campaigns that do not exist; looks before each attempt, so a lost answer doubles none.
  async ensure(profile, wanted) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const names = new Set((await this.list('campaigns', profile)).map((each) => each.name));
      const missing = wanted.filter((each) => !names.has(each.name));
      if (!missing.length) return 0;
      try {
        const { error = [] } = await this.batch('POST', 'campaigns', profile, missing, 1);
        if (!error.length) return 0;
        const types = error.flatMap((row) => row.errors.map((each) => each.errorType));
        if (types.some((each) => !REPEATABLE.has(each) && each !== 'duplicateValueError')) return 1;
        await backOff(attempt);
      } catch (error) {
        if (!(error instanceof GaveUp) || (error.status && !TRANSIENT.has(error.status))) throw error;
        await backOff(attempt, error.asked);
      }
    }
    return 1;
  }

  async request(profile) {
    const day = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
    const configuration = {
      adProduct: 'SPONSORED_PRODUCTS',
      groupBy: ['campaign'],
      columns: ['date', 'campaignId', 'impressions', 'clicks', 'cost'],
      reportTypeId: 'spCampaigns',
      timeUnit: 'DAILY',
      format: 'GZIP_JSON',
    };
    const body = { name: 'night', startDate: day, endDate: day, configuration };
    const types = { type: `${REPORT}request.v3+json`, accept: `${REPORT}response.v3+json` };
    return (await this.call('POST', '/reporting/reports', { profile, body, ...types })).reportId;
  }

  status(profile, id) {
    const accept = 'application/vnd.getasyncreportresponse.v3+json';
    return this.call('GET', `/reporting/reports/${id}`, { profile, accept });
  }

  unpacked(raw) {
    return JSON.parse(gunzipSync(raw).toString());
  }

  // Returns the rows of a report, null of a failed one.
  async rows(profile, id) {
    for (let poll = 0; poll < 40; poll += 1) {
      await sleep(Math.min(2 + poll, 20) * 1000 * (1 + Math.random() / 5));
      const { status, url } = await this.status(profile, id);
      if (/FAIL|CANCEL/.test(status)) return null;
      const file = url && (await this.send(url, {}));
      if (!file?.ok) continue;
      try {
        return this.unpacked(file.raw);
      } catch {
        continue;
      }
    }
    throw new GaveUp(`report ${id}: not ready`);
  }

  async report(profile) {
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const rows = await this.rows(profile, await this.request(profile));
      if (rows) return rows;
      await backOff(attempt + 2);
    }
    throw new GaveUp('two reports failed');
  }
}

// Does the work for each profile; a failure of one does not stop the others. Exit code 1 for any.
export async function every(work, Kind = Region, regions = Object.values(REGIONS)) {
  let failed = 0;
  const tried = async (step) => {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof GaveUp)) throw error;
      console.log(error.message);
      failed += 1;
      return undefined;
    }
  };
  for (const hosts of regions) {
    const ads = new Kind(...hosts);
    for (const { profileId } of (await tried(() => ads.call('GET', '/v2/profiles'))) ?? []) {
      const lost = await tried(() => work(ads, profileId));
      failed += lost || 0; // not in one step: the sum would forget what failed in the meantime
    }
  }
  if (failed) process.exitCode = 1;
}
