// The filters of the journal, and the same filters as a query of the control plane.
import { choice, field, make } from "./element.js";
import { FIRST_ERROR, isBroken, isPartial } from "./format.js";

const STATUSES = [
  ["", "any status"], ["2xx", "2xx"], ["partial", "207 with failures"], ["4xx", "4xx"],
  ["429", "429"], ["5xx", "5xx"], ["broken", "broken connection"], ["failed", "all that failed"],
];

function hasStatus(row, wanted) {
  if (wanted === "partial") return isPartial(row);
  if (wanted === "broken") return isBroken(row);
  if (wanted === "failed") return row.status >= FIRST_ERROR || isBroken(row) || isPartial(row);
  if (wanted.endsWith("xx")) return String(row.status)[0] === wanted[0];
  return row.status === Number(wanted);
}

const textOf = (row) => [row.seq, row.method, row.path, row.operation, row.region, row.profileId,
  row.chain, row.status, row.fault, row.refusal, row.ended].join(" ").toLowerCase();

export class Filters {
  constructor(changed) {
    this.controls = {
      search: make("input", { type: "search", placeholder: "any text" }),
      operation: make("input", { type: "search", placeholder: "sp.*.create", list: "operations", autocomplete: "off" }),
      status: choice(STATUSES),
      region: choice([["", "any region"], ["NA", "NA"], ["EU", "EU"], ["FE", "FE"]]),
      profileId: choice([["", "any profile"]]),
      fault: choice([["", "with or without"], ["*", "with any fault"]]),
      chain: make("input", { type: "search", placeholder: "id of a chain", size: 18 }),
    };
    this.seen = make("datalist", { id: "operations" });
    const { search, operation, status, region, profileId, fault, chain } = this.controls;
    const more = make("details", {}, make("summary", {}, "More filters"),
      make("div", { className: "row" }, field("Profile", profileId), field("Fault", fault), field("Chain", chain)));
    this.more = more;
    this.node = make("form", { className: "filters", role: "search", "aria-label": "Filter calls" },
      make("div", { className: "row" }, field("Search", search), field("Operation", operation),
        field("Status", status), field("Region", region), this.seen), more);
    this.node.addEventListener("input", changed);
    this.node.addEventListener("submit", (event) => event.preventDefault());
  }

  value(name) { return this.controls[name].value.trim(); }

  get isActive() { return Object.keys(this.controls).some((name) => this.value(name)); }

  clear() {
    Object.values(this.controls).forEach((control) => { control.value = ""; });
  }

  set(name, value) {
    const control = this.controls[name];
    if (control.tagName === "SELECT" && ![...control.options].some((each) => each.value === value)) {
      control.append(new Option(value, value));
    }
    control.value = value;
    if (this.more.contains(control)) this.more.open = true;
  }

  offer(rows) {
    this.seen.replaceChildren(...rows.values("operation").map((value) => new Option(value)));
    this.refill("profileId", rows.values("profileId"), 1);
    this.refill("fault", rows.values("fault"), 2);
  }

  refill(name, values, fixed) {
    const control = this.controls[name], known = [...control.options].slice(fixed).map((each) => each.value);
    if (known.join("\n") === values.join("\n") || document.activeElement === control) return;
    const kept = control.value, isOpen = this.more.open;
    while (control.options.length > fixed) control.remove(fixed);
    control.append(...values.map((value) => new Option(value, value)));
    this.set(name, kept);
    this.more.open = isOpen;
  }

  // A predicate for rows, null if every row passes.
  predicate() {
    if (!this.isActive) return null;
    const words = this.value("search").toLowerCase().split(/\s+/).filter(Boolean);
    const operation = glob(this.value("operation"));
    const [status, region, profile, fault, chain] = ["status", "region", "profileId", "fault", "chain"].map((name) => this.value(name));
    return (row) => (!status || hasStatus(row, status)) && (!region || row.region === region)
      && (!profile || row.profileId === profile) && (!chain || row.chain === chain)
      && (!fault || (fault === "*" ? Boolean(row.fault) : row.fault === fault))
      && (!operation || operation.test(row.operation ?? ""))
      && (!words.length || ((text) => words.every((word) => text.includes(word)))(textOf(row)));
  }

  // The query of the journal that selects the same calls, as far as the mock knows these filters.
  query() {
    const query = new URLSearchParams();
    for (const name of ["region", "profileId", "fault", "chain"]) {
      if (this.value(name)) query.set(name, this.value(name) === "*" ? "?*" : this.value(name));
    }
    const operation = this.value("operation");
    if (operation) query.set("operation", /[*?[]/.test(operation) ? operation : `*${operation}*`);
    if (/^[1-5](xx|\d\d)$/.test(this.value("status"))) query.set("status", this.value("status"));
    return query;
  }
}

function glob(text) {
  if (!text) return null;
  if (!/[*?]/.test(text)) return { test: (value) => value.toLowerCase().includes(text.toLowerCase()) };
  const pattern = text.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
  return new RegExp(`^${pattern}$`);
}
