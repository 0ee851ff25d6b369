// A Node adapter that is wrong in its few verbs, for test_adapter_check.py. It does not use the kit.
import { createInterface } from 'node:readline';

const MEDIA = 'application/vnd.spCampaign.v3+json';

async function call({ regions, credentials, profiles }, path, body) {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
    refresh_token: credentials.refreshToken,
  });
  const granted = await fetch(`${regions.NA.lwa}/auth/o2/token`, { method: 'POST', body: form });
  const headers = {
    Authorization: `Bearer ${(await granted.json()).access_token}`,
    'Amazon-Advertising-API-ClientId': credentials.clientId,
    'Amazon-Advertising-API-Scope': profiles[0].profileId,
    'Content-Type': MEDIA,
    Accept: MEDIA,
  };
  const reply = await fetch(regions.NA.ads + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return reply.json();
}

const verbs = {
  async list(request) {
    const page = await call(request, '/sp/campaigns/list', { maxResults: 2 });
    return { status: 'done', done: page.campaigns.length };
  },
  async create(request) {
    await call(request, '/sp/campaigns', { campaigns: request.args.items.map(({ name }) => ({ name })) });
    return { status: 'done', done: 2 };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.verb === 'shutdown') process.exit(0);
  const answer = verbs[request.verb] ? await verbs[request.verb](request) : { status: 'unsupported' };
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer })}\n`);
}
