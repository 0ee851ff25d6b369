"""The record of each case, from the journal of the pass in which it was played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from adsmock.harness.suite.case import Case, Check
from adsmock.harness.suite.checks.job_files import downloads_by_job
from adsmock.harness.suite.checks.paging import list_key
from adsmock.harness.suite.checks.security import modern_handshakes
from adsmock.harness.suite.free_run.achievement import STORAGE
from adsmock.harness.suite.free_run.every_write import is_twin, plain_id
from adsmock.harness.suite.free_run.intended_tasks import WRITES, intended_tasks
from adsmock.harness.suite.free_run.placement import MARK, Placed, Round
from adsmock.harness.suite.free_run.playing import Pass
from adsmock.harness.suite.free_run.traffic import Slot, Traffic, kind_of
from adsmock.harness.suite.journal import CaseRecord, CaseView, FaultCount, Work
from adsmock.harness.suite.trusted_hosts import FLAWED, MODERN, trusted_calls

FOCUSED = frozenset({"batches_are_filled", "pages_are_few", "nothing_is_sent_twice"})
"""Judge functions that read one piece of work: the calls of one operation for one profile."""

ATTEMPTS = "attempts_do_not_multiply"
"""The judge function whose limit for each piece of work needs no number of calls."""

WHOLE_FILES = "whole_file_is_fetched"
"""The judge function that compares the files of a program with what its tasks ask for."""

RESTARTS = "expired_token_restarts_once"
"""The judge function that counts how often a list begins again."""

Row = dict[str, Any]

Subject = Callable[[str | None, str], bool]
"""Says whether a region and a profile belong to what the faults of a case are about."""


def of_clean(case: Case, clean: Pass, traffic: Traffic) -> CaseRecord:
    """Return the record of a case without faults."""
    slot = _busiest(case, traffic)
    rows = clean.record.rows
    if any(check.judge == "one_token_serves_all" for check in case.checks):
        # Through the proxy, most rows may be handshakes, which have no region.
        regions = Counter(row["region"] for row in rows if row.get("region"))
        region = max(regions, key=lambda one: regions[one], default=None)
        rows = tuple(row for row in rows if row.get("region") == region)
    if slot and any(check.judge in FOCUSED for check in case.checks):
        others = [
            other for other in traffic.slots if other.operation == slot.operation and other != slot
        ]
        profiles = {other.profile_id for other in others}
        rows = tuple(
            row
            for row in rows
            if row.get("operation") != slot.operation or row.get("profileId") not in profiles
        )
    return replace(
        clean.record,
        case=case.id,
        version=case.version,
        entries=len(rows),
        tasks=intended_tasks(clean, clean),
        numbers=_arguments(case, slot, clean, clean, {}),
        rows=rows,
    )


def of_round(
    placed: Placed, round_: Round, clean: Pass, played: Pass, work: tuple[Work, ...]
) -> CaseRecord:
    """Return the record of one case of a round: without the calls that got others' faults."""
    mine = placed.own_ids
    twins = {fault.id: fault.id for fault in placed.faults}
    if round_.is_alone:
        played_ids = (fault.id for fault in round_.placed[0].faults)
        twins = dict(zip(played_ids, twins, strict=True))
    strange = {
        row.get("chain")
        for row in played.record.rows
        if row.get("fault") and row["fault"]["id"] not in twins and MARK in row["fault"]["id"]
    }
    rows = tuple(
        _named(row, twins) for row in played.record.rows if row.get("chain") not in strange
    )
    slot = placed.slots[0] if placed.slots else None
    is_subject = _subject(placed, played)
    region_of = _regions(played.record.rows)
    rows = tuple(row for row in rows if is_subject(region_of(row), str(row.get("profileId"))))
    homes = {str(row["profileId"]): str(row["region"]) for row in played.record.profiles}
    profiles = {profile for profile, region in homes.items() if is_subject(region, profile)}
    return replace(
        played.record,
        case=placed.case.id,
        version=placed.case.version,
        entries=len(rows),
        faults=_counts(mine, rows),
        created={name: made for name, made in played.record.created.items() if name in profiles},
        tasks=tuple(
            task for task in intended_tasks(clean, played) if task["args"]["profile"] in profiles
        ),
        numbers=_arguments(placed.case, slot, clean, played, mine),
        work=work,
        rows=rows,
    )


def _subject(placed: Placed, played: Pass) -> Subject:
    """Return a test for the profiles or the region that the faults are about.

    The same work for another profile is no repetition. A case that compares profiles or regions
    reads them all.
    """
    matches = [fault.match for fault in placed.case.faults]
    if any({"profileId", "region"} & set(match) for match in matches):
        return lambda _region, _profile: True
    labels = {slot.profile for slot in placed.slots}
    regions = {slot.region for slot in placed.slots}
    if regions == {""}:  # files, whose jobs are of any profile
        return lambda _region, _profile: True
    if labels == {""} and len(regions) == 1:
        return lambda region, _profile: region is None or region in regions
    if len(labels) != 1:
        return lambda _region, _profile: True
    others = {profile for profile, label in played.names.items() if label not in labels}
    return lambda _region, profile: profile not in others


def _regions(rows: Sequence[Row]) -> Callable[[Row], str | None]:
    """Return a function that gives the region of a row: that of a file is its job's.

    One storage host serves the files of all regions. None means any region.
    """
    region_of = {
        unquote(urlsplit(str(reply["url"])).path): row.get("region")
        for row in rows
        if isinstance(reply := row.get("reply"), dict) and reply.get("url")
    }

    def found(row: Row) -> str | None:
        if row.get("operation") == STORAGE:
            return region_of.get(unquote(str(row.get("path"))))
        return row.get("region")

    return found


def _counts(mine: dict[str, Any], rows: Sequence[Row]) -> tuple[FaultCount, ...]:
    """Return the faults of the case that were met; all, when none was."""
    seen = [row["fault"]["id"] for row in rows if row.get("fault")]
    found = {
        fault.id: FaultCount(fault.id, fault.kind, seen.count(fault.id))
        for fault in mine.values()
        if not is_twin(fault)
    }
    met = tuple(count for count in found.values() if count.met)
    return met or tuple(found.values())


def _named(row: Row, twins: dict[str, str]) -> Row:
    """Return an entry with the fault id of its case."""
    fault = row.get("fault")
    if not fault or fault["id"] not in twins:
        return row
    name = plain_id(twins[fault["id"]].split(MARK)[1])
    return row | {"fault": fault | {"id": name}}


def _arguments(
    case: Case, slot: Slot | None, clean: Pass, played: Pass, mine: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return by check the arguments that name the program's operations instead of the case's.

    A check about a fault that a free run does not place is left out.
    """
    placed = {fault.id for fault in mine.values()}
    return {
        check.id: _adapted(check, slot, clean, played)
        for check in case.checks
        if not check.tasked and (check.numbers.get("fault") in {None, *placed})
    }


def _adapted(check: Check, slot: Slot | None, clean: Pass, played: Pass) -> dict[str, Any]:
    numbers = _clean_numbers(check, clean)
    if slot is None:
        return numbers
    resource = slot.operation.rpartition(".")[0]
    if kind_of(str(check.numbers.get("operation", ""))) == slot.kind:
        numbers["operation"] = slot.operation
    if "resource" in check.numbers and slot.kind in WRITES:
        numbers["resource"] = resource
    if "entities" in check.numbers:
        ids = {label: profile for profile, label in played.names.items()}
        before = played.before.get(ids.get(slot.profile, ""), {})
        numbers["entities"] = len(before.get(resource, ()))
    if check.judge == RESTARTS:  # without faults the program may begin the list several times
        numbers["usual"] = _usual_restarts(slot, clean)
    return numbers


def _clean_numbers(check: Check, clean: Pass) -> dict[str, Any]:
    """Return the arguments that need no slot: what the pass without faults shows."""
    if check.judge == ATTEMPTS:
        return {"calls": 1}  # tasks ask for a number of calls, a free run cannot
    if check.judge == FLAWED and (trusted := trusted_calls(CaseView.of(clean.record))):
        return {"trusted": trusted}
    if check.judge == MODERN and (modern := modern_handshakes(CaseView.of(clean.record))):
        return {"modern": modern}
    if check.judge == WHOLE_FILES:
        return {"files": len(downloads_by_job(CaseView.of(clean.record)))}
    return {}


def _usual_restarts(slot: Slot, clean: Pass) -> int:
    """Return how often the program begins the same list of several pages again without faults."""
    calls = CaseView.of(clean.record).of_operation(slot.operation)
    mine = [call for call in calls if clean.names.get(str(call.profile_id)) == slot.profile]
    paged = {list_key(call) for call in mine if "nextToken" in (call.request or {})}
    begun = Counter(list_key(call) for call in mine if "nextToken" not in (call.request or {}))
    return max((begun[key] - 1 for key in paged if begun[key]), default=0)


def _busiest(case: Case, traffic: Traffic) -> Slot | None:
    """Return the slot with most calls of the operation that the checks of a case name."""
    named = [
        str(check.numbers["operation"]) for check in case.checks if "operation" in check.numbers
    ]
    fits = [slot for slot in traffic.slots if named and slot.kind == kind_of(named[0])]
    return max(fits, key=lambda slot: slot.calls, default=None)
