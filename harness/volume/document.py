"""Estimate and audit as JSON documents, the input of tables and pages."""

from __future__ import annotations

from typing import Any

import msgspec

from adsmock.harness.volume.audit import Audit, Waste
from adsmock.harness.volume.estimate import Estimate, Gap, HabitCost, QuotaFit, Volume
from adsmock.harness.volume.feature import habits

ESTIMATE, AUDIT = "adsmock.estimate/1", "adsmock.audit/1"
EVIDENCE = 20
"""Largest number of journal lines per finding."""


def of_estimate(found: Estimate) -> dict[str, Any]:
    """Return the three stages: calls and weights per day, rates and peaks per second."""
    return {
        "format": ESTIMATE,
        "plan": found.plan.name,
        "day": found.plan.day,
        "headroom": found.plan.headroom,
        "assumed": list(found.assumed),
        "fits": found.fits,
        "demand": _volume(found.demand),
        "review": [_finding(finding) for finding in found.findings],
        "optimized": _volume(found.optimized),
        "gaps": [_gap(gap) for gap in found.gaps],
    }


def of_audit(found: Audit) -> dict[str, Any]:
    """Return the audit; ``lines`` are line numbers of the journal."""
    return {
        "format": AUDIT,
        "calls": found.total,
        "optimum": found.optimum,
        "ratio": round(found.ratio, 3),
        "bodies": not found.is_blind,
        "injected": len(found.injected),
        "resent": len(found.resent),
        "findings": [_waste(waste) for waste in found.wastes],
    }


def _volume(found: Volume) -> dict[str, Any]:
    rows = [
        {
            "region": row.region,
            "operation": row.operation,
            "quota": row.quota,
            "calls": round(row.calls, 1),
            "weight": round(row.weight, 1),
            "hours": [round(value, 1) for value in row.hours],
        }
        for row in found.rows
    ]
    return {
        "calls": round(found.calls),
        "weight": round(found.weight),
        "rows": rows,
        "fits": [_fit(fit) for fit in found.fits],
    }


def _fit(fit: QuotaFit) -> dict[str, Any]:
    return {
        "region": fit.region,
        "quota": fit.quota,
        "peak": round(fit.peak, 3),
        "rate": fit.rate,
        "share": round(fit.share, 3),
        "at": f"{fit.minute // 60:02d}:{fit.minute % 60:02d}",
        "causes": [{"work": name, "share": round(part, 3)} for name, part in fit.causes],
    }


def _finding(habit_cost: HabitCost) -> dict[str, Any]:
    return {
        "habit": habit_cost.member,
        "now": _plain(habit_cost.present),
        "best": _plain(habit_cost.best),
        "savedCalls": round(habit_cost.saved),
        "savedWeight": round(habit_cost.saved_weight),
        "practice": habit_cost.practice,
        "advice": habit_cost.advice,
    }


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _gap(gap: Gap) -> dict[str, Any]:
    return {**_fit(gap.fit), "spreadTimes": round(gap.stretch, 2), "rateNeeded": gap.rate}


def _waste(waste: Waste) -> dict[str, Any]:
    habit = habits()[waste.habit]
    return {
        "habit": waste.habit,
        "says": waste.says,
        "savedCalls": waste.saved,
        "savedWeight": waste.saved_weight,
        "practice": habit.practice,
        "advice": habit.advice,
        "lines": [call.line for call in waste.calls[:EVIDENCE]],
    }
