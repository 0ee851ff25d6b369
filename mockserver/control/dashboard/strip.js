// One line on the chosen sandbox: its time, what is recorded, which faults act.
import { app } from "./app.js";
import { make } from "./element.js";
import { count, moment } from "./format.js";

// The sandbox's time now: the page lets a running clock run.
export function sandboxNow() {
  const { clock, read } = app.state;
  if (clock.mode === "frozen" || app.stale) return clock.nowSeconds;
  return clock.nowSeconds + ((performance.now() - read) / 1000) * (clock.mode === "scaled" ? clock.rate : 1);
}

const MODES = { real: "runs in real time", frozen: "is frozen" };

export function buildStrip() {
  const strip = document.getElementById("strip");
  const name = make("h2", {}), time = make("span", { className: "time" });
  const mode = make("span", { className: "soft" }), faults = make("span", {}), counts = make("span", { className: "soft" });
  strip.append(name, make("p", {}, time, " ", mode), make("p", {}, faults, counts));
  const tick = () => { if (app.state) time.textContent = `${moment(sandboxNow()).slice(0, 19)} UTC`; };
  const draw = () => {
    name.textContent = app.chosen ?? "No sandbox";
    strip.classList.toggle("empty", app.state === null);
    if (!app.state) return;
    const { clock } = app.state;
    mode.textContent = clock.mode === "scaled" ? `runs ${clock.rate} times as fast` : MODES[clock.mode];
    const active = app.state.faults.filter((rule) => rule.state === "active").length;
    faults.textContent = active ? count(active, "active fault rule") : "";
    faults.className = active ? "chip warn" : "";
    const row = app.sandboxes.get(app.chosen);
    counts.textContent = row ? ` ${count(row.entities, "entity", "entities")}, ${count(row.jobs, "job")}` : "";
    tick();
  };
  ["sandbox", "state", "sandboxes"].forEach((event) => app.when(event, draw));
  setInterval(tick, 1000);
}
