// The parts of the page, in the order of their tabs.
//
// A part is a module with `id`, `title` and `mount(root)`. `mount` is called when its tab is first
// opened; it fills `root` and listens to `app` events: "sandbox" (another one is chosen), "state",
// "rows" and "show" (detail: the id of the tab that is opened).
import * as clock from "./clock.js";
import * as connect from "./connect.js";
import * as entities from "./entities.js";
import * as faults from "./faults.js";
import * as jobs from "./jobs.js";
import * as journal from "./journal.js";
import * as orphans from "./orphans.js";
import * as quotas from "./quotas.js";
import * as runs from "./runs.js";
import * as snapshots from "./snapshots.js";

export const PANELS = [journal, connect, faults, clock, quotas, entities, jobs, snapshots, orphans, runs];
