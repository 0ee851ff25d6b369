"""Checks of how a client handles retired and deprecated versions.

Source: compatibility policy and release notes; documented. The status of a retired path differs by
API (404, 406, 410 and 415), so a case lists the statuses; observed.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache

from adsmock.contracts.contract_set import Deprecation
from adsmock.contracts.loader import load
from adsmock.contracts.model import Operation
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    quote,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.reaction import acted_after
from adsmock.harness.suite.checks.read_before_write import reads_before_writes
from adsmock.harness.suite.journal import CaseView, Entry

VENDOR = "vnd."
"""The mark of a versioned media type."""

RETIRED = frozenset({404, 406, 410, 415})

PATH_VERSION = re.compile(r"v\d+")


def retired_version_is_not_repeated(
    view: CaseView, prefix: str, statuses: list[int], calls_per_task: int
) -> Finding:
    """Hold when the retired version was called a few times per task, and no call repeated."""
    refused = _refused(view, prefix, statuses)
    if not refused:
        return unproven("no call reached a retired version")
    tasks = len(view.record.tasks)
    most = calls_per_task * tasks
    counts = Counter(entry.chain for entry in refused)
    first = {entry.chain: entry.seq for entry in reversed(refused)}
    late = {entry.seq for entry in refused if entry.seq > first[entry.chain]}
    again = [entry for entry in refused if entry.seq in late - reads_before_writes(view)]
    numbers = {"refused": len(refused), "repeated": len(again), "tasks": tasks, "most": most}
    if again:
        return broken(
            f"{again[0].title} of a retired version got {again[0].status} and "
            f"was sent {counted(counts[again[0].chain], 'time')}; the limit is once",
            rows(again, "same call to a retired version"),
            again[0],
            **numbers,
        )
    if len(refused) > most:
        return broken(
            f"{counted(len(refused), 'call')} to a retired version for {counted(tasks, 'task')}; "
            f"the limit is {calls_per_task} per task",
            rows(refused, "call to a retired version"),
            **numbers,
        )
    if not acted_after(view, refused[0]):
        return unproven("the client neither went on after the refusal nor reported it", **numbers)
    return holds(
        f"{counted(len(refused), 'call')} to the retired version for {counted(tasks, 'task')}, "
        "none repeated",
        rows(refused, "call to a retired version"),
        **numbers,
    )


def _refused(view: CaseView, prefix: str, statuses: list[int]) -> list[Entry]:
    """Return the calls to a path that were refused without a fault."""
    return [
        entry
        for entry in view.api
        if entry.path.startswith(prefix) and entry.status in statuses and not entry.fault_id
    ]


def deprecated_paths_are_not_called(view: CaseView) -> Finding:
    """Hold when no call went to a path with an end announced by the day of the call."""
    old = [(entry, past) for entry in view.api if (past := _deprecation(entry)) is not None]
    if old:
        _, past = old[0]
        return broken(
            f"{counted(len(old), 'call')} to a deprecated path; {past.title} ends on "
            f"{past.shut_off} and is replaced by {past.replacement}",
            [row(call, f"{why.title} ends on {why.shut_off}") for call, why in old],
            deprecated=len(old),
        )
    if not view.api:
        return unproven("there was no API call")
    return holds(
        f"{counted(len(view.api), 'call')}, none to a deprecated path",
        calls=len(view.api),
        deprecated=0,
    )


def retired_paths_are_not_called(view: CaseView) -> Finding:
    """Hold when no call went to a path on or after the day that it was shut off."""
    dated = [(call, past) for call in view.api if (past := _deprecation(call)) is not None]
    ended = [(call, past) for call, past in dated if past.shut_off <= _day(call)]
    if ended:
        first, past = ended[0]
        return broken(
            f"{counted(len(ended), 'call')} to a retired path; {first.path} in {first.region} "
            f"(call {first.seq}) belongs to {past.title}, which ended on {past.shut_off}",
            [row(call, f"ended on {why.shut_off}") for call, why in ended],
            retired=len(ended),
        )
    work = [call for call in view.api if not call.operation.startswith("profiles.")]
    if not work:
        return unproven("no call was made but for profiles")
    return holds(f"{counted(len(work), 'call')}, none to a retired path", retired=0)


def versions_are_named(view: CaseView) -> Finding:
    """Hold when every call to a resource with versioned media types named the version it wants."""
    contract_set = load().operations
    asked = [
        (call, contract_set[call.operation]) for call in view.api if call.operation in contract_set
    ]
    versioned = [(call, op) for call, op in asked if VENDOR in op.reply or VENDOR in op.request]
    if not versioned:
        return unproven("no call went to a resource with versioned media types")
    bare = [(call, lack) for call, op in versioned if (lack := _bare(call, op))]
    numbers = {"calls": len(versioned), "bare": len(bare)}
    if bare:
        first, lack = bare[0]
        return broken(
            f"{len(bare)} of {counted(len(versioned), 'call')} named no version; call {first.seq} "
            f"({first.operation}) sent {lack}",
            [row(call, f"sent {found}") for call, found in bare],
            **numbers,
        )
    return holds(
        f"{counted(len(versioned), 'call')}, all with the version of the resource",
        [row(versioned[0][0], versioned[0][0].headers.get("accept", ""))],
        **numbers,
    )


def _bare(entry: Entry, operation: Operation) -> str:
    """Return the header that names no version, empty when all do."""
    wanted = {"accept": operation.reply, "content-type": operation.request}
    for name, media in wanted.items():
        given = entry.headers.get(name, "")
        if VENDOR in media and VENDOR not in given:
            return f"{name} {quote([given])}" if given else f"no {name}"
    return ""


def other_paths_keep_their_rate(view: CaseView, prefix: str, share: float) -> Finding:
    """Hold when other paths keep their call rate after the paths under ``prefix`` have ended."""
    ends = [call for call in view.api if _is_retired(call, prefix)]
    elsewhere = [call for call in view.api if not call.path.startswith(prefix) and call.is_success]
    if not ends or not elsewhere:
        return unproven("no call reached the retired version, or none went to other paths")
    turn, last = ends[0].arrive, view.api[-1].arrive
    before = [call for call in elsewhere if call.arrive < turn]
    after = [call for call in elsewhere if call.arrive >= turn]
    span = turn - view.api[0].arrive
    if not before or span <= 0:
        return unproven("the version had ended before the call rate could be measured")
    usual = len(before) / span
    rate = len(after) / max(last - turn, 1 / usual)
    numbers = {"before": round(usual, 3), "after": round(rate, 3), "least_share": share}
    sentence = f"{rate:.2f} calls a second to other paths after {prefix} ended, {usual:.2f} before"
    evidence = [row(ends[0], "the version has ended"), *rows(after, "call to another path")]
    if rate < share * usual:
        return broken(
            f"{sentence}; the minimum is {share:.0%} of the rate before", evidence, **numbers
        )
    return holds(sentence, evidence, **numbers)


def _is_retired(entry: Entry, prefix: str) -> bool:
    dead = entry.path.startswith(prefix) and entry.status in RETIRED
    return dead and not entry.fault_id


def versions_are_listed(view: CaseView) -> Finding:
    """Hold when none of the versions in use has an end date."""
    used = Counter(name for entry in view.api for name in _versions(entry))
    if not used:
        return unproven("no call named a version")
    dated = [(one, past) for one in view.api if (past := _deprecation(one)) is not None]
    ends = {past.title: past.shut_off for _, past in dated}
    numbers = {"versions": dict(sorted(used.items())), "ends": ends}
    listed = ", ".join(f"{name} in {counted(count, 'call')}" for name, count in used.items())
    if dated:
        return broken(
            f"versions in use: {listed}; with an end date: {', '.join(ends)}",
            [row(call, f"ends on {past.shut_off}") for call, past in dated],
            **numbers,
        )
    return holds(f"versions in use: {listed}; none has an end date", (), **numbers)


def _versions(entry: Entry) -> set[str]:
    """Return the versions a call names: media types, or a path that begins with one."""
    given = (entry.headers.get(name, "") for name in ("accept", "content-type"))
    media = {text.partition(";")[0].strip() for text in given if VENDOR in text}
    head = entry.path.split("/")[1:3]
    in_path = (
        {f"/{head[0]}/{head[1]}"} if len(head) > 1 and PATH_VERSION.fullmatch(head[0]) else set()
    )
    return media | in_path


def _deprecation(entry: Entry) -> Deprecation | None:
    """Return the deprecation of this path that was announced by the day of the call.

    A path of a contract is not retired, also where the template of an old path fits it. A generic
    answer, from a schema alone, belongs to no contract.
    """
    if entry.operation and not entry.is_generic:
        return None
    day = _day(entry)
    for past, patterns in _calendar():
        # An announcement may be known to the year or the month alone.
        known = past.announced <= day[: len(past.announced)]
        if known and any(pattern.fullmatch(entry.path) for pattern in patterns):
            return past
    return None


def _day(entry: Entry) -> str:
    """Return the day of a call on the sandbox's clock, as an ISO date."""
    return datetime.fromtimestamp(entry.sandbox_send, UTC).date().isoformat()


@cache
def _calendar() -> tuple[tuple[Deprecation, tuple[re.Pattern[str], ...]], ...]:
    """Return the retired paths by deprecation, without those of a single method or media type.

    Those retire a version of a path and not the path, so the path alone cannot show it.
    """
    whole = [past for past in load().deprecations if not past.media_types]
    return tuple(
        (past, tuple(_pattern(path) for path in past.paths if " " not in path)) for past in whole
    )


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", template)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


JUDGES = (
    deprecated_paths_are_not_called,
    other_paths_keep_their_rate,
    retired_paths_are_not_called,
    retired_version_is_not_repeated,
    versions_are_listed,
    versions_are_named,
)

TIMED = (other_paths_keep_their_rate,)

CHAINED = (retired_version_is_not_repeated,)
