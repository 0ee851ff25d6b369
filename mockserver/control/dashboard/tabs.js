// The tabs of the chosen sandbox; the address names the open one.
import { app } from "./app.js";
import { make } from "./element.js";
import { PANELS } from "./panels.js";

const mounted = new Map();

function select(id) {
  for (const panel of PANELS) {
    const tab = document.getElementById(`tab-${panel.id}`);
    const root = document.getElementById(`panel-${panel.id}`);
    const open = panel.id === id;
    tab.setAttribute("aria-selected", String(open));
    tab.tabIndex = open ? 0 : -1;
    root.hidden = !open;
    if (open && !mounted.has(id)) mounted.set(id, panel.mount(root) ?? true);
  }
  app.panel = id;
  app.tell("show", id);
}

export const opened = () => {
  const wanted = app.place.get("panel");
  return PANELS.some((panel) => panel.id === wanted) ? wanted : PANELS[0].id;
};

export function buildTabs() {
  const list = document.getElementById("tabs");
  const panels = document.getElementById("panels");
  list.append(...PANELS.map((panel) => make("button", {
    type: "button", role: "tab", id: `tab-${panel.id}`, "aria-controls": `panel-${panel.id}`,
    onclick: () => app.go({ panel: panel.id, call: null }),
  }, panel.title)));
  panels.append(...PANELS.map((panel) => make("section", {
    role: "tabpanel", id: `panel-${panel.id}`, "aria-labelledby": `tab-${panel.id}`, hidden: true,
  })));
  list.addEventListener("keydown", (event) => {
    const tabs = [...list.children], place = tabs.indexOf(document.activeElement);
    const aim = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: -1 }[event.key];
    if (aim === undefined || place < 0) return;
    event.preventDefault();
    const next = tabs.at(aim % tabs.length);
    next.click();
    next.focus();
  });
}

export function showTab() {
  if (app.panel !== opened()) select(opened());
}
