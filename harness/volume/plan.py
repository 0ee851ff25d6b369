"""A partner's plan: advertisers, work with its cadence, and the call pattern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from adsmock.contracts.suggest import did_you_mean
from adsmock.harness import durations
from adsmock.harness.structs import MismatchError, convert
from adsmock.harness.volume.call_model import EXPORT_POLLING, REPORT_POLLING, Polling

MINUTES = 24 * 60
DAY = "2026-07-07"
"""The day whose time zone offsets apply when a plan names none: in July, as the events are."""


class PlanError(ValueError):
    """A plan that contradicts itself; the text contains the place and the reason."""


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an integration calls. The defaults follow the framework's advice.

    ``batch`` is items per write, ``page`` entities per page, ``ids`` ids per read; 0 is the
    contract's maximum. ``structure`` is how whole accounts are read; ``auto`` takes the cheaper
    way. ``extended`` requests serving data even when nobody needs it, ``unchanged`` writes values
    that did not change. ``intraday`` is how current figures arrive. ``token_minutes`` is how long
    a token is kept; 0 takes one for each call. ``resent`` is the share of calls that are sent
    twice.
    """

    batch: int = 0
    page: int = 0
    ids: int = 0
    structure: Literal["auto", "lists", "exports"] = "auto"
    extended: bool = False
    unchanged: bool = False
    intraday: Literal["stream", "reports"] = "stream"
    report_days: int = 31
    profiles_kept: bool = True
    token_minutes: float = 59.0
    export_poll: Polling = EXPORT_POLLING
    report_poll: Polling = REPORT_POLLING
    resent: float = 0.0


BEST = Pattern()


class AdvertiserGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Advertisers of one kind: their number, and the ``entities`` of each by kind."""

    name: str
    region: str
    timezone: str
    count: int
    entities: Mapping[str, int]


class Work(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Work that runs for each advertiser.

    ``starts`` are minutes of the advertiser's day, ``spread`` the minutes over which one run sends
    its calls. A run touches ``share`` of the entities, and ``changed`` of those really differ.
    ``event`` is the factor on the calls on the day of the event.
    """

    feature: str
    starts: tuple[int, ...]
    spread: int = 1
    share: float = 1.0
    changed: float = 1.0
    campaigns: int = 1
    types: tuple[str, ...] = ()
    days: int = 1
    event: float = 1.0
    groups: frozenset[str] = frozenset()
    name: str = ""


class VolumePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole day of an integration. Job times are seconds.

    ``quotas`` holds granted rates by quota class, in calls per second; the contracts' assumptions
    apply to the other classes.
    """

    name: str
    groups: tuple[AdvertiserGroup, ...]
    work: tuple[Work, ...]
    pattern: Pattern = BEST
    day: str = DAY
    export_seconds: float = 60.0
    report_seconds: float = 600.0
    headroom: float = 0.8
    quotas: Mapping[str, float] = msgspec.field(default_factory=dict)


def parse_plan(values: Mapping[str, Any]) -> VolumePlan:
    """Return the plan in ``values``, which are valid against the schema ``plan``.

    Raises:
        PlanError: work names an unknown group, two groups share a name, or a value does not fit.
    """
    names = [row["name"] for row in values["advertisers"]]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise PlanError(f"advertisers: two groups are called {twice[0]}: rename one")
    derived = {"advertisers", "work", "pattern", "jobs"}
    members = {name: value for name, value in values.items() if name not in derived}
    members |= values.get("jobs", {})
    members["groups"] = [_group(row) for row in values["advertisers"]]
    members["work"] = [_work(row, place, names) for place, row in enumerate(values["work"])]
    members["pattern"] = _pattern(values.get("pattern", {}))
    try:
        return convert(members, VolumePlan)
    except MismatchError as error:
        raise PlanError(str(error)) from None


def _group(row: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: row[name] for name in ("name", "region", "timezone", "count")}
    try:
        ZoneInfo(row["timezone"])
    except (KeyError, ValueError, OSError):  # the last: a directory of zones
        raise PlanError(
            f"advertisers.{row['name']}.timezone: no time zone is called {row['timezone']}: "
            "expected an IANA name such as Europe/Berlin"
        ) from None
    return own | {"entities": {name: value for name, value in row.items() if name not in own}}


def _pattern(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pattern; a polling that names some members keeps the others' defaults."""
    defaults = {"export_poll": EXPORT_POLLING, "report_poll": REPORT_POLLING}
    polling = {
        name: msgspec.to_builtins(replace(default, **values[name]))
        for name, default in defaults.items()
        if name in values
    }
    return {**values, **polling}


def _work(row: Mapping[str, Any], place: int, names: Sequence[str]) -> dict[str, Any]:
    groups = row.get("advertisers", names)
    for name in groups:
        if name not in names:
            hint = did_you_mean(name, names)
            raise PlanError(f"work.{place}.advertisers: no group is called {name}: {hint}")
    derived = {"at", "every", "spread", "advertisers"}
    members = {name: value for name, value in row.items() if name not in derived}
    return (
        {"name": row["feature"]}
        | members
        | {
            "starts": _starts(row, place),
            "spread": max(1, round(durations.seconds(row.get("spread", "1m")) / 60)),
            "groups": list(groups),
        }
    )


def _starts(row: Mapping[str, Any], place: int) -> list[int]:
    if "at" in row:
        return [int(time[:2]) * 60 + int(time[3:]) for time in row["at"]]
    every = durations.seconds(row["every"]) / 60
    if every < 1:
        raise PlanError(f"work.{place}.every: {row['every']} is too short: expected 1m or more")
    return [round(number * every) % MINUTES for number in range(max(1, round(MINUTES / every)))]
