// Scenarios: what each changes, which are applied, and the way back.
import { app } from "./app.js";
import { ask } from "./api.js";
import { button, chip, facts, field, make, refill } from "./element.js";
import { count, stamp } from "./format.js";

const percent = (share) => `${Math.round(share * 100)} %`;
const pairs = (values) => Object.entries(values).map(([name, value]) => `${name}: ${value}`).join(", ");

// What a scenario changes, as the parts of the sandbox.
function changes(row) {
  const windows = row.loadWindows.map((each) => `${each.region} ${percent(each.share ?? 1)} left, ${each.from} to ${each.until}`);
  return facts([
    ["Fault rules", row.faults.join(", ")],
    ["Quota left", Object.entries(row.pressure).map(([region, share]) => `${region} ${percent(share)}`).join(", ")],
    ["Load of others", windows.length > 4 ? `${windows.slice(0, 4).join("; ")}; ${count(windows.length - 4, "more period")}` : windows.join("; ")],
    ["Shut-off dates", pairs(row.shutOff)], ["Switches", pairs(row.choices)], ["Lasts", row.lasts],
  ]);
}

export async function buildScenarios(root) {
  const { scenarios } = await ask("/scenarios");
  const select = make("select", { id: "scenario" }, scenarios.map((row) => new Option(row.title, row.name)));
  const over = make("input", { id: "scenario-over", placeholder: "PT10M", size: 10 });
  const overField = field("Duration", over);
  const about = make("div", { className: "about" }), applied = make("div", { id: "applied" });
  const chosen = () => scenarios.find((row) => row.name === select.value);
  const describe = () => {
    const row = chosen();
    overField.hidden = !row.lasts;
    over.value = "";
    over.placeholder = row.lasts ?? "";
    about.replaceChildren(make("p", {}, row.describes), changes(row));
  };
  select.addEventListener("change", describe);
  const apply = button("Apply", app.guarded(() => app.ask("/scenario", "POST",
    { name: select.value, ...(over.value && !overField.hidden ? { over: over.value } : {}) })), { id: "apply-scenario", className: "main" });
  const undo = button("Back to normal", app.guarded(() => app.ask("/scenario", "DELETE")), { id: "undo-scenarios" });
  root.append(make("div", { className: "row end" }, field("Scenario", select), overField, apply, undo), about, applied);

  function draw() {
    const found = app.state?.scenarios ?? [];
    undo.disabled = !found.length;
    refill(applied, found.length ? make("h3", {}, "Applied") : null, found.map((each) => {
      const row = scenarios.find((known) => known.name === each.name);
      const states = app.state.faults.filter((rule) => row?.faults.includes(rule.id)).map((rule) => rule.state);
      const state = ["active", "pending", "over"].find((name) => states.includes(name));
      const now = Date.parse(app.state.clock.now), windows = row?.loadWindows.length ? app.state.throttle.loadWindows : [];
      const on = windows.filter((window) => Date.parse(window.from) <= now && now < Date.parse(window.until));
      const load = windows.length ? ` ${on.length} of ${count(windows.length, "period")} of load by others now.` : "";
      return make("div", { className: "applied" },
        make("p", {}, make("strong", {}, row?.title ?? each.name), ` since ${stamp(each.applied)} `, state ? chip(state, state === "active" ? "warn" : "") : null,
          each.over && row?.lasts !== each.over ? ` over ${each.over}` : "", load), row ? changes(row) : null);
    }));
  }
  app.when("state", draw);
  app.when("sandbox", draw);
  describe();
  draw();
}
