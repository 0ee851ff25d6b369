// Requests to the control plane. The token comes from the address: its fragment never leaves the browser.

export const BASE = "/_mock/v1";

function readToken() {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get("token");
  if (token) {
    sessionStorage.setItem("adsmock-token", token);
    given.delete("token");
    history.replaceState(null, "", `#${given}`);
  }
  return token ?? sessionStorage.getItem("adsmock-token");
}

const token = readToken();
export const hasToken = Boolean(token);

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.pointer ? `${problem.detail} (at ${problem.pointer})` : problem.detail);
    this.status = status;
    this.pointer = problem.pointer ?? "";
  }
}

export async function send(path, method = "GET", body = undefined, more = {}) {
  const headers = { ...more.headers };
  if (token) headers.Authorization = `Bearer ${token}`;
  const options = { ...more, method, headers };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  const reply = await fetch(BASE + path, options);
  if (reply.ok) return reply;
  const problem = await reply.json().catch(() => ({ detail: `the mock answered ${reply.status}` }));
  throw new Refused(reply.status, problem);
}

export async function ask(path, method = "GET", body = undefined) {
  const reply = await send(path, method, body);
  return reply.status === 204 ? null : reply.json();
}

export const pathOf = (sandbox, rest = "") => `/sandboxes/${encodeURIComponent(sandbox)}${rest}`;
