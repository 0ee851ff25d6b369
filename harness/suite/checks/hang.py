"""How long a program that the suite stopped had made no call, and which call was its last."""

from __future__ import annotations

from adsmock.harness.suite.journal import CaseView, Entry

SHORT = 60.0
"""Seconds without a call that are no hang: a retry or a poll may wait as long (own choice)."""


def idle_seconds(view: CaseView) -> float:
    """Return the seconds from a program's last call to its stop, 0 for one that ended by itself.

    The time before its first call counts too, which is short: the start was not recorded.
    """
    ran = view.record.ending.stopped_after
    if ran is None or not view.entries:
        return 0.0
    moments = [Entry.read(row, "monotonic") for row in view.record.rows]
    ends = max(max(each.end, each.arrive) for each in moments)
    return max(0.0, ran - (ends - min(each.arrive for each in moments)))


def last_call(view: CaseView) -> str:
    """Return what a stopped program did last and how long ago, empty for one that was at work."""
    idle = idle_seconds(view)
    if idle < SHORT or not view.calls:
        return ""
    last = view.calls[-1]
    answer = f"status {last.status}" if last.status else "no answer"
    return f"its last call, {last.title} with {answer}, ended {idle:.0f} s before the stop"
