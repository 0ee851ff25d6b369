"""Outcomes and response times by operation."""

from __future__ import annotations

from typing import Any

from adsmock.loadtests.counters import OUTCOMES, Counters, percentile

PARTS = {"p50": 0.50, "p95": 0.95, "p99": 0.99}


def operations(counters: Counters) -> dict[str, dict[str, Any]]:
    """Return outcomes and response times (milliseconds, accepted calls alone) by operation."""
    rows: dict[str, dict[str, Any]] = {}
    for (_second, _region, name, result), times in counters.of("call"):
        row = rows.setdefault(str(name), dict.fromkeys(OUTCOMES, 0))
        row[str(result)] += times
    late: dict[str, list[tuple[int, int]]] = {}
    for (name, value), times in counters.of("late"):
        late.setdefault(str(name), []).append((int(value), times))
    for name, values in late.items():
        rows[name] |= {label: percentile(values, part) for label, part in PARTS.items()}
        rows[name]["slowest"] = float(max(value for value, _times in values))
    return dict(sorted(rows.items()))
