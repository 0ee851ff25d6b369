"""The dashboard reader: people who look at their campaigns. One read serves all."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from adsmock.harness.volume.feature import Step
from adsmock.harness.volume.plan import BEST
from adsmock.loadtests.roles.role import Caller, Role, Task, TurnResult
from adsmock.loadtests.work_queue import Target, WorkQueue


def work(queue: WorkQueue, caller: Caller, most: int) -> TurnResult:
    """Read the campaigns once for the whole batch."""
    batch = queue.take(most)
    has_arrived = caller.read("sp.campaigns", queue.target) if batch else False
    return TurnResult(batch, ["done" if has_arrived else "again"] * len(batch))


def task(target: Target, _numbers: Sequence[int]) -> Task:
    """Return the read as one list."""
    return Task("list", {"resource": "sp.campaigns", "profile": target.profile_id})


ROLE = Role(
    name="reader",
    title="dashboard reader",
    rate=0.2,
    gather=4.0,
    work=work,
    task=task,
    steps=(Step("structure", resource="sp.campaigns", count="campaigns"),),
    pattern=replace(BEST, structure="lists"),
)
