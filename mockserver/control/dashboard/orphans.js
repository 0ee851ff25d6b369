// Calls that belong to no sandbox: wrong credentials, wrong hosts.
import { app } from "./app.js";
import { ask } from "./api.js";
import { body } from "./call.js";
import { button, chip, make } from "./element.js";
import { clockTime, count, statusText, tone } from "./format.js";

export const id = "orphans";
export const title = "Orphans";

const MOST = 200;
const PERIOD = 2_000;

export function mount(root) {
  const list = make("div", { className: "orphans" }), counted = make("p", { className: "soft", id: "orphan-count" });
  const clear = button("Clear orphans", app.guarded(async () => { await ask("/journal/orphans", "DELETE"); rows = []; draw(); }), { id: "clear-orphans" });
  let rows = [], cursor = 0, busy = false;
  root.append(make("p", { className: "soft" }, "Calls that no sandbox owns: their credentials, profile or host are of none. A program that lands here is misconfigured."),
    make("div", { className: "row" }, clear, counted), list);

  async function read() {
    if (root.hidden || document.hidden || busy || app.stale) return;
    busy = true;
    try {
      const page = await ask(`/journal/orphans?cursor=${cursor}&limit=1000`);
      cursor = page.next;
      if (page.entries.length) { rows = [...rows, ...page.entries].slice(-MOST); draw(); }
    } catch (error) {
      app.warn(error.message);
    } finally {
      busy = false;
    }
  }

  function draw() {
    counted.textContent = rows.length ? `${count(rows.length, "call")}, newest first; at most ${MOST} are shown.` : "No orphan.";
    list.replaceChildren(...[...rows].reverse().map((row) => make("details", {},
      make("summary", {}, chip(statusText(row), tone(row)), ` ${clockTime(row.cArrive)} `, make("code", { className: "wrap" }, `${row.method} ${row.host}${row.path}`),
        ` ${row.operation ?? ""} ${row.tokenState === "absent" ? "" : `token ${row.tokenState}`}`), body("Entry", row))));
  }
  setInterval(read, PERIOD);
  app.when("show", (shown) => { if (shown === id) read(); });
  draw();
  read();
}
