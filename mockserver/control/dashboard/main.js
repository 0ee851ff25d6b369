// Starts the page: its stream, its parts, and what the address names.
import { app } from "./app.js";
import { ask } from "./api.js";
import { Rows } from "./rows.js";
import { Stream } from "./stream.js";
import { buildSandboxes } from "./sandboxes.js";
import { buildStrip } from "./strip.js";
import { buildTabs, showTab } from "./tabs.js";

const connection = document.getElementById("connection");
let since = null;

const take = {
  sandboxes({ changed, removed }) {
    removed.forEach((id) => app.sandboxes.delete(id));
    changed.forEach((row) => app.sandboxes.set(row.id, row));
    app.tell("sandboxes");
    if (app.chosen === null || !app.sandboxes.has(app.chosen)) chooseFirst();
  },
  sandbox(row) {
    if (row.id !== app.chosen) return;
    app.sandbox = row;
    app.tell("profiles");
  },
  state(state) {
    if (state.sandbox !== app.chosen) return;
    app.state = { ...state, read: performance.now() };
    app.rows.dropped = state.journal.dropped;
    if (app.rows.last > state.journal.last) app.rows.prune(Infinity); // another mock has this name now
    app.rows.prune(state.journal.oldest);
    app.tell("state");
  },
  entries({ sandbox, entries }) {
    if (sandbox !== app.chosen) return;
    app.tell("rows", app.rows.add(entries));
  },
};

function status(state, refusal) {
  const gone = state === "gone";
  if (gone && refusal?.status === 404) {
    app.warn(refusal.message);
    choose(null);
    return;
  }
  if (gone && since === null) since = new Date();
  if (!gone) since = null;
  app.stale = gone;
  document.body.classList.toggle("stale", gone);
  const text = gone
    ? `${refusal ? refusal.message : "The mock does not answer"}. What you see is from ${since.toTimeString().slice(0, 8)} or before.`
    : `Live${state === "polled" ? ", by polling: four other pages follow the mock" : ""}`;
  if (connection.textContent !== text) connection.textContent = text;
  connection.className = gone ? "bad" : "good";
}

const stream = new Stream((name, value) => take[name]?.(value), status);

function choose(id) {
  app.chosen = id;
  app.sandbox = app.state = null;
  app.rows = new Rows();
  document.title = id === null ? "adsmock" : `${id} · adsmock`;
  stream.follow(id, () => app.rows.last);
  app.tell("sandbox");
}

function chooseFirst() {
  const wanted = app.place.get("sandbox");
  const first = app.sandboxes.has(wanted) ? wanted : [...app.sandboxes.keys()][0] ?? null;
  if (wanted !== null && first !== wanted) {
    app.warn(`The sandbox "${wanted}" does not exist${first === null ? "" : `: "${first}" is shown`}.`);
    app.go({ sandbox: first, call: null });
  }
  if (first !== app.chosen) choose(first);
}

function follow() {
  const wanted = app.place.get("sandbox");
  if (wanted !== null && wanted !== app.chosen && app.sandboxes.has(wanted)) {
    app.warn("");
    choose(wanted);
  }
  showTab();
  app.tell("place");
}

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the fragment of the address is the place
  document.getElementById("main").focus();
});
buildSandboxes();
buildStrip();
buildTabs();
showTab();
addEventListener("hashchange", follow);
const wanted = app.place.get("sandbox");
if (wanted === null) stream.follow(null, () => 0);
else choose(wanted);
ask("/health").then((health) => { document.getElementById("version").textContent = health.version; }).catch(() => {});
