"""Checks of how exports are asked for, polled and left.

Source: exports guide (documented): media type per kind, five in progress, an export is kept for a
day, one or two a day; Well-Architected Framework, asynchronous work. The least mean gap of polls
is our own: no number is documented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean
from typing import Any
from urllib.parse import unquote

from adsmock.contracts.loader import load
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry

STATUS = "exports.get"
DOWNLOAD = "storage.get"
COMPLETED, FAILED = "COMPLETED", "FAILED"
THROTTLED, GONE = 429, 404

FIRST_POLLS = 6
"""Later polls may be as far apart as a client likes; the first ones show its pace."""

GROWTH = 1.5
"""Gaps that become so many times as long are growing."""

LEAST_PAUSE = 1.0
"""Seconds before a failed export may be asked for anew (own choice: not at once)."""


@dataclass(slots=True)
class _Export:
    """One export that was accepted, with the status calls for it."""

    create: Entry
    id: str
    polls: list[Entry] = field(default_factory=list)

    @property
    def gaps(self) -> list[float]:
        """The waits before each of the first polls, in seconds."""
        calls = [self.create, *self.polls[:FIRST_POLLS]]
        pairs = pairwise(calls)
        return [later.arrive - earlier.send for earlier, later in pairs]


def media_types_are_named(view: CaseView) -> Finding:
    """Hold when creation and status calls of each export named its own versioned media type."""
    exports = _exports(view)
    wrong: list[Entry] = []
    for create in _creates(view):
        own = load().operations[create.operation]
        if _media(create, "content-type") != own.request.lower():
            wrong.append(create)
    for export in exports:
        accept = load().operations[export.create.operation].reply.lower()
        calls = [export.create, *export.polls]
        wrong += [call for call in calls if _media(call, "accept") != accept]
    kinds = sorted({export.create.operation for export in exports})
    numbers = {"kinds": len(kinds), "wrong": len(wrong)}
    if wrong:
        first = wrong[0]
        named = _media(first, "accept"), _media(first, "content-type")
        return broken(
            f"{first.operation} named Accept {named[0] or 'nothing'} and Content-Type "
            f"{named[1] or 'nothing'}, not the versioned type of its kind",
            rows(wrong, "media type is not the export's own"),
            **numbers,
        )
    if not any(export.polls for export in exports):
        return unproven("no export was created and asked for")
    return holds(
        f"{counted(len(kinds), 'kind')} of export, each with its own media type on every call",
        rows([export.create for export in exports], "created"),
        **numbers,
    )


def polls_are_spaced(view: CaseView, mean_s: float, *, or_growing: bool = False) -> Finding:
    """Hold when the first six polls of each export came ``mean_s`` apart on average.

    ``or_growing`` lets shorter gaps pass when each export's gaps grow.
    """
    measured = [export for export in _exports(view) if export.polls]
    if not measured:
        return unproven("no export was polled")
    worst = min(measured, key=lambda export: fmean(export.gaps))
    mean = fmean(worst.gaps)
    grows = len(worst.gaps) > 1 and worst.gaps[-1] >= GROWTH * worst.gaps[0]
    numbers = {"mean": round(mean, 3), "least": mean_s, "polls": len(worst.polls), "grows": grows}
    sentence = (
        f"the first {counted(len(worst.gaps), 'poll')} came {mean:.2f} s apart on average"
        f"{' and the gaps grew' if grows else ''}; the rule is at least {mean_s:g} s"
        f"{' or growing gaps' if or_growing else ''}"
    )
    evidence = rows(worst.polls[:FIRST_POLLS], "status asked")
    if mean >= mean_s or (or_growing and grows):
        return holds(sentence, evidence, **numbers)
    return broken(sentence, evidence, **numbers)


def throttled_poll_keeps_the_export(view: CaseView) -> Finding:
    """Hold when after a throttled status call no second export was created."""
    throttled = next((one for one in view.of_operation(STATUS) if one.status == THROTTLED), None)
    if throttled is None:
        return unproven("no status call was throttled")
    later = [one for one in _creates(view) if one.seq > throttled.seq]
    evidence = [row(throttled, "the status call was throttled")]
    numbers: dict[str, Any] = {"new_exports": len(later)}
    if later:
        return broken(
            f"{counted(len(later), 'new export')} created because a status call was throttled",
            [*evidence, *rows(later, "a second export")],
            **numbers,
        )
    return holds(
        "no second export was created after the throttled status call", evidence, **numbers
    )


def refused_exports_are_few(view: CaseView, share: float) -> Finding:
    """Hold when at most ``share`` of the accepted creations were refused over the cap."""
    creates = _creates(view)
    accepted = [one for one in creates if one.is_success]
    refused = [one for one in creates if one.status == THROTTLED]
    numbers = {"accepted": len(accepted), "refused": len(refused), "share": share}
    if not accepted:
        return unproven("no export was accepted")
    sentence = (
        f"{counted(len(refused), 'creation')} refused over the cap and {len(accepted)} accepted; "
        f"the rule is at most {share:.0%}"
    )
    if len(refused) > share * len(accepted):
        return broken(sentence, rows(refused, "over the cap"), **numbers)
    return holds(sentence, rows(accepted, "accepted"), **numbers)


def exports_all_finish(view: CaseView, count: int) -> Finding:
    """Hold when as many exports were seen complete as the task asks for."""
    exports = _exports(view)
    done = [export for export in exports if _is(export.polls, COMPLETED)]
    numbers = {"done": len(done), "wanted": count}
    if not exports:
        return unproven("no export was accepted")
    sentence = f"{counted(len(done), 'export')} finished; {count} were wanted"
    evidence = rows([export.create for export in exports], "created")
    if len(done) < count:
        return broken(sentence, evidence, **numbers)
    return holds(sentence, evidence, **numbers)


def failed_export_is_left(view: CaseView, most: int) -> Finding:
    """Hold when a failed export was not asked about again, and new ones were few and spaced."""
    failed = next((one for one in _exports(view) if _is(one.polls, FAILED)), None)
    if failed is None:
        return unproven("no status call said that an export failed")
    told = next(poll for poll in failed.polls if _status(poll) == FAILED)
    more = [poll for poll in failed.polls if poll.seq > told.seq]
    anew = [one for one in _creates(view) if one.seq > told.seq]
    hasty = [one for one in anew[:1] if one.arrive - told.send < LEAST_PAUSE]
    numbers = {"polls_after": len(more), "new_exports": len(anew), "most": most}
    evidence = [row(told, "the export has failed")]
    if more or len(anew) > most or hasty:
        return broken(
            f"after FAILED the export was asked about {counted(len(more), 'more time')} and "
            f"{counted(len(anew), 'new export')} created{' at once' if hasty else ''}; "
            f"no poll and {most} spaced creations are allowed",
            [*evidence, *rows(more, "a failed export polled"), *rows(anew, "a new export")],
            **numbers,
        )
    return holds(
        f"after FAILED it was not asked about again; {counted(len(anew), 'new export')} created",
        [*evidence, *rows(anew, "a new export")],
        **numbers,
    )


def polling_ends(view: CaseView, limit_s: float, most_new: int) -> Finding:
    """Hold when an export that never ends was left in time, and not replaced for ever.

    A program that still polls when the case is over, within the limit, has shown neither.
    """
    exports = [export for export in _exports(view) if export.polls]
    if not exports:
        return unproven("no export was polled")
    longest = max(exports, key=_duration)
    numbers = {"seconds": round(_duration(longest)), "limit": limit_s, "exports": len(exports)}
    evidence = [row(longest.create, "created"), row(longest.polls[-1], "the last poll")]
    if _duration(longest) > limit_s or len(exports) > most_new + 1:
        return broken(
            f"an export was polled for {_duration(longest):.0f} s, with "
            f"{counted(len(exports) - 1, 'new export')}; the rule is {limit_s:g} s and {most_new}",
            evidence,
            **numbers,
        )
    if view.record.ending.timed_out:
        return unproven(
            f"an export was still polled after {_duration(longest):.0f} s, when the client was "
            f"stopped; {limit_s:g} s are allowed"
        )
    return holds(
        f"polling ended after {_duration(longest):.0f} s, with "
        f"{counted(len(exports) - 1, 'new export')}",
        evidence,
        **numbers,
    )


def gone_export_is_made_anew(view: CaseView) -> Finding:
    """Hold when an export that is not kept any longer led to one new one and no more polls."""
    gone = next((one for one in view.of_operation(STATUS) if one.status == GONE), None)
    if gone is None:
        return unproven("no export was gone")
    more = [
        one for one in view.of_operation(STATUS) if one.seq > gone.seq and _id(one) == _id(gone)
    ]
    # A request that was refused, for its token for instance, made no export.
    anew = [one for one in _creates(view) if one.seq > gone.seq and one.is_success]
    numbers = {"polls_after": len(more), "new_exports": len(anew)}
    evidence = [row(gone, "the export is gone")]
    if more or len(anew) > 1:
        return broken(
            f"an export that was gone was asked about {counted(len(more), 'more time')}, and "
            f"{counted(len(anew), 'new export')} created; no poll and one new export are allowed",
            [*evidence, *rows(more, "asked again"), *rows(anew, "a new export")],
            **numbers,
        )
    return holds(
        f"no more polls of the export that was gone; {counted(len(anew), 'new export')} created",
        [*evidence, *rows(anew, "a new export")],
        **numbers,
    )


def _duration(export: _Export) -> float:
    return export.polls[-1].arrive - export.create.send


def _creates(view: CaseView) -> list[Entry]:
    return [one for one in view.of_verb("create") if one.operation.startswith("exports.")]


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


def _media(call: Entry, header: str) -> str:
    return call.headers.get(header, "").partition(";")[0].strip().lower()


JUDGES = (
    exports_all_finish,
    failed_export_is_left,
    gone_export_is_made_anew,
    media_types_are_named,
    polling_ends,
    polls_are_spaced,
    refused_exports_are_few,
    throttled_poll_keeps_the_export,
)

TIMED = (polling_ends,)
