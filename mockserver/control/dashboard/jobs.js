// Exports and reports: see, complete, fail, stop, expire.
import { app } from "./app.js";
import { button, chip, field, make, table } from "./element.js";
import { count, stamp } from "./format.js";

export const id = "jobs";
export const title = "Jobs";

const MOST = 200;
const TONES = { running: "", failed: "bad", completed: "good", complete: "good", expired: "warn" };

export function mount(root) {
  const stage = make("select", { id: "job-stage" }, [["", "every stage"], ["running", "running"], ["ended", "ended"]].map(([value, text]) => new Option(text, value)));
  const list = make("div", {});
  let jobs = [], timer = 0;
  stage.addEventListener("input", () => draw());
  root.append(make("div", { className: "row end" }, field("Stage", stage), button("Reload", () => load(), { id: "reload-jobs" })), list);

  const load = async () => {
    if (!app.chosen || root.hidden) return;
    try {
      ({ jobs } = await app.ask("/jobs"));
      draw();
    } catch (error) {
      app.warn(error.message);
    }
  };
  const act = (job, verb, text, body) => button(text, app.guarded(async () => {
    await app.ask(`/jobs/${encodeURIComponent(job.jobId)}/${verb}`, "POST", body);
    await load();
  }), { "aria-label": `${text} ${job.jobId}`, "data-act": `${verb} ${job.jobId}` });

  function actions(job) {
    if (job.stage === "running") return [act(job, "complete", "Complete"), act(job, "fail", "Fail"), job.isStuck ? null : act(job, "stick", "Never end")];
    return [act(job, "expire-url", "Expire URLs")];
  }

  function draw() {
    const focused = document.activeElement?.dataset?.act;
    const found = jobs.filter((job) => !stage.value || (stage.value === "running") === (job.stage === "running")).reverse();
    list.replaceChildren(make("p", { className: "soft", id: "job-count" }, found.length ? count(found.length, "job") : "No job."));
    if (found.length) {
      list.append(table(["Job", "Kind", "Stage", "Profile", "Created", "Due or ended", "Error", ""], found.slice(0, MOST).map((job) => [
        make("code", { className: "wrap" }, job.jobId), job.kind, chip(job.isStuck ? `${job.stage}, never ends` : job.stage, TONES[job.stage]), job.profileId,
        stamp(job.created), job.isStuck ? "" : stamp(job.ended ?? job.due), job.error ?? "", make("span", { className: "row" }, actions(job))]), { label: "Jobs, newest first" }));
    }
    if (found.length > MOST) list.append(make("p", { className: "soft" }, `The newest ${MOST} are shown.`));
    if (focused) [...list.querySelectorAll("button")].find((each) => each.dataset.act === focused)?.focus();
  }

  // Stages follow the sandbox's time, so a list with running jobs is read again while it is in view.
  setInterval(() => { if (!root.hidden && !document.hidden && !app.stale && jobs.some((job) => job.stage === "running")) load(); }, 2000);
  app.when("sandboxes", () => { clearTimeout(timer); timer = setTimeout(() => { if (app.sandboxes.get(app.chosen)?.jobs !== jobs.length) load(); }, 200); });
  app.when("sandbox", () => { jobs = []; draw(); load(); });
  app.when("show", (shown) => { if (shown === id) load(); });
  draw();
}
