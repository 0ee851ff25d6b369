"""Checks of what happens after a refusal.

Source: rate-limiting and error pages, examine other 4xx before trying again; documented.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from adsmock.harness.suite.checks.finding import Finding, broken, counted, holds, rows, unproven
from adsmock.harness.suite.checks.reaction import acted_after
from adsmock.harness.suite.checks.read_before_write import reads_before_writes
from adsmock.harness.suite.checks.users import by_user
from adsmock.harness.suite.journal import CaseView, Entry

Request = tuple[str, str]


def refusals_are_not_repeated(view: CaseView, statuses: list[int]) -> Finding:
    """Hold when no call that got one of the statuses was sent again unchanged.

    A list that is read again before another write is no repetition. The client must have gone on
    with other work, or reported the failure.
    """
    for_writes = reads_before_writes(view)
    by_request: dict[Request, list[Entry]] = defaultdict(list)
    for entry in view.api:
        by_request[_request(entry)].append(entry)
    refused: dict[Request, Entry] = {}
    repeated: list[Entry] = []
    for attempts in (one for calls in by_request.values() for one in by_user(view, calls)):
        first = next((attempt for attempt in attempts if attempt.status in statuses), None)
        if first is not None:
            refused.setdefault(_request(first), first)
            later = (attempt for attempt in attempts if attempt.seq > first.seq)
            repeated += [call for call in later if call.seq not in for_writes]
    if not refused:
        return unproven("no call was refused")
    numbers: dict[str, Any] = {"refused": len(refused), "repeated": len(repeated)}
    if repeated:
        again = min(repeated, key=lambda entry: entry.seq)
        first = refused[_request(again)]
        total = sum(_request(call) == _request(again) for call in repeated)
        return broken(
            f"{first.title} got {first.status} and was sent again unchanged "
            f"{counted(total, 'time')}",
            rows(repeated, "same call after its refusal"),
            again,
            **numbers,
        )
    first = min(refused.values(), key=lambda entry: entry.seq)
    if not acted_after(view, first):
        return unproven(
            f"{first.title} got {first.status}, and the client neither went on nor reported it"
        )
    return holds(f"{counted(len(refused), 'refused call')}, each sent once", **numbers)


def _request(entry: Entry) -> Request:
    """Return what names a request: the polls of all reports are one chain, each with its path."""
    return entry.chain, entry.path


JUDGES = (refusals_are_not_repeated,)

CHAINED = JUDGES
