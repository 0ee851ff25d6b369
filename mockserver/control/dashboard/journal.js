// The calls of the chosen sandbox: newest first, filtered, paused, exported.
import { app } from "./app.js";
import { hasToken, pathOf, BASE, send } from "./api.js";
import { Inspector } from "./call.js";
import { button, chip, choice, download, make } from "./element.js";
import { Filters } from "./filters.js";
import { clockTime, count, duration, isPartial, statusText, tone } from "./format.js";
import { Grid } from "./grid.js";

export const id = "journal";
export const title = "Journal";

const COLUMNS = [["No.", "no"], ["Status", "status"], ["Operation", "operation"], ["Items", "items"],
  ["Region", "region"], ["Retry", "try"], ["Why", "why"], ["Time", "at"], ["Took", "took"]];

function cells(row) {
  const items = row.items === undefined ? "" : isPartial(row)
    ? chip(`${row.failedItems} of ${row.items} failed`, "warn") : String(row.items);
  const why = row.fault ? chip(`fault ${row.fault}`, "bad") : row.refusal ? chip(row.refusal, "warn") : "";
  return [row.seq, chip(statusText(row), tone(row)), row.operation ?? `${row.method} ${row.path}`, items,
    row.region ?? "", row.try > 1 ? `${row.try}th`.replace(/^(2|3)th/, (_, n) => ({ 2: "2nd", 3: "3rd" })[n]) : "",
    why, clockTime(row.cArrive), row.ms === undefined ? "" : duration(row.ms / 1000)];
}

async function save(format, filters) {
  const query = filters.query();
  query.set("format", format);
  const path = pathOf(app.chosen, `/journal?${query}`), name = `${app.chosen}.${format}`;
  if (!hasToken) { // the browser writes the file as it arrives
    make("a", { href: BASE + path, download: name }).click();
    return;
  }
  download(name, await (await send(path)).blob());
}

export function mount(root) {
  const counted = make("p", { className: "soft", id: "counted" });
  const empty = make("p", { className: "empty-note" });
  let paused = null; // the number of calls that were shown when it was paused

  const grid = new Grid({ label: "Calls, newest first", columns: COLUMNS, cells, open: (seq) => app.go({ call: seq, panel: null }), close: () => app.go({ call: null }) });
  const filters = new Filters(() => refilter());
  const inspector = new Inspector(root, { chain: (chain) => { filters.clear(); filters.set("chain", chain); refilter(); }, neighbor: (seq, step) => grid.neighbor(seq, step) });

  const pause = button("Pause", () => {
    paused = paused === null ? app.rows.last : null;
    pause.setAttribute("aria-pressed", String(paused !== null));
    show();
  }, { id: "pause", "aria-pressed": "false" });
  const clear = button("Clear journal", app.guarded(async () => {
    await app.ask("/journal", "DELETE");
    app.rows.prune(Infinity);
    if (paused !== null) pause.click();
    show();
  }), { id: "clear-journal" });
  const reset = button("Clear filters", () => { filters.clear(); refilter(); filters.node.querySelector("input").focus(); });
  const exports = [["NDJSON", "ndjson"], ["HAR", "har"]].map(([name, format]) =>
    button(`Export ${name}`, app.guarded(() => save(format, filters)), { id: `export-${format}` }));
  const mode = choice([["full", "headers and bodies"], ["lean", "no bodies"], ["off", "nothing"]], { id: "journal-mode" });
  mode.disabled = true; // until a sandbox is known
  mode.addEventListener("input", app.guarded(() => app.ask("/journal", "PUT", { mode: mode.value })));
  const recorded = make("label", { className: "row" }, make("span", { className: "soft" }, "Record"), mode);
  root.className = "journal";
  root.append(make("div", { className: "calls" }, filters.node,
    make("div", { className: "row tools" }, pause, clear, ...exports, recorded, reset, counted), grid.node, empty), inspector.node);

  function shown() {
    if (paused === null) return app.rows.shown;
    return app.rows.shown.filter((row) => row.seq <= paused);
  }

  function show(added = 0) {
    const rows = shown();
    reset.hidden = !filters.isActive;
    grid.show(rows, paused === null ? added : 0);
    const total = app.rows.all.length, waiting = paused === null ? 0 : app.rows.all.filter((row) => row.seq > paused).length;
    pause.textContent = paused === null ? "Pause" : `Resume (${waiting} new)`;
    const text = [filters.isActive ? `${rows.length.toLocaleString("en-US")} of ${count(total, "call")}` : count(total, "call")];
    if (app.rows.dropped) text.push(`${count(app.rows.dropped, "older one")} dropped by the mock`);
    counted.textContent = text.join("; ");
    empty.hidden = rows.length > 0;
    empty.textContent = total ? "No call matches the filters." : "No call yet. The Connect tab has URLs and credentials.";
  }

  function refilter() {
    app.rows.use(filters.predicate());
    grid.node.scrollTop = 0;
    grid.redraw();
    show();
  }

  let planned = 0;
  app.when("rows", (added) => {
    show(added);
    planned ||= setTimeout(() => { planned = 0; filters.offer(app.rows); }, 500);
  });
  app.when("state", () => {
    mode.disabled = false;
    if (document.activeElement !== mode) mode.value = app.state.journal.mode;
    show();
  });
  app.when("sandbox", () => {
    paused = null;
    pause.setAttribute("aria-pressed", "false");
    app.rows.use(filters.predicate());
    grid.redraw();
    show();
  });
  const place = () => {
    const seq = Number(app.place.get("call")) || null;
    grid.selected = seq;
    if (seq !== null) grid.active = seq;
    grid.plan();
    inspector.show(seq);
  };
  app.when("place", place);
  app.when("sandbox", place);
  app.rows.use(filters.predicate());
  show();
  place();
}
