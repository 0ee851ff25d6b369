"""Whether a client acted after an answer: without an action, silence proves nothing.

A client that stops at a refusal repeats nothing either, so it must be seen to go on, or it must
report the failure: by the claims of an adapter, or by an exit code other than 0.
"""

from __future__ import annotations

from adsmock.harness.suite.journal import CaseView, Entry

FAILURES = frozenset({"partial", "failed"})
"""Statuses of a task that report a failure."""


def acted_after(view: CaseView, answer: Entry) -> bool:
    """Say whether the client went on with other work after an answer, or reported a failure."""
    return goes_on_after(view, answer) or reports_failure(view)


def goes_on_after(view: CaseView, answer: Entry) -> bool:
    """Say whether another call, no repetition and no list of profiles, followed an answer."""
    later = (call for call in view.api if call.seq > answer.seq and call.chain != answer.chain)
    return any(not call.operation.startswith("profiles.") for call in later)


def goes_on_elsewhere(view: CaseView, answer: Entry) -> bool:
    """Say whether a call of another operation followed: the same one may be of the next task."""
    later = (call for call in view.api if call.seq > answer.seq)
    return any(
        call.operation != answer.operation and not call.operation.startswith("profiles.")
        for call in later
    )


def reports_failure(view: CaseView) -> bool:
    """Say whether the client reports that some of its work failed.

    The exit code of a client that the suite stopped is no report.
    """
    ending = view.record.ending
    if ending.claims:
        return any(claim["status"] in FAILURES for claim in ending.claims)
    return bool(ending.exit_code or ending.error) and not ending.timed_out


def was_stopped(view: CaseView) -> bool:
    """Say whether the client did not end by itself: adsmock's time limit or a signal ended it."""
    ending = view.record.ending
    return ending.timed_out or (ending.exit_code or 0) < 0


def follows_up(view: CaseView, lost: Entry, resource: str) -> bool:
    """Say whether a write with a lost answer was sent again, looked up, or reported as failed."""
    later = (call for call in view.api if call.seq > lost.seq)
    return any(call.operation.startswith(f"{resource}.") for call in later) or reports_failure(view)
