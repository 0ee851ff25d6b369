"""Checks of any traffic, whatever work it is: identity of calls, repeated calls, limits.

They need no task, no fault and no operation by name, so that they fit every journal. Where the
journal gives no opportunity they are unproven.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import fmean
from typing import Any

from adsmock.contracts.loader import load
from adsmock.harness.suite.checks.auth import is_refused_token
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.retry import names_its_work
from adsmock.harness.suite.checks.users import by_user
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch

IN_FLIGHT = 0.25
"""Seconds after an answer in which calls that were already on their way may arrive."""

NEW_WORK = 300.0
"""Seconds after which a repeated call is new work, such as the next run of a queue."""

WRITES = ("create", "update", "archive")

POLLS = ("amc.workflowExecutions.get", "brandMetrics.get", "exports.get", "reporting.get")


def dead_token_is_dropped(view: CaseView) -> Finding:
    """Hold when no call carried an expired or revoked token after a 401 for it.

    Calls that arrive while the 401 is on its way do not count, unless they repeat the same call.
    The client must have made another call, with another token.
    """
    refused: dict[str, Entry] = {}
    again: list[Entry] = []
    for entry in view.api:
        first = refused.get(entry.token or "")
        if first is None:
            if entry.token and is_refused_token(entry):
                refused[entry.token] = entry
        elif entry.chain == first.chain or entry.arrive > first.send + IN_FLIGHT:
            again.append(entry)
    numbers: dict[str, Any] = {"refused_tokens": len(refused), "again": len(again)}
    if not refused:
        return unproven("no call got 401 for an expired or revoked token")
    if again:
        late = again[0]
        return broken(
            f"{late.operation} in {late.region} (call {late.seq}) carried a token that had got "
            f"401 in call {refused[str(late.token)].seq}; expected a new token",
            [row(refused[str(late.token)], "401 for this token"), *rows(again, "same token again")],
            **numbers,
        )
    first = min(refused.values(), key=lambda entry: entry.seq)
    if not any(call.seq > first.seq and call.token not in {None, *refused} for call in view.api):
        return unproven("no call with another token followed the 401")
    return holds(f"{counted(len(refused), 'refused token')}, none sent again", **numbers)


def calls_are_limited(view: CaseView, most: int) -> Finding:
    """Hold when no call was attempted more than ``most`` times without a success.

    After a wait of five minutes a repeated call counts as new work.
    """
    runs = [
        run
        for chain in view.chains
        if not chain.attempts[0].is_api or names_its_work(chain.attempts[0])
        for attempts in by_user(view, chain.attempts)
        for run in _runs(attempts)
    ]
    failing = [run for run in runs if not run[0].is_success]
    if not failing:
        return unproven("every call succeeded at once")
    longest = max(failing, key=len)
    numbers: dict[str, Any] = {"failing": len(failing), "attempts": len(longest), "most": most}
    if all(len(chain.attempts) == 1 for chain in view.chains):
        return unproven("no failed call was repeated", **numbers)
    if len(longest) > most:
        return broken(
            f"{longest[0].operation or longest[0].path} in {longest[-1].region} was attempted "
            f"{len(longest)} times; the limit is {most}",
            rows(longest[most:], "one attempt too many"),
            **numbers,
        )
    return holds(
        f"{counted(len(failing), 'failing call')}, at most {counted(len(longest), 'attempt')} "
        f"each; the limit is {most}",
        **numbers,
    )


def _runs(attempts: Sequence[Entry]) -> list[list[Entry]]:
    """Return the attempts split where the client waited so long that it is new work."""
    runs = [[attempts[0]]]
    for before, after in pairwise(attempts):
        if after.arrive - before.send >= NEW_WORK:
            runs.append([])
        runs[-1].append(after)
    return runs


def batches_keep_to_their_limits(view: CaseView) -> Finding:
    """Hold when no batch had more items than the documented limit of its operation."""
    sizes: list[tuple[Entry, int, int]] = []
    for call in view.api:
        limit, sent = _limit(call.operation), batch(call)
        if limit and sent and len(sent.items) > 1:
            sizes.append((call, len(sent.items), limit))
    if not sizes:
        return unproven("no batch had more than one item")
    over = [(call, size, limit) for call, size, limit in sizes if size > limit]
    largest = max(size for _, size, _ in sizes)
    numbers: dict[str, Any] = {"batches": len(sizes), "largest": largest, "over": len(over)}
    if over:
        call, size, limit = over[0]
        return broken(
            f"a batch of {call.operation} in {call.region} (call {call.seq}) had {size} items; "
            f"the limit is {limit}",
            [row(each, f"{count} items") for each, count, _ in over],
            **numbers,
        )
    return holds(
        f"{counted(len(sizes), 'batch')} within the limits, the largest with "
        f"{counted(largest, 'item')}",
        **numbers,
    )


def _limit(name: str) -> int | None:
    """Return the most items of a write, None for reads and where none is documented."""
    if name.rpartition(".")[2] not in WRITES or name not in load().operations:
        return None
    return load().operations[name].maximum or load().contract_of(name).batch_maximum


def job_polls_are_spaced(view: CaseView, least_s: float, polls: int) -> Finding:
    """Hold when every ``polls`` polls in a row of one job came ``least_s`` apart on average.

    All polls count, not only the first ones. The creation is no poll. Averages are compared as
    they are shown, in hundredths of a second: the timer of a client may fire a little early.
    """
    slowest: list[tuple[float, list[Entry]]] = []
    for calls in _polls_by_job(view):
        gaps = [later.arrive - earlier.arrive for earlier, later in pairwise(calls)]
        means = [
            (fmean(gaps[start : start + polls - 1]), calls[start : start + polls])
            for start in range(len(calls) - polls + 1)
        ]
        slowest += [min(means, key=lambda pair: pair[0])] if means else []
    if not slowest:
        return unproven(f"no job was polled {polls} times")
    mean, calls = min(slowest, key=lambda pair: pair[0])
    numbers = {"jobs": len(slowest), "mean": round(mean, 3), "least": least_s, "polls": polls}
    sentence = (
        f"{counted(polls, 'poll')} in a row of one job in {calls[-1].region} came {mean:.2f} s "
        f"apart on average; the minimum is {least_s:g} s"
    )
    is_kept = round(mean, 2) >= least_s
    return (holds if is_kept else broken)(sentence, rows(calls, "poll"), **numbers)


def _polls_by_job(view: CaseView) -> Iterable[list[Entry]]:
    """Return the polls of each job."""
    jobs: dict[str, list[Entry]] = defaultdict(list)
    for entry in view.api:
        if entry.operation in POLLS:
            jobs[entry.path.rpartition("/")[2]].append(entry)
    return jobs.values()


JUDGES = (
    batches_keep_to_their_limits,
    calls_are_limited,
    dead_token_is_dropped,
    job_polls_are_spaced,
)

CHAINED = (calls_are_limited,)
