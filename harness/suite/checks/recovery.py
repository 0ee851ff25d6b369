"""Outage drills: a region becomes unavailable in the middle of steady work, and returns.

Measured from the journal alone. The recovery time is counted from the last failed answer of the
region to the first success after it, so it is never shorter than the real one. The recovery point
is counted in writes: the tasks' writes compared with what exists at the end. The limits come from
the manifest, else from the case.
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


def work_resumes(view: CaseView, region: str, fault: str, rto_s: float) -> Finding:
    """Hold when work in the region succeeded again within the recovery time objective."""
    dark = view.with_fault(fault)
    if not dark:
        return unproven("the region was never unavailable for a call")
    objective = view.manifest.recovery.rto_seconds or rto_s
    last = max(dark, key=lambda call: call.seq)
    later = (call for call in view.api if call.region == region and call.seq > last.seq)
    back = next((call for call in later if call.is_success), None)
    numbers = {
        "dark_attempts": len(dark),
        "dark_s": round(last.send - dark[0].arrive, 3),
        "recovery_s": round(back.arrive - last.send, 3) if back else None,
        "objective_s": objective,
    }
    if back is None:
        return broken(
            f"no call to {region} succeeded after the outage",
            [row(last, "last call during the outage")],
            **numbers,
        )
    recovery = back.arrive - last.send
    evidence = [
        row(last, "last failed answer"),
        row(back, f"first success after {recovery:.1f} s"),
    ]
    sentence = (
        f"{counted(len(dark), 'failed call')} to {region} in {numbers['dark_s']:.1f} s; the first "
        f"success came {recovery:.1f} s after the last of them; the objective is {objective:g} s"
    )
    return (broken if recovery > objective else holds)(sentence, evidence, **numbers)


def writes_survive(view: CaseView, resource: str, rpo_writes: int) -> Finding:
    """Hold when no more intended writes are missing than the recovery point objective allows."""
    struck = [entry for entry in view.entries if entry.fault_id]
    wanted, existing = wanted_names(view, resource), existing_names(view, resource)
    if not struck or not wanted:
        return unproven("no call was affected by a fault, or the tasks write nothing")
    declared = view.manifest.recovery.rpo_writes
    objective = rpo_writes if declared is None else declared
    lost = sorted((wanted - existing).elements())
    numbers = {"wanted": wanted.total(), "lost": len(lost), "objective": objective}
    if len(lost) > objective:
        return broken(
            f"{len(lost)} of {counted(wanted.total(), 'intended write')} missing at the end: "
            f"{quote(lost)}; the objective is at most {objective}",
            rows(struck, "failed by the fault"),
            **numbers,
        )
    return holds(
        f"{counted(wanted.total(), 'intended write')}, {len(lost)} missing at the end",
        rows(struck, "failed by the fault"),
        **numbers,
    )


def writes_are_not_doubled(view: CaseView, resource: str) -> Finding:
    """Hold when nothing exists that was not intended, and nothing exists twice."""
    struck = [one for one in view.entries if one.fault_id]
    wanted, existing = wanted_names(view, resource), existing_names(view, resource)
    if not struck or not wanted:
        return unproven("no call was affected by a fault, or the tasks write nothing")
    extra = sorted((existing - wanted).elements())
    numbers = {"wanted": wanted.total(), "existing": existing.total(), "extra": len(extra)}
    if extra:
        return broken(
            f"{counted(len(extra), 'entity')} created in addition to the {wanted.total()} "
            f"intended: {quote(extra)}",
            rows(struck, "failed by the fault"),
            **numbers,
        )
    if not any(call.seq > struck[0].seq and call.is_success for call in view.api):
        return unproven("no call succeeded after the first failure", **numbers)
    if not existing:
        return unproven("none of the intended entities exists", **numbers)
    return holds(
        f"{existing.total()} of {counted(wanted.total(), 'intended entity')} exist, none twice",
        rows(struck, "failed by the fault"),
        **numbers,
    )


def wanted_names(view: CaseView, resource: str) -> Counter[str]:
    """Return the names that the tasks create, each with its count."""
    lists = (args["items"] for args in view.task_args("create") if args["resource"] == resource)
    return Counter(str(item["name"]) for items in lists for item in items)


def existing_names(view: CaseView, resource: str) -> Counter[str]:
    """Return the names of the created entities, each with its count."""
    lists = (created.get(resource, ()) for created in view.record.created.values())
    return Counter(str(entity["name"]) for entities in lists for entity in entities)


def unavailable_region_gets_few_calls(
    view: CaseView, fault: str, per_second: float, window_s: float
) -> Finding:
    """Hold when no window of the outage had more attempts than the limit.

    The limit applies to the client as a whole, however many workers it has.
    """
    dark = view.with_fault(fault)
    if not dark:
        return unproven("the region was never unavailable for a call")
    times = [call.arrive for call in dark]
    span = max(times[-1] - times[0], 1.0)
    busiest = max(_arrivals(dark, start, window_s) for start in times)
    most = per_second * window_s
    numbers = {
        "attempts": len(dark),
        "mean_per_second": round(len(dark) / span, 3),
        "busiest_window": busiest,
        "window_s": window_s,
        "most": most,
    }
    sentence = (
        f"{counted(len(dark), 'call')} to the unavailable region in {span:.1f} s; the busiest "
        f"{window_s:g} s had {busiest}, the limit is {most:g}"
    )
    evidence = rows(dark, "call to the unavailable region")
    region, first = dark[0].region, dark[0].seq
    if not any(call.region == region and call.seq > first for call in view.api):
        return unproven(f"after the first failure {region} was never called again", **numbers)
    return (broken if busiest > most else holds)(sentence, evidence, **numbers)


def _arrivals(entries: tuple[Entry, ...], start: float, window_s: float) -> int:
    return sum(1 for entry in entries if start <= entry.arrive < start + window_s)


JUDGES = (unavailable_region_gets_few_calls, work_resumes, writes_are_not_doubled, writes_survive)

TIMED = (work_resumes,)
