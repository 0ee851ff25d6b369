// Conformance runs against this mock, with their cases as they finish.
import { app } from "./app.js";
import { ask } from "./api.js";
import { chip, choice, field, make, refill, table } from "./element.js";
import { count } from "./format.js";

export const id = "runs";
export const title = "Runs";

const PERIOD = 1_000;
const SILENCE = 30; // seconds; a living run reports at least every ten
const TONES = { PASS: "good", FAIL: "bad", ERROR: "bad", WARN: "warn", UNPROVEN: "warn", INCONCLUSIVE: "warn" };
const STATUSES = ["ERROR", "FAIL", "INCONCLUSIVE", "UNPROVEN", "WARN", "INFO", "PASS", "N/A"];
const SHOWN = [["", "all cases"], ["open", "not passed"], ["running", "running"], ["ended", "ended"]];
const KEEPS = {
  "": () => true,
  open: (row) => row.status in TONES && row.status !== "PASS",
  running: (row) => row.state === "running",
  ended: (row) => row.state === "ended",
};

export function mount(root) {
  const picked = make("select", { id: "run" }), which = choice(SHOWN, { id: "run-cases" });
  const tools = make("div", { className: "row end" }, field("Run", picked), field("Cases", which));
  const head = make("div", { id: "run-head" }), list = make("div", { id: "run-list" });
  let runs = [], before = "", busy = false;
  root.append(tools, head, list);
  picked.addEventListener("input", () => draw());
  which.addEventListener("input", () => draw());

  async function read() {
    if (root.hidden || document.hidden || busy || app.stale) return;
    busy = true;
    try {
      ({ runs } = await ask("/runs"));
      draw();
    } catch (error) {
      app.warn(error.message);
    } finally {
      busy = false;
    }
  }

  function draw() {
    const wanted = picked.value, names = runs.map((run) => `${run.started.slice(11, 19)} ${run.client}`);
    if (picked.childElementCount !== runs.length || [...picked.options].some((each, place) => each.value !== runs[place].id)) {
      // A run that begins while the last one is shown takes its place; an older one stays chosen.
      const follows = picked.selectedIndex <= 0;
      refill(picked, runs.map((run, place) => new Option(names[place], run.id)));
      if (!follows && runs.some((run) => run.id === wanted)) picked.value = wanted;
    }
    tools.hidden = !runs.length;
    const run = runs.find((each) => each.id === picked.value) ?? runs[0];
    const now = JSON.stringify([run && { ...run, silentSeconds: isSilent(run) && Math.round(run.silentSeconds) }, which.value]);
    if (now === before) return;
    before = now;
    if (run) show(run);
    else {
      head.replaceChildren(make("p", { className: "soft" }, "No conformance run has been played against this mock. Start one in a terminal:"),
        make("pre", {}, `adsmock conform --cmd "python my_integration.py" --server ${location.origin}`));
      list.replaceChildren();
    }
  }

  function show(run) {
    const ended = run.cases.filter((row) => row.state === "ended"), running = run.cases.filter((row) => row.state === "running");
    const done = `${ended.length} of ${count(run.cases.length, "case")} ended${running.length ? `, ${running.length} running` : ""}`;
    head.replaceChildren(
      make("h2", {}, `${run.client} `, state(run)),
      make("p", { className: "soft" }, [`began ${run.started.slice(0, 19).replace("T", " ")} UTC`, run.profile && `profile ${run.profile}`, run.seed !== undefined && `seed ${run.seed}`].filter(Boolean).join(" · ")),
      make("div", { className: "row" }, make("progress", { max: run.cases.length, value: ended.length, "aria-label": "Cases that ended" }), make("span", { id: "run-done" }, done),
        STATUSES.map((status) => [status, ended.filter((row) => row.status === status).length]).filter(([, number]) => number).map(([status, number]) => chip(`${number} ${status}`, TONES[status]))),
      run.note ? make("p", {}, run.note) : "");
    const rows = ordered(run, ended).filter(KEEPS[which.value]), heads = ["Case", "Verdict", "What was found"];
    if (running.length) heads.push("Sandbox");
    list.replaceChildren(rows.length ? table(heads, rows.map((row) => [
      make("span", {}, make("strong", {}, row.case), ` ${row.title ?? ""}`),
      row.status ? chip(row.status, TONES[row.status]) : make("span", { className: row.state === "running" ? "" : "soft" }, row.state),
      row.sentence ?? "",
      row.state === "running" && app.sandboxes.has(row.sandbox) ? make("a", { href: app.link({ sandbox: row.sandbox, panel: "journal" }) }, "its calls") : "",
    ].slice(0, heads.length)), { label: "Cases" }) : make("p", { className: "soft" }, "No such case."));
  }

  setInterval(read, PERIOD);
  app.when("show", (shown) => { if (shown === id) read(); });
  draw();
  read();
}

// While a run lasts: running cases, then those that ended last. Of a whole run: the worst first.
function ordered(run, ended) {
  if (run.state === "ended") return [...run.cases].sort((one, other) => STATUSES.indexOf(one.status) - STATUSES.indexOf(other.status) || one.case.localeCompare(other.case));
  return [...run.cases.filter((row) => row.state === "running"), ...[...ended].reverse(), ...run.cases.filter((row) => row.state === "waiting")];
}

const isSilent = (run) => run.state === "running" && run.silentSeconds > SILENCE;

function state(run) {
  if (isSilent(run)) return chip(`no news for ${Math.round(run.silentSeconds)} s`, "warn");
  if (run.state !== "ended") return chip(run.state, run.state === "stopped" ? "warn" : "");
  return chip(`${run.verdict}, exit code ${run.exitCode}`, { 0: "good", 1: "bad" }[run.exitCode] ?? "warn");
}
