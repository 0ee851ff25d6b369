"""Checks of when and whether a failed call is tried again.

Lower bounds gate with a tolerance of 50 ms: over 1,700 sleeping clients, on an idle and on an
overloaded machine, none was ever seen early against a zero point taken before the first byte.
Source: rate-limiting page and Well-Architected Framework, exponential backoff; documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from adsmock.harness.suite.checks.finding import Finding, Row, broken, counted, holds, row, unproven
from adsmock.harness.suite.journal import CaseView, Chain, Entry

DATE_TOLERANCE = 1.0
"""Seconds: an HTTP-date has no finer grain."""


@dataclass(frozen=True, slots=True)
class _Return:
    """One attempt after an answer that named a wait."""

    earlier: Entry
    later: Entry
    number: int
    allowed: float
    tolerance: float

    @property
    def margin(self) -> float:
        """Seconds after the moment from which the attempt was allowed; negative is early."""
        return self.later.arrive - self.allowed


def retry_after_is_kept(view: CaseView, tolerance_ms: float) -> Finding:
    """Hold when no attempt arrived before the wait its predecessor's answer named was over."""
    asked = [entry for entry in view.api if entry.retry_after]
    if not asked:
        return unproven("no answer named a wait")
    returns = [one for chain in view.chains for one in _returns(chain, tolerance_ms / 1000)]
    early = [one for one in returns if one.margin < -one.tolerance]
    numbers: dict[str, Any] = {
        "waits_named": len(asked),
        "returns": len(returns),
        "early": len(early),
        "smallest_margin": round(min((one.margin for one in returns), default=0.0), 3),
        "tolerance_ms": tolerance_ms,
    }
    if early:
        worst = min(early, key=lambda one: one.margin)
        waited = worst.later.arrive - worst.earlier.send
        sentence = (
            f"attempt {worst.number} came {waited:.2f} s after the {worst.earlier.status}; "
            f"Retry-After was {worst.earlier.retry_after}"
        )
        return broken(sentence, [_evidence(one) for one in early], **numbers)
    if not returns:
        return holds(
            f"{counted(len(asked), 'answer')} named a wait and the client did not come back",
            **numbers,
        )
    return holds(
        f"{counted(len(returns), 'return')}, none before its wait was over; "
        f"the closest came {numbers['smallest_margin']:.2f} s after the allowed moment",
        [_evidence(one) for one in returns],
        **numbers,
    )


def _returns(chain: Chain, tolerance: float) -> Iterator[_Return]:
    pairs = zip(chain.attempts, chain.attempts[1:], strict=False)
    for number, (earlier, later) in enumerate(pairs, 2):
        text = (earlier.retry_after or "").strip()
        if text.isdigit():
            yield _Return(earlier, later, number, earlier.send + int(text), tolerance)
        elif text:
            wait = _date_wait(text, earlier)
            if wait is not None:
                yield _Return(earlier, later, number, earlier.send + wait, DATE_TOLERANCE)


def _date_wait(text: str, entry: Entry) -> float | None:
    """Return the seconds from an answer to the HTTP-date it named, on any timebase."""
    try:
        return parsedate_to_datetime(text).timestamp() - entry.sandbox_send
    except (ValueError, TypeError):
        return None


def _evidence(one: _Return) -> Row:
    verb = "early by" if one.margin < -one.tolerance else "after the allowed moment by"
    return row(one.later, f"attempt {one.number}, {verb} {abs(one.margin):.2f} s", one.allowed)


def faulted_work_succeeds(view: CaseView, fault: str | None = None) -> Finding:
    """Hold when every call that met the fault (or any fault) was answered well in the end."""
    struck = [
        chain
        for chain in view.chains
        if any(one.fault_id and fault in {None, one.fault_id} for one in chain.attempts)
        and _names_its_work(chain.attempts[0])
    ]
    if not struck:
        return unproven("no call met the fault")
    done = {chain.key for chain in view.chains if chain.succeeded}
    left = [chain for chain in struck if chain.key not in done]
    numbers: dict[str, Any] = {"chains": len(struck), "abandoned": len(left)}
    if left:
        last = left[0].attempts[-1]
        return broken(
            f"{len(left)} of {counted(len(struck), 'failed call')} never succeeded; "
            f"{last.operation} was given up after {counted(len(left[0].attempts), 'attempt')}",
            [row(chain.attempts[-1], "the last attempt at this call") for chain in left],
            **numbers,
        )
    most = max(len(chain.attempts) for chain in struck)
    return holds(
        f"{counted(len(struck), 'failed call')}, each of them successful in the end, "
        f"after at most {counted(most, 'attempt')}",
        **numbers,
    )


def _names_its_work(entry: Entry) -> bool:
    """Say whether a call carries the scope it needs; one without cannot be told from others."""
    return entry.profile_id is not None or entry.operation.startswith("profiles.")


JUDGES = (faulted_work_succeeds, retry_after_is_kept)
