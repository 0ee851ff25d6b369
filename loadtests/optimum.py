"""The minimum number of calls that the work of a rehearsal needs.

``harness.volume`` calculates it with the call model of estimate and audit. Downloads do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from math import ceil

from adsmock.contracts.loader import load
from adsmock.harness.volume import call_model
from adsmock.harness.volume.demand import DemandContext, calls
from adsmock.harness.volume.feature import Feature
from adsmock.harness.volume.plan import BEST, AdvertiserGroup, VolumePlan, Work
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.roles import ROLES, exporter, reporter

HELD: Mapping[str, int] = {"campaigns": 300, "keywords": 600}
"""Entities of each profile before the event: full batches, and more than one small page."""

REPORTS = ("spCampaigns",)

MINUTE = 60

DOWNLOAD = "storage.get"


def minimum_calls(counters: Counters) -> int:
    """Return the minimum number of calls for the same work.

    Items that arrive at a profile within one time window share calls, as an integration that
    gathers would send them. Unfinished work does not count, as in an audit. One token is valid in
    all regions until shortly before it expires. Work that was done with fewer calls needs no more.
    """
    gathered = Counter[str]()
    for (role, _profile, _at), items in counters.of("window"):
        gathered[str(role)] += least(str(role), items)
    for (role, size), windows in counters.of("gathered"):
        gathered[str(role)] += least(str(role), int(size)) * windows
    busy = sorted({int(second) // MINUTE for (second, *_rest), _times in counters.of("call")})
    tokens = len(call_model.renewals(busy, BEST.token_minutes))
    needed = ceil(sum(_finished(counters, role) * calls for role, calls in gathered.items()))
    return min(tokens + needed, made(counters))


def _finished(counters: Counters, role: str) -> float:
    """Return the finished part of a role's work, from 0 to 1.

    A resumed part finishes items that arrived before it.
    """
    work = counters.work(role)
    return min(1.0, (work["done"] + work["refused"]) / max(1, work["arrived"]))


@cache
def least(name: str, items: int) -> int:
    """Return the calls that ``items`` of a role need when they are done together."""
    role = ROLES[name]
    entities = {**HELD, **{kind: items * times for kind, times in role.entities.items()}}
    group = AdvertiserGroup("rehearsal", "NA", "UTC", 1, entities)
    work = Work(role.name, (0,), campaigns=items, types=REPORTS)
    plan = VolumePlan(
        "rehearsal",
        (group,),
        (work,),
        role.pattern,
        export_seconds=exporter.SECONDS,
        report_seconds=reporter.SECONDS,
    )
    feature = Feature(role.name, role.title, role.steps)
    found = calls(feature, DemandContext(plan, role.pattern, group, work, load()))
    return sum(each.count for each in found if each.weight)


def made(counters: Counters) -> int:
    """Return how many calls were made, without downloads."""
    return sum(
        times for (_at, _region, name, _result), times in counters.of("call") if name != DOWNLOAD
    )
