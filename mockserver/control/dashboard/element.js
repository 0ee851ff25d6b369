// Elements without markup: texts never become HTML.

export function make(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && name !== "list" && !name.startsWith("aria")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const button = (text, onclick, more = {}) =>
  make("button", { type: "button", onclick, ...more }, text);

export function field(label, control, more = {}) {
  return make("label", { className: "field", ...more }, make("span", {}, label), control);
}

export function choice(values, more = {}) {
  return make("select", more, values.map(([value, text]) => new Option(text, value)));
}

// A chip with a tone: good, warn, bad or plain. The text carries the meaning, the color repeats it.
export const chip = (text, tone = "") => make("span", { className: `chip ${tone}` }, String(text));

export const facts = (rows) =>
  make("dl", { className: "facts" }, rows.filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));

export function table(heads, rows, more = {}) {
  return make("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": more.label },
    make("table", {},
      make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, rows.map((cells) => make("tr", {}, cells.map((cell, place) =>
        make("td", { "data-head": heads[place] }, cell ?? "")))))));
}

// Replace the children of a node, unless the user is working in one of them.
export function refill(node, ...children) {
  if (node.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return;
  node.replaceChildren(...children.flat().filter(Boolean));
}

export async function copy(text, trigger) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { value: text, className: "hear" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    trigger?.focus();
  }
  if (!trigger) return;
  const before = trigger.textContent;
  trigger.textContent = "Copied";
  setTimeout(() => { trigger.textContent = before; }, 1200);
}

export function download(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
