// Adapter: connects adsmock's tasks to your integration.
//
// Each method below is one verb and works as it is. Replace what it does with calls to your own code,
// delete the verbs that your program does not have, and add others: docs/reference/tasks.md lists all.

import { setTimeout as sleep } from 'node:timers/promises';
import { serve, Unsupported } from './adsmock-adapter.mjs';

// Envelope, media type, filter by id.
const RESOURCES = {
  'sp.campaigns': ['campaigns', 'spCampaign', 'campaignIdFilter'],
  'sp.adGroups': ['adGroups', 'spAdGroup', 'adGroupIdFilter'],
  'sp.keywords': ['keywords', 'spKeyword', 'keywordIdFilter'],
  'sp.productAds': ['productAds', 'spProductAd', 'adIdFilter'],
  'sp.negativeKeywords': ['negativeKeywords', 'spNegativeKeyword', 'negativeKeywordIdFilter'],
  'sp.campaignNegativeKeywords': [
    'campaignNegativeKeywords', 'spCampaignNegativeKeyword', 'campaignNegativeKeywordIdFilter',
  ],
  'sp.targets': ['targetingClauses', 'spTargetingClause', 'targetIdFilter'],
};
const TRANSIENT = new Set([429, 500, 502, 503, 504]);
const ATTEMPTS = 6;
const BATCH = 1000;

// One instance works for one set of credentials.
class Integration {
  constructor(connection) {
    this.connection = connection;
    this.tokens = {};
  }

  async list_profiles() {
    const regions = Object.keys(this.connection.regions);
    const found = await Promise.all(regions.map((region) => this.call('GET', '/v2/profiles', { region })));
    return found.flat().length;
  }

  async list({ resource, profile, filter = {}, pageSize }) {
    return this.read(resource, profile, { ...filter, maxResults: pageSize });
  }

  async get({ resource, profile, ids }) {
    return this.read(resource, profile, { [place(resource).selector]: { include: ids } });
  }

  async create(args) {
    return this.write('POST', args);
  }

  async update(args) {
    return this.write('PUT', args);
  }

  async archive({ resource, profile, ids }) {
    const { envelope, path, media, selector } = place(resource);
    const body = { [selector]: { include: ids } };
    const rows = (await this.call('POST', `${path}/delete`, { profile, media, body }))[envelope];
    return { done: rows.success.length, failed: rows.error.length };
  }

  async steady({ resource, profile, filter = {}, times, every }) {
    for (let count = 0; count < times; count += 1) {
      await this.read(resource, profile, { ...filter });
      await sleep(every * 1000);
    }
    return times;
  }

  async idle({ seconds }) {
    await sleep(seconds * 1000);
  }

  // Returns the number of entities on all pages of a list.
  async read(resource, profile, body) {
    const { envelope, path, media } = place(resource);
    let found = 0;
    do {
      const page = await this.call('POST', `${path}/list`, { profile, media, body });
      found += page[envelope].length;
      body.nextToken = page.nextToken;
    } while (body.nextToken);
    return found;
  }

  // Sends the items in batches and returns what became of all of them.
  async write(method, { resource, profile, items }) {
    const errors = [];
    for (let begin = 0; begin < items.length; begin += BATCH) {
      const batch = items.slice(begin, begin + BATCH);
      errors.push(...(await this.writeBatch(method, resource, profile, batch)));
    }
    return { done: items.length - errors.length, failed: errors.length, error: errors.join('; ') || undefined };
  }

  // Sends throttled items again; returns what the API said about items that failed.
  async writeBatch(method, resource, profile, items) {
    const { envelope, path, media } = place(resource);
    const errors = [];
    let left = items;
    for (let attempt = 0; left.length; attempt += 1) {
      const body = { [envelope]: left };
      const rows = (await this.call(method, path, { profile, media, body }))[envelope];
      const again = [];
      for (const { index, errors: why } of rows.error) {
        const isThrottled = why[0].errorType === 'throttledError' && attempt < ATTEMPTS - 1;
        if (isThrottled) again.push(left[index]);
        else errors.push(`${left[index].name ?? index}: ${why[0].errorType}`);
      }
      left = again;
      if (left.length) await sleep(backoff(attempt));
    }
    return errors;
  }

  // Returns the reply to a call; a new token after a 401, patience after 429 and 5xx.
  async call(method, path, { profile, region = this.connection.regionOf(profile), media, body }) {
    let renewed = false;
    for (let attempt = 0; ; attempt += 1) {
      const token = this.token(region);
      const reply = await fetch(this.connection.regions[region].ads + path, {
        method,
        headers: {
          Authorization: `Bearer ${await token}`,
          'Amazon-Advertising-API-ClientId': this.connection.credentials.clientId,
          ...(profile && { 'Amazon-Advertising-API-Scope': profile }),
          ...(media && { 'Content-Type': media, Accept: media }),
        },
        body: body && JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(60_000),
      });
      if (reply.ok) return reply.json();
      const text = await reply.text();
      if (reply.status === 401 && !renewed) {
        renewed = true;
        if (this.tokens[region] === token) delete this.tokens[region];
      } else if (TRANSIENT.has(reply.status) && attempt < ATTEMPTS - 1) {
        const asked = Number(reply.headers.get('Retry-After') ?? 0) * 1000 + 100;
        await sleep(Math.max(asked, backoff(attempt)));
      } else {
        throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 200)}`);
      }
    }
  }

  // One request for a token serves all calls that need it at the same time.
  token(region) {
    this.tokens[region] ??= this.grant(region);
    return this.tokens[region];
  }

  async grant(region) {
    const { clientId, clientSecret, refreshToken } = this.connection.credentials;
    const reply = await fetch(`${this.connection.regions[region].lwa}/auth/o2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: clientId,
        client_secret: clientSecret,
        refresh_token: refreshToken,
      }),
    });
    if (!reply.ok) throw new Error(`no token: ${reply.status}`);
    return (await reply.json()).access_token;
  }
}

function place(resource) {
  if (!RESOURCES[resource]) throw new Unsupported(resource);
  const [envelope, kind, selector] = RESOURCES[resource];
  return { envelope, path: `/sp/${resource.split('.')[1]}`, media: `application/vnd.${kind}.v3+json`, selector };
}

function backoff(attempt) {
  return 1000 * 2 ** attempt * (1 + Math.random());
}

serve((connection) => new Integration(connection));
