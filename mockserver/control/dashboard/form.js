// Inputs made from JSON Schemas: one for each member, empty for a member that is left out.
import { choice, make } from "./element.js";

const types = (schema) => [schema.type ?? "any"].flat().filter((type) => type !== "null");

function kindOf(schema) {
  const [first, ...more] = types(schema);
  if (schema.enum) return "choice";
  if (first === "boolean") return "boolean";
  if (first === "array" && !more.length && ["string", "integer"].includes(types(schema.items ?? {})[0])) return "list";
  if (!more.length && ["integer", "number"].includes(first)) return "number";
  if (!more.length && first === "string") return "text";
  return "json";
}

function control(schema, kind, id) {
  const given = { id, "aria-describedby": `${id}-about` };
  if (kind === "choice") return choice([["", "–"], ...schema.enum.map((value) => [value, value])], given);
  if (kind === "boolean") return choice([["", "–"], ["true", "yes"], ["false", "no"]], given);
  if (kind === "number") {
    return make("input", { ...given, type: "number", step: types(schema)[0] === "integer" ? "1" : "any", min: String(schema.minimum ?? ""), max: String(schema.maximum ?? "") });
  }
  return make("input", { ...given, type: "text", placeholder: kind === "list" ? "several with commas" : kind === "json" ? "JSON or text" : "", autocomplete: "off" });
}

function parse(text, kind, schema) {
  if (kind === "boolean") return text === "true";
  if (kind === "number") return Number(text);
  if (kind === "list") {
    const isNumber = types(schema.items)[0] === "integer";
    return text.split(",").map((each) => each.trim()).filter(Boolean).map((each) => (isNumber ? Number(each) : each));
  }
  if (kind !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function written(value, kind) {
  if (value === undefined || value === null) return "";
  if (kind === "list") return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

// Fields for the members of one object; `place` is its JSON Pointer.
export class Fields {
  constructor(schemas, place, { lists = {}, required = [] } = {}) {
    this.place = place;
    this.members = Object.entries(schemas).map(([name, schema]) => {
      const kind = kindOf(schema), id = `field${place.replace(/\W/g, "-")}-${name}`;
      const input = control(schema, kind, id);
      if (lists[name]) input.setAttribute("list", lists[name]);
      return { name, schema, kind, input };
    });
    this.node = make("div", { className: "fields" }, this.members.map(({ name, schema, input }) =>
      make("div", { className: "member" }, make("label", { htmlFor: input.id }, name, required.includes(name) ? " (required)" : ""), input,
        make("small", { id: `${input.id}-about`, className: "soft" }, (schema.description ?? "").replaceAll("`", "")))));
  }

  set(values = {}) {
    for (const { name, kind, input } of this.members) input.value = written(values[name], kind);
  }

  get value() {
    const found = {};
    for (const { name, schema, kind, input } of this.members) {
      if (input.value.trim() !== "") found[name] = parse(input.value.trim(), kind, schema);
    }
    return found;
  }

  // Mark the member that a refusal points to; return whether it is one of these.
  mark(pointer) {
    let found = false;
    for (const { name, input } of this.members) {
      const is = pointer === `${this.place}/${name}` || pointer.startsWith(`${this.place}/${name}/`);
      if (is) { input.setAttribute("aria-invalid", "true"); input.focus(); found = true; } else input.removeAttribute("aria-invalid");
    }
    return found;
  }
}
