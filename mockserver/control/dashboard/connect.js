// How a program reaches the chosen sandbox: URLs, profiles, credentials (fetched on request only).
import { app } from "./app.js";
import { button, copy, download, make, table } from "./element.js";

export const id = "connect";
export const title = "Connect";

const MASK = "••••••••••••";
const quote = (text) => `'${String(text).replace(/'/g, "'\\''")}'`;

function first(sandbox) {
  const [region, urls] = Object.entries(sandbox.urls)[0];
  return { region, urls, profile: sandbox.profiles.find((row) => row.region === region) ?? sandbox.profiles[0] };
}

function variables(sandbox, client) {
  const { urls, profile } = first(sandbox);
  const rows = [["ADS_CLIENT_ID", client.clientId], ["ADS_CLIENT_SECRET", client.clientSecret], ["ADS_REFRESH_TOKEN", client.refreshToken],
    ["ADS_PROFILE_ID", profile?.profileId ?? ""], ["ADS_LWA_URL", urls.lwa], ["ADS_API_URL", urls.ads]];
  for (const [region, row] of Object.entries(sandbox.urls)) rows.push([`ADS_API_URL_${region}`, row.ads]);
  return rows.map(([name, value]) => `export ${name}=${quote(value)}`).join("\n");
}

function curl(sandbox, client) {
  const { urls, profile } = first(sandbox);
  return `ACCESS_TOKEN=$(curl -s ${urls.lwa}/auth/o2/token \\
  -d grant_type=refresh_token --data-urlencode ${quote(`refresh_token=${client.refreshToken}`)} \\
  -d client_id=${client.clientId} -d client_secret=${client.clientSecret} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -s ${urls.ads}/sp/campaigns/list -X POST -d '{}' \\
  -H "Authorization: Bearer $ACCESS_TOKEN" \\
  -H 'Amazon-Advertising-API-ClientId: ${client.clientId}' \\
  -H 'Amazon-Advertising-API-Scope: ${profile?.profileId ?? "PROFILE_ID"}' \\
  -H 'Content-Type: application/vnd.spCampaign.v3+json' -H 'Accept: application/vnd.spCampaign.v3+json'`;
}

function postman(sandbox, client) {
  const { urls, profile } = first(sandbox);
  const row = (key, value, type = "default") => ({ key, value, type, enabled: true });
  const values = [row("client_id", client.clientId), row("client_secret", client.clientSecret, "secret"),
    row("refresh_token", client.refreshToken, "secret"), row("profile_id", profile?.profileId ?? ""),
    row("lwa_url", urls.lwa), row("api_url", urls.ads),
    ...Object.entries(sandbox.urls).map(([region, each]) => row(`api_url_${region.toLowerCase()}`, each.ads))];
  return JSON.stringify({ name: `adsmock ${sandbox.id}`, values, _postman_variable_scope: "environment" }, null, 2);
}

export function mount(root) {
  let client = null, revealed = false;

  async function secrets() {
    client ??= (await app.ask("")).client;
    return client;
  }

  const copied = (label, text, more) => {
    const take = button(label, app.guarded(async () => copy(await text(), take)), more);
    return take;
  };

  function secretRow(name, member) {
    const shown = revealed && client ? client[member] : MASK;
    return [name, make("code", { className: "wrap" }, shown), copied("Copy", async () => (await secrets())[member], { "aria-label": `Copy the ${name.toLowerCase()}` })];
  }

  function draw() {
    const { sandbox } = app;
    if (!sandbox) { root.replaceChildren(make("p", { className: "soft" }, "No sandbox is chosen.")); return; }
    const reveal = button(revealed ? "Hide secrets" : "Show secrets", app.guarded(async () => {
      if (!revealed) await secrets();
      revealed = !revealed;
      draw();
      document.getElementById("reveal").focus();
    }), { id: "reveal", "aria-pressed": String(revealed) });
    const save = button("Download Postman environment", app.guarded(async () => download(
      `${sandbox.id}.postman_environment.json`, new Blob([postman(sandbox, await secrets())], { type: "application/json" }))), { id: "postman" });
    root.replaceChildren(
      make("h2", {}, "Credentials"),
      make("div", { className: "row" }, reveal,
        copied("Copy as environment variables", async () => variables(sandbox, await secrets()), { id: "copy-env" }),
        copied("Copy as curl", async () => curl(sandbox, await secrets()), { id: "copy-first-call" }), save),
      table(["Name", "Value", ""], [["Client id", make("code", { className: "wrap" }, sandbox.client.clientId), copied("Copy", async () => sandbox.client.clientId, { "aria-label": "Copy the client id" })],
        secretRow("Client secret", "clientSecret"), secretRow("Refresh token", "refreshToken")], { label: "Credentials" }),
      make("h2", {}, "URLs"),
      table(["Region", "API", "Login with Amazon"], Object.entries(sandbox.urls).map(([region, row]) => [region,
        make("code", { className: "wrap" }, row.ads), make("code", { className: "wrap" }, row.lwa)]), { label: "URLs" }),
      make("h2", {}, "Profiles"),
      table(["Profile", "Region", "Country", "Currency", "Time zone", "Type", "Name"], sandbox.profiles.map((row) => [
        make("code", {}, row.profileId), row.region, row.countryCode, row.currencyCode, row.timezone, row.type, row.name]), { label: "Profiles" }));
  }

  app.when("sandbox", () => { client = null; revealed = false; draw(); });
  app.when("profiles", draw);
  draw();
}
