// Campaign sync as a partner wrote it: the hosts are Amazon's, nothing here knows of a mock.

const REGIONS = {
  NA: ['https://advertising-api.amazon.com', 'https://api.amazon.com'],
  EU: ['https://advertising-api-eu.amazon.com', 'https://api.amazon.co.uk'],
  FE: ['https://advertising-api-fe.amazon.com', 'https://api.amazon.co.jp'],
};
const CAMPAIGN = 'application/vnd.spCampaign.v3+json';
const { CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN } = process.env;

async function json(url, options) {
  const reply = await fetch(url, options);
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
  return reply.json();
}

async function accessToken(host) {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: REFRESH_TOKEN,
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
  });
  return (await json(`${host}/auth/o2/token`, { method: 'POST', body })).access_token;
}

async function campaigns(ads, headers, profile) {
  const found = [];
  let nextToken;
  do {
    const page = await json(`${ads}/sp/campaigns/list`, {
      method: 'POST',
      headers: {
        ...headers,
        'Amazon-Advertising-API-Scope': String(profile),
        'Content-Type': CAMPAIGN,
        Accept: CAMPAIGN,
      },
      body: JSON.stringify({ maxResults: 100, nextToken }),
    });
    found.push(...page.campaigns);
    nextToken = page.nextToken;
  } while (nextToken);
  return found;
}

async function sync(region, ads, lwa) {
  const headers = {
    Authorization: `Bearer ${await accessToken(lwa)}`,
    'Amazon-Advertising-API-ClientId': CLIENT_ID,
  };
  const profiles = await json(`${ads}/v2/profiles`, { headers });
  let count = 0;
  for (const each of profiles) count += (await campaigns(ads, headers, each.profileId)).length;
  console.log(`${region}: ${profiles.length} profiles, ${count} campaigns`);
}

for (const [region, [ads, lwa]] of Object.entries(REGIONS)) {
  try {
    await sync(region, ads, lwa);
  } catch (error) {
    console.log(`${region}: ${error.cause?.code ?? error.message}`);
    process.exitCode = 1;
  }
}
