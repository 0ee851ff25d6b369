"""Checks of waiting for a report: how often it is polled, and how polling ends.

Sources: reporting v3, get started: up to three hours, a delay between polls; Well-Architected
Framework, reporting: delete a pending report before it is requested again (documented).
"""

from __future__ import annotations

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.poll_pace import describe, pace_of
from adsmock.harness.suite.checks.reaction import acted_after
from adsmock.harness.suite.checks.report_entry import CREATE, DELETE, STATUS, TOO_EARLY, state
from adsmock.harness.suite.journal import CaseView, Entry

ENDS = ("COMPLETED", "FAILED")

FAR_APART = 5.0
"""Seconds between polls that need no sample: a slow client makes few polls (own choice)."""

SPACED = 1.0
"""A new report within these seconds after a failed one counts as immediate."""


def report_polls_are_spaced(
    view: CaseView, polls: int, least: float, patient: float | None = None
) -> Finding:
    """Hold when the polls of a report are on average ``least`` seconds apart.

    The first polls and all later ones are averaged apart, and no minute may have more than 60. With
    ``patient`` they must be that many seconds apart, or the intervals must grow.
    """
    looks = _longest(view)
    if len(looks) < polls:
        return _few_polls(view, looks, polls)
    pace = pace_of(looks, polls - 1)
    wanted, growing = (least, False) if patient is None else (patient, True)
    numbers = {
        "looks": len(looks),
        "mean": round(pace.mean, 3),
        "least": wanted,
        "grows": pace.grows,
        "busiest_minute": pace.busiest,
    }
    sentence = f"for one report, {describe(pace, wanted, or_growing=growing)}"
    evidence = [
        row(look, f"{gap:.2f} s after the last answer")
        for look, gap in zip(looks[1:polls], pace.gaps, strict=True)
    ]
    answer = holds if pace.is_at_least(wanted, or_growing=growing) else broken
    return answer(sentence, evidence, **numbers)


def _few_polls(view: CaseView, looks: list[Entry], polls: int) -> Finding:
    """Return that fewer polls than needed for an average suffice when they are far apart."""
    creates = [
        call for call in view.of_operation(CREATE) if looks and str(_report(call)) in looks[0].path
    ]
    if creates and (pace := pace_of([creates[0], *looks], from_create=True)).mean >= FAR_APART:
        return holds(
            f"for one report, {counted(len(looks), 'poll')} came {pace.mean:.0f} s apart on "
            f"average; the minimum is {FAR_APART:g} s for fewer than {polls} polls",
            rows(looks, "poll"),
            looks=len(looks),
            mean=round(pace.mean, 3),
        )
    return unproven(f"{counted(len(looks), 'poll')} of one report; {polls} are needed")


def failed_report_is_not_polled(view: CaseView, most: int) -> Finding:
    """Hold when a failed report was not polled again, and few new ones came, after a wait."""
    failed = next((call for call in view.of_operation(STATUS) if state(call) == "FAILED"), None)
    if failed is None:
        return unproven("no report failed")
    later = [entry for entry in view.entries if entry.seq > failed.seq]
    looks = [call for call in later if call.operation == STATUS and call.path == failed.path]
    same = _asked_like(view, failed)
    new = [call for call in later if call.operation == CREATE and call.chain in same]
    immediate = [
        after
        for before, after in zip([failed, *new], new, strict=False)
        if after.arrive - before.send < SPACED
    ]
    numbers = {"looks": len(looks), "new": len(new), "most": most, "immediate": len(immediate)}
    evidence = [row(failed, "the report has failed")]
    found = _breach(looks, new, immediate, most)
    if found:
        sentence, more = found
        return broken(sentence, [*evidence, *more], **numbers)
    if not (new or acted_after(view, failed)):
        return unproven("the client neither requested a new report nor reported the failure")
    return holds(
        f"the failed report was not polled again; {counted(len(new), 'new report')} requested",
        [*evidence, *rows(new, "new report")],
        **numbers,
    )


def _breach(
    looks: list[Entry], new: list[Entry], immediate: list[Entry], most: int
) -> tuple[str, tuple[Evidence, ...]] | None:
    if looks:
        return (
            f"the failed report was polled {counted(len(looks), 'more time')}",
            rows(looks, "poll of a failed report"),
        )
    if len(new) > most:
        return (
            f"{counted(len(new), 'new report')} after the failure; the limit is {most}",
            rows(new[most:], "one report too many"),
        )
    if immediate:
        return "a new report was requested at once", rows(immediate, "requested without a wait")
    return None


def pending_report_is_deleted(view: CaseView) -> Finding:
    """Hold when a pending report was deleted before the same one was requested again."""
    creates = [call for call in view.of_operation(CREATE) if call.status in (200, TOO_EARLY)]
    again = (
        [create for create in creates[1:] if create.chain == creates[0].chain] if creates else []
    )
    if not again:
        return unproven("no report was given up and requested again")
    gone = [
        call
        for call in view.of_operation(DELETE)
        if creates[0].seq < call.seq < again[0].seq and call.is_success
    ]
    numbers = {"creations": 1 + len(again), "deleted": len(gone)}
    if not gone:
        return broken(
            "the same report was requested again while the first was pending, without a DELETE",
            [row(creates[0], "given up while pending"), row(again[0], "requested again")],
            **numbers,
        )
    return holds(
        "the pending report was deleted before the same one was requested again",
        [row(gone[0], "deleted"), row(again[0], "requested again")],
        **numbers,
    )


def _asked_like(view: CaseView, look: Entry) -> set[str]:
    """Return the chains of requests for the polled report; all if none is known."""
    creates = view.of_operation(CREATE)
    origin = {create.chain for create in creates if str(_report(create)) in look.path}
    return origin or {create.chain for create in creates}


def _report(create: Entry) -> object:
    return create.reply.get("reportId") if isinstance(create.reply, dict) else None


def _longest(view: CaseView) -> list[Entry]:
    """Return the polls of the most polled report, up to its final status."""
    found: dict[str, list[Entry]] = {}
    for call in view.of_operation(STATUS):
        looks = found.setdefault(call.path, [])
        if not looks or state(looks[-1]) not in ENDS:
            looks.append(call)
    return max(found.values(), key=len, default=[])


JUDGES = (report_polls_are_spaced, failed_report_is_not_polled, pending_report_is_deleted)
