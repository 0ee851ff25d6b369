"""A rehearsal in words and as JSON.

Knows how numbers are written down. Must not measure or judge anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from loadtests.threshold import Finding
from loadtests.verdict import Limit, Strain

VERSION = 1
"""Version of the form of ``load.json``."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything there is to say about one rehearsal."""

    settings: dict[str, Any]
    result: dict[str, Any]
    strain: Strain
    measures: dict[str, float]
    limits: list[Limit]
    findings: list[Finding]

    @property
    def holds(self) -> bool:
        """Whether every threshold holds."""
        return all(each.holds for each in self.findings)

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        document = {"version": VERSION, "holds": self.holds} | asdict(self)
        path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def opening(settings: dict[str, Any]) -> Iterator[str]:
    """Say what is about to happen."""
    yield (
        f"{settings['user']} user, {settings['shape']} ({settings['title']}), "
        f"{settings['duration']:g} s, up to {settings['users']} users"
    )
    granted = ", ".join(
        f"{name} {quota['rate']:g}/s (burst {quota['burst']:g})"
        for name, quota in settings["quotas"].items()
    )
    yield f"quotas of the client in each region: {granted}"


def progress(row: dict[str, Any], phase: str, pressure: float) -> str:
    """Say how it goes."""
    calls = row["accepted"] + row["throttled"] + row["failed"]
    share = row["throttled"] / calls if calls else 0.0
    return (
        f"{row['elapsed']:5.0f} s  {phase:14} {pressure:4.0%} of quota  {row['users']:4} users  "
        f"{calls:7} calls  {share:6.1%} throttled  {row['waiting']:6} changes wait"
    )


def closing(report: Report) -> Iterator[str]:
    """Say what came out: calls, percentiles, the limit, the thresholds."""
    yield ""
    yield from _operations(report.result["operations"])
    yield ""
    yield from _totals(report)
    yield from _limits(report)
    yield ""
    for each in report.findings:
        mark = "holds " if each.holds else "BROKEN"
        value = f"{each.value:.3g}"
        yield f"{mark}  {each.threshold.measure:16} {value:>8}  ({each.threshold.bound})"
    yield "within the thresholds" if report.holds else "NOT within the thresholds"


def _operations(rows: dict[str, dict[str, Any]]) -> Iterator[str]:
    columns = ("p50", "p95", "p99", "slowest")
    yield (
        f"{'operation':26} {'accepted':>9} {'throttled':>9} {'failed':>7}  "
        + " ".join(f"{each + ' ms':>10}" for each in columns)
    )
    for name, row in rows.items():
        times = " ".join(f"{row[each]:>10.0f}" if each in row else " " * 10 for each in columns)
        counts = f"{row['accepted']:>9} {row['throttled']:>9} {row['failed']:>7}"
        yield f"{name:26} {counts}  {times}"


def _totals(report: Report) -> Iterator[str]:
    result = report.result
    calls, changes = result["calls"], result["changes"]
    total = sum(calls.values())
    parts = ", ".join(f"{calls[each] / max(1, total):.1%} {each}" for each in calls)
    yield f"{total} calls in {result['elapsed']:.0f} s: {parts}"
    yield (
        f"{changes['arrived']} changes arrived, {changes['done']} written, "
        f"{changes['refused']} refused, {changes['waiting']} wait; "
        f"{result['exports']} exports fetched"
    )
    for name, count in result["failures"].items():
        yield f"failed: {name}, {count} times"


def _limits(report: Report) -> Iterator[str]:
    strain = report.strain
    cpu = "unknown" if strain.cpu is None else f"{strain.cpu:.0%}"
    lag = "unknown" if strain.loop_lag is None else f"{strain.loop_lag * 1000:.0f} ms"
    yield (
        f"generator {report.result['generatorCpu']:.0%} of a core; mock {cpu} of a core, "
        f"its loop late by at most {lag}"
    )
    for each in report.limits:
        yield f"the limit was: {each.name} ({each.why})"
