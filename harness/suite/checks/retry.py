"""Checks of whether and when a failed call is retried.

Lower bounds gate with a tolerance of 50 ms: of over 1,700 sleeping clients, on an idle and on an
overloaded machine, none arrived early, counted from before the first byte.
Source: rate-limiting page and Well-Architected Framework, exponential backoff; documented.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    row,
    unproven,
)
from adsmock.harness.suite.checks.reaction import acted_after
from adsmock.harness.suite.checks.users import by_user
from adsmock.harness.suite.journal import CaseView, Entry

PAGE_SIZE = "maxResults"

DATE_TOLERANCE = 1.0
"""Seconds: an HTTP-date has no finer grain."""


@dataclass(frozen=True, slots=True)
class _Retry:
    """One attempt after an answer with a Retry-After."""

    earlier: Entry
    later: Entry
    number: int
    allowed: float
    tolerance: float

    @property
    def margin(self) -> float:
        """Seconds from the first allowed moment to the attempt; negative is early."""
        return self.later.arrive - self.allowed


def retry_after_is_kept(
    view: CaseView,
    tolerance_ms: float,
    *,
    or_gave_up: bool = False,
    dates: bool = True,
    status: int | None = None,
) -> Finding:
    """Hold when no retry arrived before the Retry-After of the answer before it was over.

    The same list with another page size is a retry too. With ``or_gave_up`` a client may give the
    calls up instead, if it goes on with others or reports the failure. Without ``dates`` only
    seconds count. With a ``status`` only its answers count.
    """
    asked = _asked(view, status, dates=dates)
    if not asked:
        return unproven("no answer had a Retry-After")
    returns = _retries(view, asked, tolerance_ms / 1000)
    early = [one for one in returns if one.margin < -one.tolerance]
    smallest = round(min((retry.margin for retry in returns), default=0.0), 3)
    numbers: dict[str, Any] = {"waits_named": len(asked), "returns": len(returns)}
    numbers |= {"early": len(early), "smallest_margin": smallest, "tolerance_ms": tolerance_ms}
    if early:
        early.sort(key=lambda retry: retry.margin, reverse=True)  # the worst is the last evidence
        return broken(_came_early(early[-1]), [_evidence(retry) for retry in early], **numbers)
    if not returns:
        answers = counted(len(asked), "answer")
        sentence = f"{answers} had a Retry-After, and the client did not retry"
        has_given_up = or_gave_up and acted_after(view, asked[0])
        return (holds if has_given_up else unproven)(sentence, **numbers)
    return holds(
        f"{counted(len(returns), 'retry')}, none before the end of its Retry-After; "
        f"the earliest came {numbers['smallest_margin']:.2f} s after it",
        [_evidence(retry) for retry in returns],
        **numbers,
    )


def _asked(view: CaseView, status: int | None, *, dates: bool) -> list[Entry]:
    """Return the answers with a Retry-After that counts."""
    answers = (one for one in view.api if status in {None, one.status} and one.retry_after)
    return [one for one in answers if dates or str(one.retry_after).isdigit()]


def _came_early(retry: _Retry) -> str:
    waited = retry.later.arrive - retry.earlier.send
    return (
        f"attempt {retry.number} came {waited:.2f} s after the {retry.earlier.status}, but "
        f"Retry-After was {retry.earlier.retry_after}"
    )


def _retries(view: CaseView, asked: Iterable[Entry], tolerance: float) -> list[_Retry]:
    """Return the attempts that followed some answers."""
    named = {one.seq for one in asked}
    found = (
        one
        for calls in _same_work(view)
        for attempts in by_user(view, calls)
        for one in _returns(attempts, tolerance)
    )
    return [one for one in found if one.earlier.seq in named]


def _same_work(view: CaseView) -> Iterable[list[Entry]]:
    """Return the calls for each piece of work, in order."""
    found: dict[str, list[Entry]] = {}
    for chain in view.chains:
        first = chain.attempts[0]
        body = first.request
        is_paged = isinstance(body, dict) and PAGE_SIZE in body
        rest = {name: value for name, value in body.items() if name != PAGE_SIZE} if is_paged else 0
        where = [first.operation, first.region, first.profile_id, rest]
        key = json.dumps(where, sort_keys=True) if is_paged else chain.key
        found.setdefault(key, []).extend(chain.attempts)
    return [sorted(calls, key=lambda call: call.seq) for calls in found.values()]


def _returns(calls: Sequence[Entry], tolerance: float) -> Iterator[_Retry]:
    number = 1
    for earlier, later in pairwise(calls):
        number = 1 if earlier.is_success else number + 1
        if later.arrive < earlier.send:
            continue  # it was on its way when the answer left: no reaction to it
        text = (earlier.retry_after or "").strip()
        if text.isdigit():
            yield _Retry(earlier, later, number, earlier.send + int(text), tolerance)
        elif text:
            wait = _date_wait(text, earlier)
            if wait is not None:
                yield _Retry(earlier, later, number, earlier.send + wait, DATE_TOLERANCE)


def _date_wait(text: str, entry: Entry) -> float | None:
    """Return the seconds from an answer to its HTTP-date, on any timebase."""
    try:
        return parsedate_to_datetime(text).timestamp() - entry.sandbox_send
    except (ValueError, TypeError):
        return None


def _evidence(retry: _Retry) -> Evidence:
    words = "too early" if retry.margin < -retry.tolerance else "after the end of Retry-After"
    return row(
        retry.later, f"attempt {retry.number}, {abs(retry.margin):.2f} s {words}", retry.allowed
    )


def faulted_work_succeeds(view: CaseView, fault: str | None = None) -> Finding:
    """Hold when every call that the fault (or any fault) affected succeeded in the end."""
    struck = [
        chain
        for chain in view.chains
        if any(attempt.fault_id and fault in {None, attempt.fault_id} for attempt in chain.attempts)
        and names_its_work(chain.attempts[0])
    ]
    if not struck:
        return unproven("the fault affected no call")
    done = {chain.key for chain in view.chains if chain.succeeded}
    left = [chain for chain in struck if chain.key not in done]
    numbers: dict[str, Any] = {"chains": len(struck), "abandoned": len(left)}
    if left:
        last = left[0].attempts[-1]
        return broken(
            f"{len(left)} of {counted(len(struck), 'failed call')} never succeeded; "
            f"{last.title} was given up after {counted(len(left[0].attempts), 'attempt')}",
            [row(chain.attempts[-1], "last attempt at this call") for chain in left],
            last,
            **numbers,
        )
    most = max(len(chain.attempts) for chain in struck)
    return holds(
        f"{counted(len(struck), 'failed call')} succeeded after at most {counted(most, 'attempt')}",
        **numbers,
    )


def names_its_work(entry: Entry) -> bool:
    """Say whether a call has the scope it needs; without one, its chain is ambiguous."""
    return entry.profile_id is not None or entry.operation.startswith("profiles.")


JUDGES = (faulted_work_succeeds, retry_after_is_kept)

CHAINED = JUDGES
