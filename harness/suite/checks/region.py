"""Checks of which region a call goes to.

Source: API overview, each region has its own host and its own data; documented.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.reaction import acted_after
from adsmock.harness.suite.journal import CaseView, Entry


def profiles_stay_in_their_region(view: CaseView, fault: str | None = None) -> Finding:
    """Hold when every call for a profile arrived at the host of its own region.

    A call without a token follows a redirect, whose host the service chose. With ``fault``, a
    profile of the affected region must have been called again after it.
    """
    scoped = [
        entry
        for entry in view.api
        if entry.profile_id in view.region_of and entry.token_state != "absent"
    ]
    own = view.region_of
    astray = [entry for entry in scoped if entry.region != own[str(entry.profile_id)]]
    calls = dict(sorted(Counter(str(entry.region) for entry in scoped).items()))
    if astray:
        first = astray[0]
        return broken(
            f"{len(astray)} of {counted(len(scoped), 'call')} went to the wrong region; call "
            f"{first.seq} for a profile of {own[str(first.profile_id)]} went to {first.region}",
            [
                row(entry, f"profile of {own[str(entry.profile_id)]} called in {entry.region}")
                for entry in astray
            ],
            calls=calls,
            astray=len(astray),
        )
    if not scoped:
        return unproven("no call named a profile of this sandbox")
    if fault and (lack := _not_called_again(view, fault)):
        return unproven(lack)
    where = ", ".join(f"{region} {count}" for region, count in calls.items())
    return holds(
        f"{counted(len(scoped), 'call')}, all to the profile's own region: {where}",
        calls=calls,
        astray=0,
    )


def _not_called_again(view: CaseView, fault: str) -> str:
    """Return that no call for the region followed its failure, empty when one did."""
    struck = view.with_fault(fault)
    if not struck:
        return "the fault affected no call"
    first = struck[0]
    later = (call for call in view.api if call.seq > first.seq)
    if any(view.region_of.get(call.profile_id or "") == first.region for call in later):
        return ""
    return f"after its first failure, no call for a profile of {first.region} followed"


def home_region_is_discovered(view: CaseView, region: str) -> Finding:
    """Hold when profiles were listed in the only region that has one, and its data was read.

    A program that is declared not to work there is judged only if it does.
    """
    listed = [call for call in view.of_operation("profiles.list") if call.region == region]
    read = [
        call for call in view.api if call.profile_id and call.region == region and call.is_success
    ]
    numbers = {"discoveries": len(listed), "reads": len(read)}
    others = [call for call in view.api if call.region != region]
    reason = _declared_absence(view, region)
    if reason and not any(view.region_of.get(call.profile_id or "") == region for call in view.api):
        return unproven(reason, **numbers)
    if listed and not read and all("profile" not in task["args"] for task in view.record.tasks):
        return unproven(f"no task reads data in {region}")
    if not listed or not read:
        lack = "profiles were never listed there" if not listed else "its data was never read"
        return broken(
            f"the only profile is in {region}, but {lack}",
            rows(others or view.api, f"call outside {region}"),
            **numbers,
        )
    return holds(
        f"profiles were listed in {region} and {counted(len(read), 'call')} read data there",
        [row(listed[0], "discovery"), row(read[0], "first data")],
        **numbers,
    )


def _declared_absence(view: CaseView, region: str) -> str:
    """Return why the manifest says that the program does no work in a region, else nothing."""
    if view.manifest.excludes("regions", region):
        return f"the manifest's regions do not include {region}, and nothing was read there"
    absent = view.manifest.absent
    return next((absent[name] for name in absent if name.split(".")[0] == view.record.case), "")


def refusal_is_not_hunted(view: CaseView, fault: str, regions: int) -> Finding:
    """Hold when a call refused in its region was not tried in region after region.

    How often it is repeated in one region is the subject of A06 and A10.
    """
    struck = {each.chain for each in view.with_fault(fault)}
    if not struck:
        return unproven("the fault affected no call")
    places: dict[str, Counter[str]] = defaultdict(Counter)
    for call in view.api:
        if call.chain in struck:
            places[call.chain][str(call.region)] += 1
    numbers = {
        "calls": len(places),
        "most_regions": max(len(found) for found in places.values()),
    }
    for chain, found in places.items():
        if len(found) > regions:
            where = ", ".join(f"{region} {count}" for region, count in found.items())
            entries = [each for each in view.api if each.chain == chain]
            return broken(
                f"{entries[0].title} was refused and tried in {counted(len(found), 'region')} "
                f"({where}); the limit is {regions}",
                [row(entry, f"got {entry.status} in {entry.region}") for entry in entries],
                **numbers,
            )
    evidence = rows(view.with_fault(fault), "refused")
    if not acted_after(view, view.with_fault(fault)[0]):
        return unproven("the client neither went on after the refusal nor reported it")
    return holds(
        f"{counted(len(places), 'refused call')}, none tried in more than "
        f"{counted(regions, 'region')}",
        evidence,
        **numbers,
    )


def failed_region_is_reported(view: CaseView, fault: str) -> Finding:
    """Hold when a failure is reported after the list of profiles failed for good in one region.

    A client reports it by its claims, or by an exit code other than 0. One that the suite stopped
    has reported nothing. A program at its own work may know the profiles from an earlier list.
    """
    struck = view.with_fault(fault)
    if not struck:
        return unproven("the fault affected no call")
    ending = view.record.ending
    region = struck[0].region
    claims = [one for one in ending.claims if one.get("verb") == "list_profiles"]
    event = "refused" if struck[0].is_refusal else "failed"
    failed = f"the list of profiles in {region} {'was ' * struck[0].is_refusal}{event}"
    if ending.timed_out:
        return unproven(f"{failed}, and adsmock stopped the client at its time limit")
    if ending.exit_code or ending.error or any(one["status"] != "done" for one in claims):
        return holds(f"{failed}, and the client reports a failure", rows(struck, event))
    if not claims and ending.exit_code is None:
        return unproven(f"{failed}, and the client reports nothing about its tasks")
    if view.is_free and (known := _work_in(view, region)):
        return holds(
            f"{failed}, and the client worked with a profile of {region} that it knew",
            [*rows(struck, event), row(known, "work in this region")],
        )
    says = "reports the list as done" if claims else "ended with exit code 0"
    return broken(
        f"{failed}, yet the client {says}: it takes {region} for a region without profiles",
        rows(struck, event),
        region=region,
        refused=len(struck),
    )


def _work_in(view: CaseView, region: str | None) -> Entry | None:
    """Return a call for a profile of a region that succeeded, None without one."""
    own = (call for call in view.api if view.region_of.get(call.profile_id or "") == region)
    return next((call for call in own if call.is_success), None)


def other_regions_keep_their_rate(view: CaseView, fault: str, share: float) -> Finding:
    """Hold when the call rate of the other regions did not drop while one was throttled."""
    struck = view.with_fault(fault)
    if not struck:
        return unproven("no region was throttled")
    start, end = struck[0].arrive, struck[-1].send
    rates: dict[str, tuple[float, float]] = {}
    for region in sorted(view.seen_regions - {str(struck[0].region)}):
        times = [call.arrive for call in view.api if call.region == region and call.is_success]
        before = [at for at in times if at < start]
        if before and start - before[0] > 0 and end > start:
            inside = [at for at in times if start <= at <= end]
            rates[region] = (len(before) / (start - before[0]), len(inside) / (end - start))
    if not rates:
        return unproven("no other region was called before and during the throttling")
    numbers = {
        "window_s": round(end - start, 3),
        "before": {region: round(pair[0], 3) for region, pair in rates.items()},
        "inside": {region: round(pair[1], 3) for region, pair in rates.items()},
        "least_share": share,
    }
    slowed = [region for region, (before, inside) in rates.items() if inside < share * before]
    listed = "; ".join(f"{name} {now:.2f} ({was:.2f} before)" for name, (was, now) in rates.items())
    sentence = f"calls a second while {struck[0].region} was throttled: {listed}"
    if slowed:
        return broken(
            f"{sentence}; the minimum is {share:.0%} of the rate before",
            rows(struck, "throttled"),
            **numbers,
        )
    return holds(sentence, rows(struck, "throttled"), **numbers)


JUDGES = (
    home_region_is_discovered,
    other_regions_keep_their_rate,
    profiles_stay_in_their_region,
    refusal_is_not_hunted,
    failed_region_is_reported,
)

TIMED = (other_regions_keep_their_rate,)
