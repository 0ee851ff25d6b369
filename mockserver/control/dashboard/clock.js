// The clock of the sandbox: mode, time, advance, and the deprecation calendar on a time line.
import { app } from "./app.js";
import { ask } from "./api.js";
import { button, chip, field, make, table } from "./element.js";
import { moment, stamp } from "./format.js";
import { sandboxNow } from "./strip.js";

export const id = "clock";
export const title = "Clock";

const STEPS = [["+1 minute", 60], ["+1 hour", 3600], ["+1 day", 86_400], ["+7 days", 604_800]];
const DAY = 86_400;

export function mount(root) {
  const now = make("p", { className: "now", id: "clock-now" });
  const fired = make("p", { id: "fired", "aria-live": "polite" });
  const rate = make("input", { type: "number", min: "0.1", step: "any", value: "60", id: "clock-rate" });
  const time = make("input", { type: "text", id: "clock-time", placeholder: "2026-07-15T00:00:00Z", size: 24 });
  const seconds = make("input", { type: "number", min: "1", id: "clock-seconds", placeholder: "seconds" });
  const line = make("div", {});

  const set = (body) => app.guarded(() => app.ask("/clock", "PUT", body()));
  const mode = () => app.state.clock.mode;
  const withRate = (body) => (body.mode === "scaled" ? { ...body, rate: Number(rate.value) } : body);
  const modes = ["real", "frozen", "scaled"].map((name) => button({ real: "Real time", frozen: "Freeze", scaled: "Scale" }[name],
    set(() => withRate({ mode: name })), { id: `clock-${name}` }));
  const advance = (amount) => app.guarded(async () => {
    const moved = await app.ask("/clock/advance", "POST", { seconds: amount() });
    const events = moved.fired.map((event) => `${event.kind} ${event.id}`);
    const more = events.length > 5 ? ` and ${events.length - 5} more` : "";
    fired.textContent = events.length ? `Happened until then: ${events.slice(0, 5).join("; ")}${more}.` : "Nothing happened until then.";
  });
  root.append(now,
    make("div", { className: "row end" }, modes[0], modes[1], field("Rate", rate), modes[2]),
    make("h2", {}, "Advance"),
    make("div", { className: "row end", role: "group", "aria-label": "Advance the clock" },
      STEPS.map(([name, amount]) => button(name, advance(() => amount), { "data-seconds": amount })),
      field("Seconds", seconds), button("Advance", advance(() => Number(seconds.value)), { id: "advance" })), fired,
    make("h2", {}, "Set"),
    make("div", { className: "row end" }, field("Later time (ISO 8601)", time),
      button("Set time", set(() => withRate({ mode: mode(), now: time.value.trim() })), { id: "set-time" })),
    make("h2", {}, "Deprecation calendar"), line);

  let calendar = [];
  ask("/calendar").then((found) => { calendar = found.shutOffs; drawLine(); }).catch(() => {});

  function entries() {
    const own = Object.entries(app.state?.versions ?? {}).map(([family, date]) =>
      ({ family, title: `All of ${family}, by this sandbox`, shutOff: date, replacement: "" }));
    return [...own, ...calendar].map((row) => ({ ...row, at: Date.parse(row.shutOff) / 1000 })).sort((a, b) => a.at - b.at);
  }

  function drawLine() {
    if (!app.state) return;
    const present = sandboxNow(), rows = entries();
    if (!rows.length) return;
    const from = Math.min(rows[0].at, present) - 30 * DAY, until = Math.max(rows[rows.length - 1].at, present) + 30 * DAY;
    const left = (at) => `${((at - from) / (until - from)) * 100}%`;
    const mark = (at, name) => { const node = make("span", { className: name }); node.style.left = left(at); return node; };
    const track = make("div", { className: "calendar", "aria-hidden": "true" }, rows.map((row) => mark(row.at, row.at <= present ? "dot past" : "dot")), mark(present, "present"));
    const next = rows.findIndex((row) => row.at > present);
    line.replaceChildren(track, make("div", { className: "ends", "aria-hidden": "true" }, make("span", {}, moment(from).slice(0, 10)), make("span", {}, moment(until).slice(0, 10))),
      table(["Shut-off", "State", "What", "Replacement"], rows.map((row, place) => [make("span", { className: "nowrap" }, row.shutOff.slice(0, 10)),
        row.at <= present ? chip("shut off") : place === next ? chip("next", "warn") : chip("to come"), row.title, row.replacement]).reverse(), { label: "Deprecation calendar" }));
  }

  function draw() {
    if (!app.state) return;
    for (const node of modes) node.setAttribute("aria-pressed", String(node.id === `clock-${mode()}`));
    tick();
    drawLine();
  }
  const tick = () => { if (app.state) now.textContent = stamp(new Date(sandboxNow() * 1000).toISOString()); };
  setInterval(tick, 1000);
  let seen = "";
  app.when("state", () => {
    const mark = JSON.stringify([app.chosen, app.state.clock.mode, app.state.clock.rate, app.state.versions, app.state.clock.mode === "frozen" && app.state.clock.now]);
    if (mark !== seen) { seen = mark; draw(); }
  });
  app.when("sandbox", () => { fired.textContent = ""; seen = ""; });
  draw();
}
