"""Checks of waiting for a report: how often it is looked at, and how it is left.

Sources: reporting v3, get started: up to three hours, a delay between polls; Well-Architected
Framework, reporting: take back what is pending before asking again (documented).
"""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean

from adsmock.harness.suite.checks.finding import (
    Finding,
    Row,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.report_entry import CREATE, DELETE, STATUS, TOO_EARLY, state
from adsmock.harness.suite.journal import CaseView, Entry

ENDS = ("COMPLETED", "FAILED")

SPACED = 1.0
"""Seconds under which a new report follows a failed one at once."""


def report_polls_are_spaced(
    view: CaseView, polls: int, least: float, patient: float | None = None
) -> Finding:
    """Hold when the first looks at a report are on average ``least`` seconds apart.

    With ``patient`` it is enough that they are so far apart, or that the gaps grow.
    """
    looks = _longest(view)
    gaps = _gaps(looks[:polls])
    if len(gaps) < polls - 1:
        return unproven(f"{counted(len(looks), 'look')} at one report; {polls} are needed")
    mean = fmean(gaps)
    grows = patient is not None and gaps[-1] > gaps[0] and sorted(gaps) == gaps
    wanted = least if patient is None else patient
    numbers = {"looks": len(looks), "mean": round(mean, 3), "least": wanted, "grows": grows}
    sentence = (
        f"the first {polls} looks at the report were {mean:.2f} s apart on average; "
        f"the rule is at least {wanted:g} s" + (" or growing gaps" if patient is not None else "")
    )
    evidence = [
        row(look, f"{gap:.2f} s after the last answer")
        for look, gap in zip(looks[1:polls], gaps, strict=True)
    ]
    if mean >= wanted or grows:
        return holds(sentence, evidence, **numbers)
    return broken(sentence, evidence, **numbers)


def failed_report_is_left(view: CaseView, most: int) -> Finding:
    """Hold when a failed report was not looked at again and few new ones followed, spaced."""
    failed = next((one for one in view.of_operation(STATUS) if state(one) == "FAILED"), None)
    if failed is None:
        return unproven("no report was seen to fail")
    later = [one for one in view.entries if one.seq > failed.seq]
    looks = [one for one in later if one.operation == STATUS and one.path == failed.path]
    same = _asked_like(view, failed)
    anew = [one for one in later if one.operation == CREATE and one.chain in same]
    hasty = [
        after
        for before, after in zip([failed, *anew], anew, strict=False)
        if after.arrive - before.send < SPACED
    ]
    numbers = {"looks": len(looks), "new": len(anew), "most": most, "hasty": len(hasty)}
    evidence = [row(failed, "the report has failed")]
    found = _unrest(looks, anew, hasty, most)
    if found:
        sentence, more = found
        return broken(sentence, [*evidence, *more], **numbers)
    return holds(
        f"no look at the failed report, {counted(len(anew), 'new one')}",
        [*evidence, *rows(anew, "asked for anew")],
        **numbers,
    )


def _unrest(
    looks: list[Entry], anew: list[Entry], hasty: list[Entry], most: int
) -> tuple[str, tuple[Row, ...]] | None:
    if looks:
        return (
            f"the failed report was looked at {counted(len(looks), 'time')} more",
            rows(looks, "looked at a failed report"),
        )
    if len(anew) > most:
        return (
            f"{counted(len(anew), 'new report')} after the failure; {most} are allowed",
            rows(anew[most:], "one more new report"),
        )
    if hasty:
        return "a new report was asked for at once", rows(hasty, "asked for without a pause")
    return None


def pending_report_is_taken_back(view: CaseView) -> Finding:
    """Hold when a report that was given up while pending was deleted before it was wanted again."""
    creates = [one for one in view.of_operation(CREATE) if one.status in (200, TOO_EARLY)]
    again = [one for one in creates[1:] if one.chain == creates[0].chain] if creates else []
    if not again:
        return unproven("no report was given up and asked for again")
    gone = [
        one
        for one in view.of_operation(DELETE)
        if creates[0].seq < one.seq < again[0].seq and one.is_success
    ]
    numbers = {"creations": 1 + len(again), "deleted": len(gone)}
    if not gone:
        return broken(
            "the same report was asked for again while the first was pending, without a DELETE",
            [row(creates[0], "given up while pending"), row(again[0], "asked for again")],
            **numbers,
        )
    return holds(
        "the pending report was deleted before the same one was asked for again",
        [row(gone[0], "taken back"), row(again[0], "asked for again")],
        **numbers,
    )


def _asked_like(view: CaseView, look: Entry) -> set[str]:
    """Return the chains of creations that asked for the report of a look; all if none is known."""
    creates = view.of_operation(CREATE)
    origin = {one.chain for one in creates if str(_report(one)) in look.path}
    return origin or {one.chain for one in creates}


def _report(create: Entry) -> object:
    return create.reply.get("reportId") if isinstance(create.reply, dict) else None


def _longest(view: CaseView) -> list[Entry]:
    """Return the looks at the report that was looked at most, up to the one that saw its end."""
    found: dict[str, list[Entry]] = {}
    for one in view.of_operation(STATUS):
        looks = found.setdefault(one.path, [])
        if not looks or state(looks[-1]) not in ENDS:
            looks.append(one)
    return max(found.values(), key=len, default=[])


def _gaps(looks: list[Entry]) -> list[float]:
    return [after.arrive - before.send for before, after in pairwise(looks)]


JUDGES = (report_polls_are_spaced, failed_report_is_left, pending_report_is_taken_back)
