"""The exporter: downloads the campaign structure as a file."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from adsmock.harness.volume.feature import Step
from adsmock.harness.volume.plan import BEST
from adsmock.loadtests.roles.role import Caller, JobRequest, Role, Task, TurnResult
from adsmock.loadtests.work_queue import Target, WorkQueue

SECONDS = 5.0
"""Duration of an export in a rehearsal: a long wait does not fit into a compressed event."""

REQUEST = JobRequest(
    create="exports.campaigns.create",
    poll="exports.get",
    identity="exportId",
    body={"adProductFilter": ["SPONSORED_PRODUCTS"]},
    fetch=lambda client, profile: client.export("campaigns", profile),
)


def work(queue: WorkQueue, caller: Caller, most: int) -> TurnResult:
    """Create or poll the export; its file completes every waiting item."""
    has_arrived = caller.fetch(REQUEST, queue)
    batch = queue.take(most) if has_arrived else []
    return TurnResult(batch, ["done"] * len(batch))


def task(target: Target, _numbers: Sequence[int]) -> Task:
    """Return the export as a task."""
    args = {"kind": "campaigns", "profile": target.profile_id, "filter": REQUEST.body}
    return Task("export", args)


ROLE = Role(
    name="exporter",
    title="exporter",
    rate=0.05,
    gather=10.0,
    job=SECONDS,
    work=work,
    task=task,
    steps=(Step("structure", resource="sp.campaigns", count="campaigns", export="campaigns"),),
    pattern=replace(BEST, structure="exports"),
)
