"""How many calls the work of a rehearsal needs at least, by the reckoning of estimate and audit.

Knows roles and how their work gathers. Must not know what a call costs: ``harness.volume`` reckons
that, here as before an event and after it. Downloads do not count there, and so not here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from math import ceil

from adsmock.contracts.loader import load
from adsmock.harness.volume import call_model
from adsmock.harness.volume.demand import Setting, calls
from adsmock.harness.volume.feature import Feature
from adsmock.harness.volume.plan import BEST, Group, VolumePlan, Work
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.roles import ROLES

EXPORT_SECONDS, REPORT_SECONDS = 5, 10
"""How long the jobs of a rehearsal take: long waits do not fit into a compressed event."""

HELD: Mapping[str, int] = {"campaigns": 300, "keywords": 600}
"""What each profile holds before the event: full batches, and more than one small page."""

REPORTS = ("spCampaigns",)

MINUTE = 60

DOWNLOAD = "storage.get"


def minimum_calls(counters: Counters) -> int:
    """Return how many calls the same work needs at least.

    What arrives at a profile within a stretch of time goes together, as an integration that
    gathers would send it; of work that was left undone nothing counts, as in an audit. One token
    serves in all regions until shortly before its hour is over.
    """
    gathered = Counter[str]()
    for (role, _profile, _at), pieces in counters.of("window"):
        gathered[str(role)] += least(str(role), pieces)
    busy = sorted({int(second) // MINUTE for (second, *_rest), _times in counters.of("call")})
    tokens = len(call_model.renewals(busy, BEST.token_minutes))
    return tokens + ceil(sum(_finished(counters, role) * calls for role, calls in gathered.items()))


def _finished(counters: Counters, role: str) -> float:
    """Return the part of a role's work that came to an end."""
    work = counters.work(role)
    return (work["done"] + work["refused"]) / max(1, work["arrived"])


@cache
def least(name: str, pieces: int) -> int:
    """Return the calls that so many pieces of a role's work need when they are done together."""
    role = ROLES[name]
    entities = {**HELD, **{kind: pieces * times for kind, times in role.entities.items()}}
    group = Group("rehearsal", "NA", "UTC", 1, entities)
    work = Work(role.name, (0,), campaigns=pieces, types=REPORTS)
    plan = VolumePlan(
        "rehearsal",
        (group,),
        (work,),
        role.pattern,
        export_seconds=EXPORT_SECONDS,
        report_seconds=REPORT_SECONDS,
    )
    feature = Feature(role.name, role.title, role.steps)
    found = calls(feature, Setting(plan, role.pattern, group, work, load()))
    return sum(each.count for each in found if each.weight)


def made(counters: Counters) -> int:
    """Return how many calls were made, downloads left out as in every reckoning."""
    return sum(
        times for (_at, _region, name, _result), times in counters.of("call") if name != DOWNLOAD
    )
