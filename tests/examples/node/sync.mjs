// An integration on Node's own fetch, run once for each case: node sync.mjs
//
// It waits as it is told and repeats what failed as a whole. It does not look into a 207: an item
// that was throttled inside one is lost. The suite says so.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const task = JSON.parse(readFileSync(process.env.ADSMOCK_TASK, 'utf8'));
const home = Object.fromEntries(task.profiles.map((row) => [row.profileId, row.region]));
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
const ATTEMPTS = 6;
const tokens = {};

async function token(region) {
  tokens[region] ??= grant(region);
  return tokens[region];
}

async function grant(region) {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: task.credentials.clientId,
    client_secret: task.credentials.clientSecret,
    refresh_token: task.credentials.refreshToken,
  });
  const reply = await fetch(`${task.regions[region].lwa}/auth/o2/token`, { method: 'POST', body });
  if (!reply.ok) throw new Error(`no token: ${reply.status}`);
  return (await reply.json()).access_token;
}

async function call(method, path, { profile, region = home[profile], media, body }) {
  let renewed = false;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const headers = {
      Authorization: `Bearer ${await token(region)}`,
      'Amazon-Advertising-API-ClientId': task.credentials.clientId,
    };
    if (profile) headers['Amazon-Advertising-API-Scope'] = profile;
    if (media) Object.assign(headers, { 'Content-Type': media, Accept: media });
    const reply = await fetch(task.regions[region].ads + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    if (reply.ok) return reply.json();
    await reply.arrayBuffer();
    if (reply.status === 401 && !renewed) {
      renewed = true;
      delete tokens[region];
    } else if (TRANSIENT.has(reply.status) && attempt < ATTEMPTS) {
      const asked = Number(reply.headers.get('Retry-After') ?? 0) * 1000 + 100;
      await sleep(Math.max(asked, 1000 * 2 ** (attempt - 1) * (1 + Math.random())));
    } else {
      throw new Error(`${method} ${path}: ${reply.status}`);
    }
  }
  throw new Error(`${method} ${path}: given up`);
}

function place(resource) {
  const [envelope, kind] = KINDS[resource];
  const path = `/sp/${resource.split('.')[1]}`;
  return { envelope, path, media: `application/vnd.${kind}.v3+json` };
}

const verbs = {
  async list_profiles() {
    for (const region of Object.keys(task.regions)) await call('GET', '/v2/profiles', { region });
  },
  async list({ resource, profile, filter = {}, pageSize }) {
    const { path, media } = place(resource);
    const body = { ...filter, maxResults: pageSize };
    do {
      const page = await call('POST', `${path}/list`, { profile, media, body });
      body.nextToken = page.nextToken;
    } while (body.nextToken);
  },
  async create({ resource, profile, items }) {
    const { envelope, path, media } = place(resource);
    await call('POST', path, { profile, media, body: { [envelope]: items } });
  },
  async idle({ seconds }) {
    await sleep(seconds * 1000);
  },
};

for (const { verb, args } of task.tasks) {
  try {
    if (!verbs[verb]) throw new Error('not done here');
    await verbs[verb](args);
    console.log(`${verb}: done`);
  } catch (error) {
    console.log(`${verb}: ${error.message}`);
  }
}
