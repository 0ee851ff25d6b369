// Scenarios and fault rules: what each does and changed, its window, a form to add and edit one.
import { app } from "./app.js";
import { ask } from "./api.js";
import { button, chip, field, make, refill, table } from "./element.js";
import { Fields } from "./form.js";
import { stamp } from "./format.js";
import { buildScenarios } from "./scenarios.js";

export const id = "faults";
export const title = "Faults";

const TONES = { active: "warn", pending: "", over: "" };

function where(match) {
  const parts = [...(match.region ?? []), ...(match.operation ?? [])];
  if (match.profileId && match.profileId !== "*") parts.push(`profile ${match.profileId}`);
  if (match.method && match.method !== "*") parts.push(match.method);
  if (match.path && match.path !== "*") parts.push(match.path);
  if (match.body) parts.push(`body ${JSON.stringify(match.body)}`);
  return parts.join(", ") || "every call";
}

function how(rule) {
  const { probability, skip, times, attempt } = rule.when;
  return [probability < 1 && `${Math.round(probability * 1000) / 10} % of calls`, skip && `after ${skip} calls`,
    times !== null && `at most ${times} times`, attempt && `attempt ${[attempt].flat().join(" to ")}`].filter(Boolean).join(", ");
}

const windowOf = (rule) => [make("span", { className: "nowrap" }, stamp(rule.begins)), " to ",
  make("span", { className: "nowrap" }, rule.ends ? stamp(rule.ends) : "no end")];

class Form {
  constructor(kinds, done) {
    this.kinds = kinds;
    this.done = done;
    this.name = make("input", { type: "text", id: "rule-id", placeholder: "generated", autocomplete: "off" });
    this.priority = make("input", { type: "number", value: "100", id: "rule-priority" });
    this.kind = make("select", { id: "rule-kind" }, kinds.kinds.map((row) => new Option(row.kind, row.kind)));
    this.about = make("p", { className: "soft" });
    this.match = new Fields(kinds.match, "/match", { lists: { operation: "known-operations" } });
    this.when = new Fields(kinds.when, "/when");
    this.effectPlace = make("div", {});
    this.problem = make("p", { className: "bad", role: "alert" });
    this.kind.addEventListener("change", () => this.pick());
    this.node = make("form", { className: "editor", id: "rule-form", hidden: true, "aria-label": "Fault rule" },
      make("h3", {}), make("datalist", { id: "known-operations" }, kinds.operations.map((name) => new Option(name))),
      make("div", { className: "row" }, field("Id", this.name), field("Kind", this.kind), field("Priority", this.priority)),
      this.about, this.effectPlace,
      make("fieldset", {}, make("legend", {}, "Which calls"), this.match.node),
      make("fieldset", {}, make("legend", {}, "When"), this.when.node), this.problem,
      make("div", { className: "row" }, make("button", { type: "submit", className: "main", id: "save-rule" }, "Save rule"),
        button("Cancel", () => this.close())));
    this.node.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    this.node.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
  }

  pick(values = {}) {
    const row = this.kinds.kinds.find((each) => each.kind === this.kind.value);
    this.about.textContent = row.summary.replaceAll("`", "");
    const point = row.points.length > 1 ? { point: { type: "string", enum: row.points, description: "Where on the path it acts." } } : {};
    this.effect = new Fields({ ...point, ...row.settings }, "/effect", { required: row.required });
    this.effect.set(values);
    this.effectPlace.replaceChildren(make("fieldset", {}, make("legend", {}, "What happens"), this.effect.node));
  }

  open(rule = null) {
    this.editing = rule;
    this.node.firstChild.textContent = rule ? `Edit ${rule.id}` : "New fault rule";
    this.name.value = rule?.id ?? "";
    this.name.disabled = Boolean(rule);
    this.priority.value = rule?.priority ?? 100;
    this.kind.value = rule?.effect.kind ?? "http";
    this.pick(rule ? rule.effect : { status: 429 });
    this.match.set(rule?.match);
    const plain = { probability: 1, skip: 0, from: "+PT0S" }; // defaults are left out
    this.when.set(Object.fromEntries(Object.entries(rule?.when ?? {}).filter(([name, value]) => plain[name] !== value)));
    this.ttl = rule?.ttl;
    this.problem.textContent = "";
    this.node.hidden = false;
    (rule ? this.kind : this.name).focus();
  }

  close() {
    this.node.hidden = true;
    document.getElementById("add-rule").focus();
  }

  async save() {
    const body = { priority: Number(this.priority.value), match: this.match.value, when: this.when.value,
      effect: { kind: this.kind.value, ...this.effect.value } };
    if (this.ttl) body.ttl = this.ttl;
    const name = this.name.value.trim();
    try {
      if (name) await app.ask(`/faults/${encodeURIComponent(name)}`, "PUT", body);
      else await app.ask("/faults", "POST", body);
      this.close();
      this.done();
    } catch (error) {
      this.problem.textContent = error.message;
      [this.effect, this.match, this.when].some((fields) => fields.mark(error.pointer ?? ""));
    }
  }
}

export function mount(root) {
  const scenarios = make("div", {}), rules = make("div", { id: "rules" }), place = make("div", {});
  let form = null;
  const clear = button("Delete all rules", app.guarded(() => app.ask("/faults", "DELETE")), { id: "clear-faults" });
  const add = button("Add a rule", app.guarded(async () => {
    await load();
    form.open();
  }), { id: "add-rule" });
  root.append(make("h2", {}, "Scenarios"), scenarios, make("h2", {}, "Fault rules"),
    make("div", { className: "row" }, add, clear), place, rules);
  buildScenarios(scenarios);

  async function load() {
    if (form) return;
    form = new Form(await ask("/fault-kinds"), draw);
    place.append(form.node);
  }

  function draw() {
    const found = app.state?.faults ?? [];
    const focused = document.activeElement?.dataset?.rule;
    clear.disabled = !found.length;
    if (!found.length) {
      refill(rules, make("p", { className: "soft" }, "No fault is planned."));
      if (focused) add.focus();
      return;
    }
    rules.replaceChildren(table(["Rule", "Kind", "State", "Calls", "When", "Window (sandbox time)", "Matched", "Took effect", ""], found.map((rule) => [
      make("strong", {}, rule.id), rule.effect.status ? `${rule.effect.kind} ${rule.effect.status}` : rule.effect.kind,
      chip(rule.state, TONES[rule.state]), where(rule.match), how(rule), make("span", {}, windowOf(rule)), rule.matched, rule.met,
      make("span", { className: "row" },
        button("Edit", app.guarded(async () => { await load(); form.open(rule); }), { "data-rule": `edit ${rule.id}`, "aria-label": `Edit ${rule.id}` }),
        button("Delete", app.guarded(() => app.ask(`/faults/${encodeURIComponent(rule.id)}`, "DELETE")), { "data-rule": `delete ${rule.id}`, "aria-label": `Delete ${rule.id}` })),
    ]), { label: "Fault rules" }));
    if (app.state.faultsTotal > found.length) rules.append(make("p", { className: "soft" }, `The first ${found.length} of ${app.state.faultsTotal} rules are shown.`));
    if (focused) ([...rules.querySelectorAll("button")].find((each) => each.dataset.rule === focused) ?? add).focus();
  }

  app.when("state", draw);
  app.when("sandbox", () => { if (form) form.node.hidden = true; draw(); });
  draw();
}
