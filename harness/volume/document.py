"""Estimate and audit as JSON documents, the input of tables and pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from adsmock.harness.volume.audit import Audit, QuotaBounds, Waste
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
        "given": len(found.given),
        "findings": [_waste(waste) for waste in found.wastes],
    }


def of_quotas(found: Sequence[QuotaBounds]) -> list[dict[str, Any]]:
    """Return the bounds of quotas, in weights per second."""
    return [
        {
            "region": each.region,
            "quota": each.quota,
            "lowest": round(each.lowest, 3),
            "highest": round(each.highest, 3),
            "burst": each.burst,
            "refusals": each.refusals,
            "seconds": round(each.seconds, 1),
            "confidence": each.confidence,
        }
        for each in found
    ]


def quotas_toml(found: Sequence[QuotaBounds]) -> str:
    """Return the quotas as a file for ``adsmock load --quotas``.

    Of several regions the smallest rate counts: the file has one row per class.
    """
    rows: dict[str, QuotaBounds] = {}
    for each in sorted(found, key=lambda each: -each.rate):
        rows[each.quota] = each
    lines = ["# Learned by adsmock audit: weights per second (rate) and at once (burst)."]
    for name, each in sorted(rows.items()):
        rate, burst = max(0.01, each.rate), each.burst or max(1, round(2 * each.rate))
        known = f"{each.lowest:.3g} to {each.highest:.3g} in {each.region}, {each.confidence}"
        lines.append(f'"{name}" = {{ rate = {rate:.3g}, burst = {burst} }}  # {known} confidence')
    return "\n".join(lines) + "\n"


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
        "course": [round(value, 3) for value in fit.course],
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
