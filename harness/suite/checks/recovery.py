"""Drills: a region goes dark in the middle of steady work, and comes back.

Measured from the journal alone. The recovery time is counted from the last answer of the dark
region to the first good one after it, so it is never shorter than the real one. The recovery point
is counted in writes: what the tasks wanted against what stands in the store. Limits are the
partner's own, from the manifest; where none are declared, ours.
Source: Well-Architected Framework, fundamental component, recovery objectives; documented.
"""

from __future__ import annotations

from collections import Counter

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
from adsmock.harness.suite.journal import CaseView, Entry


def work_flows_again(view: CaseView, region: str, fault: str, rto_s: float) -> Finding:
    """Hold when work in the region succeeded again within the recovery time objective."""
    dark = view.with_fault(fault)
    if not dark:
        return unproven("the region was never met dark")
    objective = view.manifest.recovery.rto_seconds or rto_s
    last = max(dark, key=lambda one: one.seq)
    later = (one for one in view.api if one.region == region and one.seq > last.seq)
    back = next((one for one in later if one.is_success), None)
    numbers = {
        "dark_attempts": len(dark),
        "dark_s": round(last.send - dark[0].arrive, 3),
        "recovery_s": round(back.arrive - last.send, 3) if back else None,
        "objective_s": objective,
    }
    if back is None:
        return broken(
            f"no call to {region} succeeded after it had been dark",
            [row(last, "the last call to the dark region")],
            **numbers,
        )
    recovery = back.arrive - last.send
    evidence = [
        row(last, "the last dark answer"),
        row(back, f"work flows again after {recovery:.1f} s"),
    ]
    sentence = (
        f"{region} was found dark {counted(len(dark), 'time')} in {numbers['dark_s']:.1f} s; the "
        f"first good answer came {recovery:.1f} s after the last of them, {objective:g} s are the "
        "objective"
    )
    return (broken if recovery > objective else holds)(sentence, evidence, **numbers)


def writes_survive(view: CaseView, resource: str, rpo_writes: int) -> Finding:
    """Hold when no more intended writes are missing than the recovery point objective allows."""
    struck = [one for one in view.entries if one.fault_id]
    wanted, standing = _wanted(view, resource), _standing(view, resource)
    if not struck or not wanted:
        return unproven("no call met a fault, or nothing was to be written")
    declared = view.manifest.recovery.rpo_writes
    objective = rpo_writes if declared is None else declared
    lost = sorted((wanted - standing).elements())
    numbers = {"wanted": wanted.total(), "lost": len(lost), "objective": objective}
    if len(lost) > objective:
        return broken(
            f"{len(lost)} of {counted(wanted.total(), 'intended write')} are missing at the end: "
            f"{quote(lost)}; {objective} may be",
            rows(struck, "met the fault"),
            **numbers,
        )
    return holds(
        f"{counted(wanted.total(), 'intended write')}, {len(lost)} of them missing",
        rows(struck, "met the fault"),
        **numbers,
    )


def writes_are_not_doubled(view: CaseView, resource: str) -> Finding:
    """Hold when nothing stands in the store that was not intended, and nothing twice."""
    struck = [one for one in view.entries if one.fault_id]
    wanted, standing = _wanted(view, resource), _standing(view, resource)
    if not struck or not wanted:
        return unproven("no call met a fault, or nothing was to be written")
    extra = sorted((standing - wanted).elements())
    numbers = {"wanted": wanted.total(), "standing": standing.total(), "extra": len(extra)}
    if extra:
        return broken(
            f"{counted(len(extra), 'creation')} too many, beside the "
            f"{wanted.total()} intended: {quote(extra)}",
            rows(struck, "met the fault"),
            **numbers,
        )
    return holds(
        f"{standing.total()} of {counted(wanted.total(), 'intended write')} stand, none twice",
        rows(struck, "met the fault"),
        **numbers,
    )


def _wanted(view: CaseView, resource: str) -> Counter[str]:
    """Return the names that the tasks want created, each with how often."""
    lists = (args["items"] for args in view.task_args("create") if args["resource"] == resource)
    return Counter(str(item["name"]) for items in lists for item in items)


def _standing(view: CaseView, resource: str) -> Counter[str]:
    """Return the names of what was created, each with how often it stands there."""
    shelves = (shelf.get(resource, ()) for shelf in view.record.created.values())
    return Counter(str(entity["name"]) for shelf in shelves for entity in shelf)


def dark_region_is_spared(
    view: CaseView, fault: str, per_second: float, window_s: float
) -> Finding:
    """Hold when no window of the dark time saw more attempts than the cap.

    The cap is the client's, however many workers it has: the region counts no workers.
    """
    dark = view.with_fault(fault)
    if not dark:
        return unproven("the region was never met dark")
    times = [one.arrive for one in dark]
    span = max(times[-1] - times[0], 1.0)
    busiest = max(_crowd(dark, start, window_s) for start in times)
    most = per_second * window_s
    numbers = {
        "attempts": len(dark),
        "mean_per_second": round(len(dark) / span, 3),
        "busiest_window": busiest,
        "window_s": window_s,
        "most": most,
    }
    sentence = (
        f"{counted(len(dark), 'attempt')} at the dark region in {span:.1f} s; the busiest "
        f"{window_s:g} s saw {busiest}, {most:g} are the limit"
    )
    evidence = rows(dark, "an attempt at the dark region")
    return (broken if busiest > most else holds)(sentence, evidence, **numbers)


def _crowd(entries: tuple[Entry, ...], start: float, window_s: float) -> int:
    return sum(1 for one in entries if start <= one.arrive < start + window_s)


JUDGES = (dark_region_is_spared, work_flows_again, writes_are_not_doubled, writes_survive)

TIMED = (work_flows_again,)
