// Snapshots of the sandbox: take and restore.
import { app } from "./app.js";
import { bytes, stamp } from "./format.js";
import { button, field, make, table } from "./element.js";

export const id = "snapshots";
export const title = "Snapshots";

export function mount(root) {
  const name = make("input", { type: "text", id: "snapshot-name", placeholder: "before-the-test", autocomplete: "off" });
  const status = make("p", { role: "status", className: "good" }), list = make("div", {});
  let asked = null;
  const form = make("form", { className: "row end" }, field("Name", name), make("button", { type: "submit", className: "main", id: "take-snapshot" }, "Take a snapshot"));
  form.addEventListener("submit", (event) => { event.preventDefault(); take(); });
  root.append(make("p", { className: "soft" }, "A snapshot has the entities, clock, faults, quotas, jobs and tokens of the sandbox, not its journal."), form, status, list);

  const take = app.guarded(async () => {
    const made = await app.ask("/snapshots", "POST", { name: name.value.trim() });
    status.textContent = `Took ${made.name}.`;
    await load();
  });

  const load = app.guarded(async () => {
    if (!app.chosen) return;
    const { snapshots } = await app.ask("/snapshots");
    const rows = snapshots.map((row) => {
      const restore = button(asked === row.name ? "Restore and lose the present state?" : "Restore", app.guarded(async () => {
        if (asked !== row.name) { asked = row.name; await load(); document.getElementById(`restore-${row.name}`)?.focus(); return; }
        asked = null;
        await app.ask(`/snapshots/${encodeURIComponent(row.name)}/restore`, "POST");
        status.textContent = `Restored ${row.name}.`;
        await load();
      }), { id: `restore-${row.name}`, disabled: Boolean(row.problem), "aria-label": `Restore ${row.name}${asked === row.name ? " and lose the present state?" : ""}` });
      return [row.name, stamp(row.now), row.entities ?? "", row.problem ?? bytes(row.bytes), row.sha256 ? make("code", {}, row.sha256.slice(0, 12)) : "", restore];
    });
    list.replaceChildren(rows.length ? table(["Name", "Sandbox time", "Entities", "Size", "Hash", ""], rows, { label: "Snapshots" }) : make("p", { className: "soft" }, "No snapshot yet."));
  });
  app.when("sandbox", () => { asked = null; status.textContent = ""; if (!root.hidden) load(); });
  app.when("show", (shown) => { if (shown === id) load(); });
}
