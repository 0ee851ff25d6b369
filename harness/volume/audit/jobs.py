"""Waste in jobs: frequent polls, duplicate reports, one report per day, reports of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.volume import call_model
from adsmock.harness.volume.audit.audited_call import AuditedCall
from adsmock.harness.volume.audit.waste import Waste, bursts, grouped

SERVES = 12 * 3600.0
"""Seconds for which a report is current: two per day and kind. Source: reporting v3, FAQ."""

INTRADAY = 2
"""Reports of the current day, by profile and type, that are no waste. Source: reporting v3, FAQ."""

STREAMED = frozenset(
    {"spCampaigns", "spTargeting", "sbCampaigns", "sbTargeting", "sdCampaigns", "sdTargeting"}
)
"""Report types whose numbers Marketing Stream delivers each hour (documented datasets)."""

TOGETHER = 3600.0
"""Seconds between requests that belong together (own choice)."""

DAYS = 31
"""Days that one report may span (documented)."""

_POLLS = {
    "exports.get": ("export_poll", call_model.EXPORT_POLLING),
    "reporting.get": ("report_poll", call_model.REPORT_POLLING),
}


def frequent_polls(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find more polls of a job than growing intervals need."""
    for operation, (habit, polling) in _POLLS.items():
        polls = [call for call in calls if call.operation == operation and call.is_good]
        for own in grouped(polls, lambda poll: (poll.place, poll.path)).values():
            taken = own[-1].at - own[0].at
            needed = call_model.polls(taken + polling.first, polling)
            if len(own) > needed:
                says = f"{operation}: {len(own)} polls in {taken:.0f} s; {needed} are enough"
                yield Waste(habit, tuple(own[needed:]), says)


def intraday_reports(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find reports of the current day that are requested all day long, where Stream delivers."""
    made = [call for call in calls if call.operation == "reporting.create" and call.is_good]
    found = [call for call in made if _type(call) in STREAMED and _day(call) in _asked(call)]
    again: list[AuditedCall] = []
    for own in grouped(found, lambda item: (item.place, _type(item), _day(item))).values():
        if len(own) > INTRADAY:
            again += own[INTRADAY:]
    if again:
        types = ", ".join(sorted({_type(call) for call in again}))
        yield Waste("intraday", tuple(again), f"{len(again)} more reports of today: {types}")


def duplicates(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find requests for a report while an earlier equal report is current."""
    made = [call for call in calls if call.operation == "reporting.create"]
    again: list[AuditedCall] = []
    for own in grouped(made, lambda item: (item.place, item.chain)).values():
        first: float | None = None
        for each in own:
            if first is not None and each.at - first < SERVES:
                again.append(each)
            elif each.is_good:
                first = each.at
    if again:
        yield Waste("duplicates", tuple(again), f"{len(again)} reports were requested before")


def short_reports(calls: Sequence[AuditedCall], contract_set: ContractSet) -> Iterator[Waste]:  # noqa: ARG001 -- a finder
    """Find reports for adjacent days that one request could cover."""
    made = [call for call in calls if call.operation == "reporting.create" and call.is_good]
    requests = [each for each in made if isinstance(each.request, dict) and _days(each.request)]
    for own in grouped(
        requests, lambda request: (request.place, _configuration(request.request))
    ).values():
        for run in bursts(own, TOGETHER):
            days = set().union(*(_days(each.request) for each in run))
            needed = call_model.batches(len(days), DAYS)
            if len(run) > needed:
                says = f"{len(run)} reports for {len(days)} days; {needed} would cover them"
                yield Waste("report_days", tuple(run[needed:]), says)


def _type(call: AuditedCall) -> str:
    """Return the report type of a request, empty if it is not readable."""
    configuration = call.request.get("configuration") if isinstance(call.request, dict) else None
    return str(configuration.get("reportTypeId")) if isinstance(configuration, dict) else ""


def _asked(call: AuditedCall) -> set[int]:
    return _days(call.request) if isinstance(call.request, dict) else set()


def _day(call: AuditedCall) -> int:
    """Return the day of UTC on which a call was made."""
    return datetime.fromtimestamp(call.at, UTC).date().toordinal()


def _configuration(request: dict[str, Any]) -> str:
    return repr(sorted(request.get("configuration", {}).items(), key=str))


def _days(request: dict[str, Any]) -> set[int]:
    try:
        first, last = (date.fromisoformat(request[name]) for name in ("startDate", "endDate"))
    except (KeyError, TypeError, ValueError):
        return set()
    return set(range(first.toordinal(), last.toordinal() + 1))
