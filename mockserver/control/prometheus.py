"""The mock's counters as Prometheus text, collected at each scrape."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from adsmock.mockserver.control.handler.throttle import bucket_rows
from adsmock.mockserver.core.capacity import Capacity
from adsmock.mockserver.core.metrics import BOUNDS, Metrics
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.runtime import Runtime


def exposition(runtime: Runtime) -> tuple[bytes, str]:
    """Return all metrics as text, and its media type."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(runtime))
    return generate_latest(registry), CONTENT_TYPE_LATEST


def metrics(runtime: Runtime) -> Iterator[Metric]:
    """Yield every metric of a mock."""
    return _Collector(runtime).collect()


class _Collector:
    """Reads the counters at every scrape."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def collect(self) -> Iterator[Metric]:
        sandboxes = self._runtime.sandboxes.all()
        yield from _counters(self._runtime.metrics)
        yield _latency(self._runtime.metrics)
        yield from _process(self._runtime.metrics)
        yield from _capacity(self._runtime.sandboxes.capacity)
        yield GaugeMetricFamily("adsmock_sandboxes", "Number of sandboxes.", len(sandboxes))
        yield from _journals(sandboxes, self._runtime)
        yield _jobs(sandboxes)
        yield from _buckets(sandboxes)


def _counters(metrics: Metrics) -> Iterator[Metric]:
    calls = CounterMetricFamily(
        "adsmock_calls", "Calls answered.", labels=("region", "operation", "status")
    )
    for (region, operation, status), count in list(metrics.calls.items()):
        calls.add_metric((region, operation, str(status)), count)
    yield calls
    throttled = CounterMetricFamily(
        "adsmock_throttled", "Calls that a quota refused.", labels=("client", "region", "quota")
    )
    for labels, count in list(metrics.throttled.items()):
        throttled.add_metric(labels, count)
    yield throttled
    faults = CounterMetricFamily(
        "adsmock_faults_met", "Planned faults that took effect.", labels=("kind", "point")
    )
    for kind_and_point, count in list(metrics.faults.items()):
        faults.add_metric(kind_and_point, count)
    yield faults
    yield CounterMetricFamily(
        "adsmock_orphans", "Calls that belong to no sandbox.", metrics.orphans
    )
    yield CounterMetricFamily(
        "adsmock_misdirected", "Calls that belong to another shard.", metrics.misdirected
    )


def _process(metrics: Metrics) -> Iterator[Metric]:
    times = os.times()
    yield CounterMetricFamily(
        "adsmock_cpu_seconds", "CPU time of this process.", times.user + times.system
    )
    yield GaugeMetricFamily(
        "adsmock_loop_lag_worst_seconds", "Longest delay of the event loop.", metrics.worst_lag()
    )


def _capacity(capacity: Capacity) -> Iterator[Metric]:
    yield GaugeMetricFamily("adsmock_connections", "Open connections.", capacity.connections)
    yield GaugeMetricFamily(
        "adsmock_buffered_bytes", "Bytes of unfinished bodies.", capacity.buffered
    )
    refused = CounterMetricFamily(
        "adsmock_refused", "Refusals with 503 at a ceiling of the server.", labels=("ceiling",)
    )
    for ceiling, count in sorted(capacity.refused.items()):
        refused.add_metric((ceiling,), count)
    yield refused


def _latency(metrics: Metrics) -> Metric:
    family = HistogramMetricFamily(
        "adsmock_call_seconds",
        "Seconds from the request's arrival to the reply.",
        labels=("region", "operation"),
    )
    bounds = (*map(str, BOUNDS), "+Inf")
    for labels, histogram in list(metrics.latency.items()):
        sums = accumulate(histogram.counts)
        family.add_metric(labels, list(zip(bounds, sums, strict=True)), histogram.total)
    return family


def _journals(sandboxes: list[Sandbox], runtime: Runtime) -> Iterator[Metric]:
    entries = GaugeMetricFamily(
        "adsmock_journal_entries", "Entries in a journal.", labels=("sandbox",)
    )
    dropped = CounterMetricFamily(
        "adsmock_journal_dropped", "Entries that a full journal dropped.", labels=("sandbox",)
    )
    journals = [(each.id, each.journal) for each in sandboxes]
    for name, journal in [*journals, ("", runtime.sandboxes.orphans)]:
        entries.add_metric((name,), len(journal))
        dropped.add_metric((name,), journal.dropped)
    yield entries
    yield dropped


def _jobs(sandboxes: list[Sandbox]) -> Metric:
    family = GaugeMetricFamily("adsmock_jobs", "Jobs by stage.", labels=("sandbox", "stage"))
    for sandbox in sandboxes:
        now = sandbox.clock.now()
        stages = Counter(job.stage(now) for job in list(sandbox.jobs.values()))
        for stage, count in stages.items():
            family.add_metric((sandbox.id, stage), count)
    return family


def _buckets(sandboxes: list[Sandbox]) -> Iterator[Metric]:
    labels = ("client", "region", "quota")
    level = GaugeMetricFamily(
        "adsmock_bucket_level", "Quota weight that is available now.", labels=labels
    )
    headroom = GaugeMetricFamily(
        "adsmock_bucket_headroom", "Level divided by burst, 0 to 1.", labels=labels
    )
    for sandbox in sandboxes:
        for row in bucket_rows(sandbox):
            names = (row["client"], row["region"], row["quota"])
            level.add_metric(names, row["level"])
            headroom.add_metric(names, row["level"] / row["burst"])
    yield level
    yield headroom
