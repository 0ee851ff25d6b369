// What a user of @scaleleap/amazon-advertising-api-sdk does; it knows nothing of any mock.
const {
  HttpClient, OperationProvider, ProfileOperation, SponsoredProductsCampaignOperation,
} = require('@scaleleap/amazon-advertising-api-sdk');

const HOST = 'https://advertising-api.amazon.com';
const { CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, PROFILE_ID } = process.env;
const say = (flow, text) => process.stdout.write(`${flow}: ${text}\n`);

async function main() {
  // Its own OAuth client does not start with any published version of its dependency that loads.
  const form = new URLSearchParams({
    grant_type: 'refresh_token', refresh_token: REFRESH_TOKEN, client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
  });
  const reply = await fetch('https://api.amazon.com/auth/o2/token', { method: 'POST', body: form });
  const token = (await reply.json()).access_token;
  const auth = { clientId: CLIENT_ID, accessToken: token, scope: Number(PROFILE_ID) };
  const operations = new OperationProvider(new HttpClient(HOST, auth));

  const profiles = await operations.create(ProfileOperation).listProfiles();
  say('read', `${profiles.length} profiles`);

  // Everything else in it is version 2, whose paths were shut off.
  const campaigns = operations.create(SponsoredProductsCampaignOperation);
  const refusal = await campaigns.listCampaigns().catch((error) => error);
  if (refusal.code !== 'NOT_FOUND') throw refusal;
  for (const flow of ['write', 'export', 'report']) {
    say(flow, `not offered: version 2 is answered with ${refusal.code}`);
  }
}

main().catch((error) => { console.error(error); process.exitCode = 1; });
