"""Start the copies of one generator process."""

from __future__ import annotations

from adsmock.harness.suite.drivers.command import trust_variables
from adsmock.harness.suite.drivers.line_process import LineProcess
from adsmock.loadtests.plan import Program
from adsmock.loadtests.program.adapter import AdapterCopy
from adsmock.loadtests.program.command import CommandCopy
from adsmock.loadtests.program.copies import Copy, CopyPool, Event
from adsmock.loadtests.shared_state import SharedState


def pool_for(program: Program, shared: SharedState, index: int) -> CopyPool:
    """Return the pool of the ``index``-th generator process."""
    plan = shared.plan
    access, trust = plan.access, trust_variables(plan.access)

    def note(event: Event, reason: str) -> None:
        shared.counters.add("copy", event)
        if reason:
            shared.counters.add("death", reason)

    def copy() -> Copy:
        if program.kind == "adapter":
            return AdapterCopy(lambda: LineProcess(program.command, trust), access, note)
        places = (plan.control, plan.sandbox)
        return CommandCopy(program.command, access, places, note)

    tasks = program.tasks if program.kind == "adapter" else 1
    copies = [copy() for _each in range(program.share(index, plan.workers))]
    return CopyPool(copies, tasks, shared.clock.now, note)
