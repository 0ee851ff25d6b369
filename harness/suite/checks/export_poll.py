"""Checks of how exports are asked for, polled and left.

Source: exports guide (documented): media type per kind, five in progress, an export is kept for a
day, one or two a day; Well-Architected Framework, asynchronous work. The least mean gap of polls
is our own: no number is documented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from adsmock.contracts.loader import load
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
from adsmock.harness.suite.checks.poll_pace import Pace, describe, pace_of
from adsmock.harness.suite.checks.reaction import acted_after, reports_failure, was_stopped
from adsmock.harness.suite.journal import CaseView, Entry

STATUS = "exports.get"
DOWNLOAD = "storage.get"
COMPLETED, FAILED = "COMPLETED", "FAILED"
ENDS = (COMPLETED, FAILED)
THROTTLED, GONE = 429, 404

EVIDENCE = 12
"""How many polls are shown as evidence."""

LEAST_PAUSE = 1.0
"""Minimum seconds before a failed export may be created again (own choice)."""


@dataclass(slots=True)
class _Export:
    """One export that was accepted, with the status calls for it."""

    create: Entry
    id: str
    polls: list[Entry] = field(default_factory=list)

    @property
    def waited(self) -> list[Entry]:
        """The polls up to the first final status; a later one only renews the URL."""
        ends = (at for at, poll in enumerate(self.polls, 1) if _status(poll) in ENDS)
        return self.polls[: next(ends, len(self.polls))]

    def pace(self, *, from_create: bool) -> Pace:
        """Return the pace of its polls, after the creation where its wait counts."""
        is_alone = len(self.waited) < 2  # noqa: PLR2004 -- an interval needs two polls
        if from_create or is_alone:
            return pace_of([self.create, *self.waited], from_create=True)
        return pace_of(self.waited)

    @property
    def shows_pace(self) -> bool:
        """Whether it was polled to its end or more than once; one poll alone is no pace."""
        return len(self.polls) > 1 or any(_status(poll) in ENDS for poll in self.polls)


def media_types_are_named(view: CaseView) -> Finding:
    """Hold when create and status calls of each export named its own versioned media type."""
    exports = _exports(view)
    wrong: list[Entry] = []
    for create in _creates(view):
        own = load().operations[create.operation]
        if _media(create, "content-type") != own.request.lower():
            wrong.append(create)
    for export in exports:
        accept = load().operations[export.create.operation].reply.lower()
        calls = [export.create, *export.polls]
        wrong += [call for call in calls if accept not in _accepted(call)]
    kinds = sorted({export.create.operation for export in exports})
    numbers = {"kinds": len(kinds), "wrong": len(wrong)}
    if wrong:
        first = wrong[0]
        named = _media(first, "accept"), _media(first, "content-type")
        return broken(
            f"{first.operation} had Accept {quote([named[0] or 'none'])} and Content-Type "
            f"{quote([named[1] or 'none'])}, not the versioned type of its kind",
            rows(wrong, "wrong media type"),
            first,
            **numbers,
        )
    if not any(export.polls for export in exports):
        return unproven("no export was created and polled")
    return holds(
        f"exports of {counted(len(kinds), 'kind')}, each with its own media type on every call",
        rows([export.create for export in exports], "created"),
        **numbers,
    )


def polls_are_spaced(view: CaseView, mean_s: float, *, or_growing: bool = False) -> Finding:
    """Hold when the polls of each export came ``mean_s`` apart on average.

    The first six polls and all later ones are averaged apart, and no minute may have more than 60.
    The wait before the first poll counts only where ``or_growing`` accepts shorter intervals that
    grow, and for an export with one poll.
    """
    measured = [export for export in _exports(view) if export.shows_pace]
    if not measured:
        return unproven("no export was polled to its end, or more than once")
    paces = [export.pace(from_create=or_growing) for export in measured]
    failed = [
        (pace, export)
        for pace, export in zip(paces, measured, strict=True)
        if not pace.is_at_least(mean_s, or_growing=or_growing)
    ]
    pace, export = (
        failed[0]
        if failed
        else min(zip(paces, measured, strict=True), key=lambda pair: pair[0].mean)
    )
    numbers = {
        "mean": round(pace.mean, 3),
        "least": mean_s,
        "polls": len(export.polls),
        "grows": pace.grows,
        "busiest_minute": pace.busiest,
    }
    sentence = describe(pace, mean_s, or_growing=or_growing)
    evidence = rows(export.polls[:EVIDENCE], "poll")
    answer = broken if failed else holds
    return answer(sentence, evidence, **numbers)


def throttled_poll_keeps_the_export(view: CaseView) -> Finding:
    """Hold when after a throttled status call no second export was created."""
    throttled = next((call for call in view.of_operation(STATUS) if call.status == THROTTLED), None)
    if throttled is None:
        return unproven("no status call was throttled")
    later = [create for create in _creates(view) if create.seq > throttled.seq]
    polls = [
        call
        for call in view.of_operation(STATUS)
        if call.seq > throttled.seq and _id(call) == _id(throttled)
    ]
    evidence = [row(throttled, "the status call was throttled")]
    numbers: dict[str, Any] = {"new_exports": len(later)}
    if later:
        return broken(
            f"{counted(len(later), 'new export')} created after a throttled status call",
            [*evidence, *rows(later, "second export")],
            **numbers,
        )
    if not polls:
        return unproven("the export was not polled again after the throttled status call")
    return holds(
        "the export was polled again after the throttled status call, and no second one created",
        [*evidence, *rows(polls, "polled again")],
        **numbers,
    )


def refused_exports_are_few(view: CaseView, share: float) -> Finding:
    """Hold when refused creations are at most ``share`` of the accepted ones."""
    creates = _creates(view)
    accepted = [create for create in creates if create.is_success]
    refused = [create for create in creates if create.status == THROTTLED]
    numbers = {"accepted": len(accepted), "refused": len(refused), "share": share}
    if not accepted:
        return unproven("no export was accepted")
    sentence = (
        f"{counted(len(refused), 'export')} refused as one too many and {len(accepted)} accepted; "
        f"the limit is {share:.0%} of the accepted"
    )
    if len(refused) > share * len(accepted):
        return broken(sentence, rows(refused, "one export too many"), **numbers)
    return holds(sentence, rows(accepted, "accepted"), **numbers)


def exports_all_finish(view: CaseView, count: int) -> Finding:
    """Hold when as many exports completed as the task needs."""
    exports = _exports(view)
    done = [export for export in exports if _is(export.polls, COMPLETED)]
    numbers = {"done": len(done), "wanted": count}
    if not exports:
        return unproven("no export was accepted")
    sentence = f"{counted(len(done), 'export')} finished; the task needs {count}"
    evidence = rows([export.create for export in exports], "created")
    if len(done) < count and was_stopped(view):
        return unproven(f"{sentence}; the client was stopped before its end", **numbers)
    if len(done) < count:
        return broken(sentence, evidence, **numbers)
    return holds(sentence, evidence, **numbers)


def failed_export_is_not_polled(view: CaseView, most: int) -> Finding:
    """Hold when a failed export was not polled again, and few new ones came, after a wait."""
    failed = next((export for export in _exports(view) if _is(export.polls, FAILED)), None)
    if failed is None:
        return unproven("no export failed")
    end = next(poll for poll in failed.polls if _status(poll) == FAILED)
    more = [poll for poll in failed.polls if poll.seq > end.seq]
    new = [create for create in _creates(view) if create.seq > end.seq]
    immediate = [call for call in new[:1] if call.arrive - end.send < LEAST_PAUSE]
    numbers = {"polls_after": len(more), "new_exports": len(new), "most": most}
    evidence = [row(end, "the export has failed")]
    if more or len(new) > most or immediate:
        return broken(
            f"after FAILED the export was polled {counted(len(more), 'more time')} and "
            f"{counted(len(new), 'new export')} created{' at once' if immediate else ''}; "
            f"the limit is no poll and {counted(most, 'new export')}, each after a wait",
            [*evidence, *rows(more, "poll of a failed export"), *rows(new, "new export")],
            **numbers,
        )
    if not acted_after(view, end):
        return unproven("the client neither created a new export nor reported the failure")
    return holds(
        f"after FAILED the export was not polled again; {counted(len(new), 'new export')} created",
        [*evidence, *rows(new, "new export")],
        **numbers,
    )


def polling_ends(view: CaseView, limit_s: float, most_new: int) -> Finding:
    """Hold when polling of an endless export ends in time, with few new exports.

    A program that is polling when the case ends, within the limit, leaves this unproven.
    """
    exports = [export for export in _exports(view) if export.polls]
    if not exports:
        return unproven("no export was polled")
    longest = max(exports, key=_duration)
    numbers = {"seconds": round(_duration(longest)), "limit": limit_s, "exports": len(exports)}
    evidence = [row(longest.create, "created"), row(longest.polls[-1], "last poll")]
    if _duration(longest) > limit_s or len(exports) > most_new + 1:
        return broken(
            f"an export was polled for {_duration(longest):.0f} s, with "
            f"{counted(len(exports) - 1, 'new export')}; the limit is {limit_s:g} s and {most_new}",
            evidence,
            **numbers,
        )
    if len(longest.polls) == 1:
        return unproven("no export was polled more than once")
    if was_stopped(view):
        return unproven(
            f"the client was polling an export for {_duration(longest):.0f} s when it was stopped; "
            f"the limit is {limit_s:g} s"
        )
    return holds(
        f"polling ended after {_duration(longest):.0f} s, with "
        f"{counted(len(exports) - 1, 'new export')}",
        evidence,
        **numbers,
    )


def expired_export_is_created_again(view: CaseView) -> Finding:
    """Hold when an expired export led to one new export and no more polls.

    A reported failure is enough: the next run creates it.
    """
    gone = next((call for call in view.of_operation(STATUS) if call.status == GONE), None)
    if gone is None:
        return unproven("no export had expired")
    more = [
        call for call in view.of_operation(STATUS) if call.seq > gone.seq and _id(call) == _id(gone)
    ]
    # A request that was refused, for its token for instance, created no export.
    new = [create for create in _creates(view) if create.seq > gone.seq and create.is_success]
    numbers = {"polls_after": len(more), "new_exports": len(new)}
    evidence = [row(gone, "the export has expired")]
    if more or len(new) > 1:
        return broken(
            f"an expired export was polled {counted(len(more), 'more time')}, and "
            f"{counted(len(new), 'new export')} created; the limit is no poll and one new export",
            [*evidence, *rows(more, "polled again"), *rows(new, "new export")],
            **numbers,
        )
    if not new and reports_failure(view):
        return holds(
            "the expired export was not polled again, and the client reported the failure",
            evidence,
            **numbers,
        )
    if not new:
        return unproven("after the export had expired, no new one was created or failure reported")
    return holds(
        "the expired export was not polled again, and one new export was created",
        [*evidence, *rows(new, "new export")],
        **numbers,
    )


def _duration(export: _Export) -> float:
    return export.polls[-1].arrive - export.create.send


def _creates(view: CaseView) -> list[Entry]:
    return [call for call in view.of_verb("create") if call.operation.startswith("exports.")]


def _exports(view: CaseView) -> list[_Export]:
    """Return the exports that were accepted, each with its status calls."""
    made = [
        _Export(create, str(create.reply["exportId"]))
        for create in _creates(view)
        if create.is_success and isinstance(create.reply, dict) and create.reply.get("exportId")
    ]
    for export in made:
        export.polls += [poll for poll in view.of_operation(STATUS) if _id(poll) == export.id]
    return made


def _id(poll: Entry) -> str:
    return unquote(poll.path.rpartition("/")[2])


def _status(poll: Entry) -> str:
    return str(poll.reply.get("status")) if isinstance(poll.reply, dict) else ""


def _is(polls: list[Entry], status: str) -> bool:
    return any(_status(poll) == status for poll in polls)


def _accepted(call: Entry) -> list[str]:
    """Return the media types that a call accepts; it may name others besides the right one."""
    named = call.headers.get("accept", "").split(",")
    return [each.partition(";")[0].strip().lower() for each in named]


def _media(call: Entry, header: str) -> str:
    return call.headers.get(header, "").partition(";")[0].strip().lower()


JUDGES = (
    exports_all_finish,
    failed_export_is_not_polled,
    expired_export_is_created_again,
    media_types_are_named,
    polling_ends,
    polls_are_spaced,
    refused_exports_are_few,
    throttled_poll_keeps_the_export,
)

TIMED = (polling_ends,)
