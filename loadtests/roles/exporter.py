"""The exporter: the campaign structure as a file. Knows what is asked for."""

from __future__ import annotations

from dataclasses import replace

from adsmock.harness.volume.feature import Step
from adsmock.harness.volume.plan import BEST
from adsmock.loadtests.roles.role import Caller, JobRequest, Role, TurnResult
from adsmock.loadtests.work_queue import WorkQueue

REQUEST = JobRequest(
    create="exports.campaigns.create",
    look="exports.get",
    identity="exportId",
    body={"adProductFilter": ["SPONSORED_PRODUCTS"]},
    order=lambda client, profile: client.export("campaigns", profile),
)


def work(queue: WorkQueue, caller: Caller, most: int) -> TurnResult:
    """Take a step with the export; its file serves everybody who waits."""
    came = caller.fetch(REQUEST, queue)
    batch = queue.take(most) if came else []
    return TurnResult(batch, ["done"] * len(batch))


ROLE = Role(
    name="exporter",
    title="exporter",
    rate=0.05,
    gather=10.0,
    work=work,
    steps=(Step("structure", resource="sp.campaigns", count="campaigns", export="campaigns"),),
    pattern=replace(BEST, structure="exports"),
)
