// The list of sandboxes: its own scroll, a filter, the last call of each.
import { app } from "./app.js";
import { make } from "./element.js";
import { FIRST_ERROR, count } from "./format.js";

const items = new Map();

function item(row) {
  const link = make("a", { href: `#sandbox=${encodeURIComponent(row.id)}` },
    make("span", { className: "name" }), make("span", { className: "last" }));
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    app.go({ sandbox: row.id, call: null });
  });
  return make("li", {}, link);
}

function lastCall(row) {
  const last = row.lastCall;
  if (!last) return "no call yet";
  return `${last.status || "broken"} ${last.operation ?? `${last.method} ${last.path}`}`;
}

function draw(list, filter, total) {
  const wanted = filter.value.trim().toLowerCase();
  const rows = [...app.sandboxes.values()];
  for (const [id, node] of items) {
    if (!app.sandboxes.has(id)) { node.remove(); items.delete(id); }
  }
  let shown = 0;
  for (const row of rows) {
    let node = items.get(row.id);
    if (!node) { node = item(row); items.set(row.id, node); list.append(node); }
    const link = node.firstChild, text = lastCall(row);
    if (link.firstChild.textContent !== row.id) link.firstChild.textContent = row.id;
    if (link.lastChild.textContent !== text) link.lastChild.textContent = text;
    const status = row.lastCall?.status ?? 200;
    link.lastChild.className = status >= FIRST_ERROR || status === 0 ? "last warn" : "last";
    if (row.id === app.chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    node.hidden = Boolean(wanted) && !`${row.id} ${text}`.toLowerCase().includes(wanted);
    shown += node.hidden ? 0 : 1;
  }
  total.textContent = wanted ? `${shown} of ${count(rows.length, "sandbox", "sandboxes")}` : count(rows.length, "sandbox", "sandboxes");
}

export function buildSandboxes() {
  const list = make("ul", {}), total = make("p", { className: "soft" });
  const filter = make("input", { type: "search", id: "sandbox-filter", placeholder: "Filter", "aria-label": "Filter sandboxes" });
  const redraw = () => draw(list, filter, total);
  filter.addEventListener("input", redraw);
  document.getElementById("sandboxes").append(
    make("h2", { id: "sandboxes-title" }, "Sandboxes"), filter, total, list);
  app.when("sandboxes", redraw);
  app.when("sandbox", () => {
    redraw();
    // Not scrollIntoView: the Tab key would start from there, beyond the link that skips this list.
    const node = items.get(app.chosen);
    if (node) list.scrollTop = Math.min(Math.max(list.scrollTop, node.offsetTop - list.offsetTop + node.offsetHeight - list.clientHeight), node.offsetTop - list.offsetTop);
  });
}
