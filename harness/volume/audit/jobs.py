"""Waste in asynchronous work: hasty looks, the same report twice, a report for each day.

Knows jobs. Must not know plans.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume import call_model
from adsmock.harness.volume.audit.audited_call import AuditedCall
from adsmock.harness.volume.audit.waste import Waste, bursts, shelved

SERVES = 12 * 3600.0
"""Seconds for which a report serves: two a day of a kind. Source: reporting v3, FAQ."""

TOGETHER = 3600.0
"""Seconds between requests that belong to one wish (own choice)."""

DAYS = 31
"""Days that one report may span (documented)."""

_POLLS = {
    "exports.get": ("export_poll", call_model.EXPORT_POLLING),
    "reporting.get": ("report_poll", call_model.REPORT_POLLING),
}


def hasty(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find looks at a job beyond what its time needs at growing gaps."""
    for operation, (habit, polling) in _POLLS.items():
        looks = [one for one in calls if one.operation == operation and one.is_good]
        for own in shelved(looks, lambda one: (one.place, one.path)).values():
            taken = own[-1].at - own[0].at
            needed = call_model.looks(taken + polling.first, polling)
            if len(own) > needed:
                says = f"{operation}: {len(own)} looks in {taken:.0f} s; {needed} would have done"
                yield Waste(habit, tuple(own[needed:]), says)


def duplicates(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find reports that had been asked for before while the earlier one still served."""
    made = [one for one in calls if one.operation == "reporting.create"]
    again: list[AuditedCall] = []
    for own in shelved(made, lambda one: (one.place, one.chain)).values():
        first: float | None = None
        for one in own:
            if first is not None and one.at - first < SERVES:
                again.append(one)
            elif one.is_good:
                first = one.at
    if again:
        yield Waste("duplicates", tuple(again), f"{len(again)} reports had been asked for before")


def short_reports(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find reports over adjoining days that one request could have spanned."""
    made = [one for one in calls if one.operation == "reporting.create" and one.is_good]
    asked = [one for one in made if isinstance(one.request, dict) and _days(one.request)]
    for own in shelved(asked, lambda one: (one.place, _question(one.request))).values():
        for run in bursts(own, TOGETHER):
            days = set().union(*(_days(one.request) for one in run))
            needed = call_model.batches(len(days), DAYS)
            if len(run) > needed:
                says = f"{len(run)} reports for {len(days)} days; {needed} would span them"
                yield Waste("report_days", tuple(run[needed:]), says)


def _question(request: dict[str, Any]) -> str:
    return repr(sorted(request.get("configuration", {}).items(), key=str))


def _days(request: dict[str, Any]) -> set[int]:
    try:
        first, last = (date.fromisoformat(request[name]) for name in ("startDate", "endDate"))
    except (KeyError, TypeError, ValueError):
        return set()
    return set(range(first.toordinal(), last.toordinal() + 1))
