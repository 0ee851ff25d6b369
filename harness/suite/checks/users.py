"""Users of a load tool: equal calls of several users, separated by their connections.

In a journal without tasks, such as that of a load test, many users may make the same call. Then the
next equal call after a refusal is usually another user's, not a retry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adsmock.harness.suite.journal import CaseView, Entry


def by_user(view: CaseView, calls: Sequence[Entry]) -> Iterable[Sequence[Entry]]:
    """Yield the equal calls of each user, in order; all together where there is one user.

    There are several users if two connections each carry the call more than once, and take turns.
    A client that opens a connection for each attempt is one user. The work of tasks is never
    split: each task has its own call.
    """
    if view.record.tasks:
        return [calls]
    of: dict[int, list[Entry]] = {}
    for call in calls:
        of.setdefault(call.connection, []).append(call)
    lasting = sorted((each for each in of.values() if len(each) > 1), key=lambda each: each[0].seq)
    taking_turns: dict[int, list[Entry]] = {}
    last: list[Entry] | None = None
    for each in lasting:
        if last is not None and each[0].seq < last[-1].seq:
            taking_turns |= {last[0].connection: last, each[0].connection: each}
        last = each if last is None or each[-1].seq > last[-1].seq else last
    if not taking_turns:
        return [calls]
    others = [call for call in calls if call.connection not in taking_turns]
    return [*taking_turns.values(), *([others] if others else [])]
