// One call: what was sent and answered, when, why it failed, and its other attempts.
import { app } from "./app.js";
import { button, chip, copy, facts, make, table } from "./element.js";
import { bytes, count, duration, isPartial, moment, statusText, succeeded, tone } from "./format.js";
import { curl } from "./curl.js";
import { outcomes } from "./outcome.js";

const LONGEST = 60_000;
const MOST_ITEMS = 200;

const RULES = {
  throttled: "Its quota was used up.",
  unauthorized: "The access token is missing, expired, revoked or unknown.",
  scopeMissing: "The header Amazon-Advertising-API-Scope is missing.",
  scopeUnknown: "The profile in Amazon-Advertising-API-Scope is not one of this client in this region.",
  notFound: "No operation has this path and method, or the entity does not exist.",
  retired: "The deprecation calendar says that this version was shut off.",
  notAcceptable: "The Accept header names no media type of the operation.",
  unsupportedMediaType: "The Content-Type is no media type of the operation.",
  methodNotAllowed: "The path does not support the method.",
  invalid: "The body does not fit the contract of the operation.",
  unprocessable: "The body is well-formed, but a business rule refused it.",
  tooLarge: "The body or the batch exceeds a limit.",
  duplicate: "The same report was requested a moment ago.",
};

export class Inspector {
  // `chain(id)` filters the journal; `neighbor(seq, step)` returns the row before or after.
  constructor(root, { chain, neighbor }) {
    this.root = root;
    this.chain = chain;
    this.neighbor = neighbor;
    this.node = make("article", { className: "call", id: "call", hidden: true, tabIndex: -1, "aria-label": "Call" });
    this.node.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    this.seq = null;
  }

  close() {
    app.go({ call: null });
    this.root.querySelector(".grid").focus();
  }

  async show(seq) {
    if (seq === this.seq && app.chosen === this.sandbox) return;
    [this.seq, this.sandbox] = [seq, app.chosen];
    this.node.hidden = seq === null;
    this.root.classList.toggle("with-call", seq !== null);
    if (seq === null) this.node.replaceChildren(); // else the next call would begin as this one
    if (seq === null || app.chosen === null) return;
    try {
      const found = await app.ask(`/journal/${seq}`);
      if (seq !== this.seq) return;
      this.fill(found);
      // The address may name a call, which can arrive before the sandbox's first state.
      if (!app.state) app.addEventListener("state", () => { if (this.seq === seq && app.chosen === this.sandbox) this.fill(found); }, { once: true });
    } catch (error) {
      this.node.replaceChildren(this.bar(), make("p", { className: "warn" }, error.message));
    }
    if (!this.root.querySelector(".grid").contains(document.activeElement)) this.node.focus({ preventScroll: innerWidth > 1100 });
  }

  bar(call) {
    const go = (step) => button(step < 0 ? "Newer" : "Older", () => {
      const row = this.neighbor(this.seq, step);
      if (row) app.go({ call: row.seq });
    });
    const asCurl = call && button("Copy as curl", () => copy(curl(call), asCurl), { id: "copy-curl" });
    const link = button("Copy link", () => copy(location.href, link), { id: "copy-link" });
    return make("div", { className: "row" }, go(-1), go(1), asCurl, link, button("Close", () => this.close(), { id: "close-call" }));
  }

  fill({ call, attempts, repeats, rule }) {
    const name = call.operation ?? `${call.method} ${call.path}`;
    this.node.setAttribute("aria-label", `Call ${call.seq}: ${name}`);
    const state = isPartial(call) ? `${statusText(call)}, ${call.failedItems} of ${call.items} items failed` : statusText(call);
    this.node.replaceChildren(...[
      this.bar(call),
      make("h2", {}, name, " ", chip(state, tone(call))),
      make("p", { className: "path" }, make("code", {}, `${call.method} ${call.path}${call.query ? `?${call.query}` : ""}`)),
      ...this.why(call, rule), this.items(call), this.attempts(call, attempts, repeats),
      timeLine(call), ...this.sides(call), this.about(call),
    ].filter(Boolean));
  }

  why(call, rule) {
    const found = [];
    if (call.fault) {
      const where = `${call.fault.kind ?? ""}${call.fault.point ? `, at ${call.fault.point}` : ""}`;
      found.push(make("section", { className: "why", "aria-label": "Fault" }, make("h3", {}, "A fault acted"),
        make("p", {}, make("strong", {}, call.fault.id), ` (${where})`),
        rule ? body("Rule", rule, false) : make("p", { className: "soft" }, "The rule no longer exists.")));
    }
    if (call.refusal) {
      const { kind, dialect, quota, ...more } = call.refusal;
      const limits = quota ? [["Quota", `${quota} in ${more.region}`], ["Refill", `${more.rate} a second, burst ${more.burst}`],
        ["This call costs", more.weight], ["Next in", duration(more.wait)]] : [];
      found.push(make("section", { className: "why", "aria-label": "Refusal" }, make("h3", {}, "The mock refused it"),
        make("p", {}, make("strong", {}, kind), ` ${RULES[kind] ?? ""}`),
        facts([...limits, ["Worded as", dialect], ["Token", call.refusal.kind === "unauthorized" ? call.tokenState : ""]])));
    }
    return found;
  }

  items(call) {
    const found = outcomes(call);
    if (!found) {
      return isPartial(call) ? make("p", { className: "warn" }, `${call.failedItems} of ${call.items} items failed.`) : null;
    }
    const head = `${count(found.done.length, "item")} succeeded, ${found.failed.length} failed`;
    const rows = [...found.failed.map((row) => [row.index, row.id, chip("failed", "warn"), row.reason]),
      ...found.done.map((row) => [row.index, row.id, chip("succeeded", "good"), ""])];
    const details = make("details", { open: found.failed.length > 0 }, make("summary", {}, make("h3", {}, head)),
      table(["Index", "Id", "Outcome", "Reason"], rows.slice(0, MOST_ITEMS), { label: "Items" }));
    if (rows.length > MOST_ITEMS) details.append(make("p", { className: "soft" }, `The first ${MOST_ITEMS} of ${rows.length} are shown.`));
    return details;
  }

  attempts(call, attempts, repeats) {
    if (!call.chain) return null;
    const rows = attempts.map((row, place) => {
      const asked = place ? Number(attempts[place - 1].retryAfter) || 0 : 0;
      const waited = row.waited === undefined ? "" : duration(row.waited);
      const early = asked && Math.max(row.waited, row.waitedSandbox) < asked;
      return [make("a", { href: app.link({ call: row.seq }), "aria-current": row.seq === call.seq ? "true" : null }, `No. ${row.seq}`),
        chip(statusText(row), tone(row)), row.retryAfter ? `${row.retryAfter} s` : "",
        asked ? make("span", {}, `${waited} `, early ? chip("too early", "bad") : chip("waited", "good")) : waited];
    });
    const last = attempts[attempts.length - 1], answered = last.seq === call.seq ? call : last;
    const end = isPartial(answered) ? `It was answered, and ${answered.failedItems} of ${count(answered.items, "item")} failed.`
      : succeeded(last) ? "It succeeded." : "No attempt has succeeded yet.";
    const more = repeats > attempts.length ? ` The same request was made ${repeats} times in all.` : "";
    const chain = button("Show in the journal", () => this.chain(call.chain), { id: "show-chain" });
    const many = attempts.length > 1 || repeats > 1;
    return make("section", { "aria-label": "Attempts" }, make("h3", {}, count(attempts.length, "attempt")),
      attempts.length > 1 ? table(["Call", "Status", "Retry-After", "Waited before"], rows, { label: "Attempts" }) : null,
      make("p", { className: "soft" }, end, more, " "), many ? chain : null);
  }

  about(call) {
    const profile = app.sandbox?.profiles.find((row) => row.profileId === call.profileId);
    const who = profile ? `${profile.profileId}: ${profile.name}, ${profile.countryCode}, ${profile.type}` : call.profileId;
    return make("section", { "aria-label": "Facts" }, make("h3", {}, "Facts"), facts([
      ["Number", call.seq], ["Profile", who], ["Region", call.region], ["Host", `${call.host}${call.tls ? " (TLS)" : ""}`],
      ["Attributed by", call.via], ["Connection", call.connection], ["Token", call.token && `${call.token}, ${call.tokenState}`],
      ["Client", call.clientId], ["Sent", bytes(call.requestBytes)], ["Received", bytes(call.replyBytes)],
      ["Changed something", call.committed ? "yes" : "no"], ["Retry-After", call.retryAfter && `${call.retryAfter} s`],
      ["Request id", call.requestId], ["Ended", call.ended],
    ]));
  }

  sides(call) {
    if (app.state && app.state.journal.mode !== "full" && !Object.keys(call.headers).length) {
      const record = button("Record headers and bodies from now on", app.guarded(async () => {
        await app.ask("/journal", "PUT", { mode: "full" });
        record.replaceWith(make("p", { className: "good", role: "status" }, "The next calls are recorded with headers and bodies."));
      }), { id: "record-full" });
      return [make("section", { "aria-label": "Not recorded" },
        make("p", {}, `The journal's mode is ${app.state.journal.mode}: headers and bodies of this call were not recorded.`), record)];
    }
    return [side("Request", call.headers, call.request, call.requestBytes), side("Reply", call.replyHeaders ?? {}, call.reply, call.replyBytes)];
  }
}

function side(name, headers, content, size) {
  const rows = Object.entries(headers).map(([header, value]) => [header, make("code", {}, value)]);
  const has = content !== null && content !== undefined;
  return make("section", { "aria-label": name }, make("h3", {}, name),
    rows.length ? table(["Header", "Value"], rows, { label: `Headers of the ${name.toLowerCase()}` }) : null,
    has ? body("Body", content) : make("p", { className: "soft" }, size ? `A body of ${bytes(size)}, which the journal does not keep.` : "No body."));
}

export function body(name, value, unfolded = true) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const shown = make("pre", { tabIndex: 0, "aria-label": name }, text.slice(0, LONGEST));
  const take = button("Copy", () => copy(text, take));
  const head = make("summary", {}, `${name}, ${bytes(text.length)}`);
  const all = text.length > LONGEST && button("Show the whole body", () => { shown.textContent = text; all.remove(); });
  return make("details", { open: unfolded && text.length < 4000 }, head, make("div", { className: "row" }, take, all), shown);
}

// Bars from the arrival to the last byte.
function timeLine(call) {
  if (!call.tEnd) return make("p", { className: "soft" }, `Arrived at ${moment(call.cArrive)}; ${call.ended === "open" ? "it has not ended" : "it was answered in process, so nothing was timed"}.`);
  const whole = Math.max(call.tEnd - call.tArrive, 1e-9), sent = call.tSend || call.tEnd;
  const parts = [["Mock worked and waited", sent - call.tArrive, "work"], ["Reply was sent", call.tEnd - sent, "send"]];
  const bars = parts.map(([name, seconds, kind]) => {
    const bar = make("span", { className: `bar ${kind}` });
    bar.style.width = `${Math.max(0.5, (seconds / whole) * 100)}%`;
    return make("li", {}, make("span", { className: "bar-name" }, `${name}: ${duration(seconds)}`), make("span", { className: "track" }, bar));
  });
  return make("section", { "aria-label": "Time line" }, make("h3", {}, `${duration(whole)} in all`), make("ol", { className: "bars" }, bars),
    facts([["Arrived", `${moment(call.cArrive)} (sandbox time)`], ["Ended", call.cEnd ? `${moment(call.cEnd)} (sandbox time)` : ""],
      ["Event loop was behind by", call.lagMs > 1 ? duration(call.lagMs / 1000) : ""]]));
}
