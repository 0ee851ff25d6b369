"""What single parts cost, measured in this process: a sandbox, and the parts of a call."""

from __future__ import annotations

import gc
import time
import tracemalloc
from dataclasses import dataclass
from statistics import median

from adsmock.mockserver.app import Settings, build_runtime
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.metrics import Metrics
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox
from tests.bench.inprocess import InProcessServer
from tests.bench.load import create_body

CALLS = 150
ROUNDS = 15


@dataclass(frozen=True)
class SandboxCost:
    """Milliseconds and kilobytes of one new sandbox."""

    milliseconds: float
    kilobytes: float


def measure_sandbox(number: int = 200) -> SandboxCost:
    runtime = build_runtime(Settings(), "", None)
    times = []
    for index in range(number):
        begun = monotonic()
        make_sandbox(runtime.sandboxes, runtime.contract_set, SandboxRequest(id=f"timed-{index}"))
        times.append(monotonic() - begun)
    gc.collect()
    tracemalloc.start()
    for index in range(number):
        make_sandbox(runtime.sandboxes, runtime.contract_set, SandboxRequest(id=f"weighed-{index}"))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return SandboxCost(median(times) * 1e3, size / number / 1024)


class _Uncounted(Metrics):
    def called(self, region: str, operation: str, status: int, seconds: float) -> None:
        """Count nothing."""


def measure_call() -> tuple[float, float]:
    """Return microseconds of create10 in the pipeline, with and without its accounting.

    Accounting is journal (lean), quotas and metrics. Both variants take turns; the least of the
    rounds counts, because whatever disturbs a round only ever adds to it.
    """
    full, none = _variant(accounted=True), _variant(accounted=False)
    with_it, without = [], []
    for number in range(ROUNDS):
        with_it.append(full(number))
        without.append(none(number))
    return min(with_it) * 1e6, min(without) * 1e6


def _variant(*, accounted: bool):
    mock = InProcessServer(journal="lean" if accounted else "off")
    if not accounted:
        mock.sandbox.throttle.quotas.clear()
        mock.runtime.metrics = _Uncounted()

    def run(number: int) -> float:
        mock.sandbox.store.drop()
        bodies = [create_body(f"r{number}", each) for each in range(CALLS)]
        begun = time.process_time()  # what others do on this machine must not count
        for body in bodies:
            mock.post("/sp/campaigns", body)
        return (time.process_time() - begun) / CALLS

    return run
