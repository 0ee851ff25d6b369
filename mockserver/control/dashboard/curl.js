// A call as a curl command; secrets are variables of the shell.

const quote = (text) => `'${String(text).replace(/'/g, "'\\''")}'`;

const LEFT_OUT = new Set(["host", "content-length", "connection", "accept-encoding", "authorization", "transfer-encoding", "expect"]);

export function curl(call) {
  const host = call.host.includes(":") || !call.port ? call.host : `${call.host}:${call.port}`;
  const lines = [`curl -i -X ${call.method} ${quote(`${call.tls ? "https" : "http"}://${host}${call.path}${call.query ? `?${call.query}` : ""}`)}`];
  const headers = { ...call.headers };
  if (!Object.keys(headers).length) {
    if (call.clientId) headers["Amazon-Advertising-API-ClientId"] = call.clientId;
    if (call.profileId) headers["Amazon-Advertising-API-Scope"] = call.profileId;
  }
  if (call.token) lines.push('-H "Authorization: Bearer $ACCESS_TOKEN"');
  for (const [name, value] of Object.entries(headers)) {
    if (!LEFT_OUT.has(name.toLowerCase())) lines.push(`-H ${quote(`${name}: ${value}`)}`);
  }
  if (call.request !== null && call.request !== undefined && call.method !== "GET") {
    const isForm = (headers["content-type"] ?? "").includes("form-urlencoded");
    if (isForm) for (const [name, value] of Object.entries(call.request)) lines.push(`--data-urlencode ${quote(`${name}=${value}`)}`);
    else lines.push(`--data-raw ${quote(typeof call.request === "string" ? call.request : JSON.stringify(call.request))}`);
  }
  return lines.join(" \\\n  ");
}
