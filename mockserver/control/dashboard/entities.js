// Entities: browse, search, open by link.
import { app } from "./app.js";
import { body } from "./call.js";
import { button, chip, copy, field, make, table } from "./element.js";
import { count, stamp } from "./format.js";

export const id = "entities";
export const title = "Entities";

const PAGE = 50;

export function mount(root) {
  const resource = make("select", { id: "entity-resource" }, new Option("every resource", ""));
  const profile = make("select", { id: "entity-profile" }, new Option("every profile", ""));
  const search = make("input", { type: "search", id: "entity-search", placeholder: "id, name or any text" });
  const list = make("div", {}), one = make("article", { tabIndex: -1, className: "entity", hidden: true, "aria-label": "Entity" });
  let offset = 0, timer = 0, run = 0;
  const again = () => { offset = 0; clearTimeout(timer); timer = setTimeout(load, 200); };
  [resource, profile, search].forEach((node) => node.addEventListener("input", again));
  const reload = button("Reload", () => load(), { id: "reload-entities" });
  root.append(make("div", { className: "row end" }, field("Resource", resource), field("Profile", profile), field("Search", search), reload), one, list);

  const nameOf = (row) => row.entity.name ?? row.entity.keywordText ?? row.entity.asin ?? "";
  const link = (entity, text) => make("a", { href: app.link({ panel: "entities", entity, call: null }) }, text);

  const load = app.guarded(async () => {
    if (!app.chosen) return;
    const mine = ++run;
    const query = new URLSearchParams({ offset, limit: PAGE });
    for (const [name, node] of [["resource", resource], ["profileId", profile], ["search", search]]) if (node.value.trim()) query.set(name, node.value.trim());
    const found = await app.ask(`/entities?${query}`);
    if (mine !== run) return;
    const kept = resource.value;
    resource.replaceChildren(new Option("every resource", ""), ...Object.entries(found.resources).map(([name, number]) => new Option(`${name} (${number})`, name)));
    resource.value = kept;
    const turn = (text, to, disabled) => button(text, () => { offset = to; load(); }, { disabled });
    const last = Math.min(offset + PAGE, found.total);
    list.replaceChildren(make("div", { className: "row" }, make("p", { className: "soft", id: "entity-count", role: "status" }, found.total ? `${offset + 1} to ${last} of ${count(found.total, "entity", "entities")}` : "No entity."),
      turn("Newer", Math.max(0, offset - PAGE), offset === 0), turn("Older", offset + PAGE, last >= found.total)),
    table(["Id", "Resource", "Name", "State", "Profile", "Updated (sandbox time)"], found.entities.map((row) => [link(row.id, row.id), row.resource, nameOf(row), chip(row.state, row.state === "ENABLED" ? "good" : ""), row.profileId, stamp(row.updated)]), { label: "Entities" }));
  });

  const open = app.guarded(async () => {
    const wanted = app.place.get("entity");
    one.hidden = !wanted || app.place.get("panel") !== id;
    if (one.hidden || !app.chosen) return;
    const found = (await app.ask(`/entities?${new URLSearchParams({ search: wanted, limit: 1000 })}`)).entities;
    const row = found.find((each) => each.id === wanted);
    const children = found.filter((each) => each.parents.includes(wanted));
    const share = button("Copy link", () => copy(location.href, share));
    one.replaceChildren(make("div", { className: "row" }, make("h2", {}, row ? `${row.resource} ${row.id}` : `No entity has the id ${wanted}`), share,
      button("Close", () => app.go({ entity: null }))),
    ...(row ? [make("p", {}, chip(row.state, row.state === "ENABLED" ? "good" : ""), ` profile ${row.profileId}, created ${stamp(row.created)}, updated ${stamp(row.updated)}`),
      row.parents.length ? make("p", {}, "Below ", row.parents.map((each) => [link(each, each), " "]).flat()) : null,
      children.length ? make("p", {}, `${count(children.length, "entity", "entities")} below: `, children.slice(0, 20).map((each) => [link(each.id, `${each.resource} ${each.id}`), " "]).flat(), children.length > 20 ? "…" : "") : null,
      body("Entity", row.entity)] : []).filter(Boolean));
    one.focus({ preventScroll: true });
  });

  function profiles() {
    const kept = profile.value;
    profile.replaceChildren(new Option("every profile", ""), ...(app.sandbox?.profiles ?? []).map((row) => new Option(`${row.profileId} ${row.countryCode} ${row.name}`, row.profileId)));
    profile.value = kept;
  }
  app.when("profiles", profiles);
  app.when("sandbox", () => { if (!root.hidden) { again(); open(); } });
  app.when("show", (shown) => { if (shown === id) load(); });
  app.when("place", () => { if (!root.hidden) open(); });
  profiles();
  open();
}
