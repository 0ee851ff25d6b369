"""What a partner plans: advertisers, work with its cadence, and the way it calls; frozen values.

Knows the words of ``contracts/meta/plan.schema.json``. Must not know files or what work costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

from adsmock.harness.volume.call_model import EXPORT_POLLING, REPORT_POLLING, Polling

MINUTES = 24 * 60
DAY = "2026-07-07"
"""The day whose time zones count when a plan names none: one in July, as the events are."""

_UNITS = {"s": 1 / 60, "m": 1.0, "h": 60.0, "d": float(MINUTES)}


class PlanError(ValueError):
    """A plan that contradicts itself: names the place and the reason."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """How an integration calls. The defaults are the framework's advice, the best there is.

    ``batch`` items go into one write, ``page`` entities come in one page, ``ids`` are asked for
    in one read: 0 is the most that the contract lets. ``structure`` is how whole accounts are
    read; ``auto`` takes what costs less. ``extended`` asks for serving data even where nobody
    needs it, ``unchanged`` writes what already stands. ``intraday`` is how fresh figures arrive.
    ``token_minutes`` is how long a token is kept, 0 takes one for each call. ``resent`` is the
    share of calls that are sent a second time.
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


@dataclass(frozen=True, slots=True)
class Group:
    """So many advertisers of one kind, each with so many entities; ``entities`` by kind."""

    name: str
    region: str
    timezone: str
    count: int
    entities: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Work:
    """Something done for each advertiser: what, when, for how much of what there is.

    ``starts`` are minutes of the advertiser's day, ``spread`` the minutes over which the calls
    of one run are sent. ``share`` of the entities is touched, ``changed`` of those really
    differs. ``event`` is how much more of it there is on the day of the event.
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


@dataclass(frozen=True, slots=True)
class VolumePlan:
    """A whole day of an integration. Job times are seconds."""

    name: str
    groups: tuple[Group, ...]
    work: tuple[Work, ...]
    pattern: Pattern = BEST
    day: str = DAY
    export_seconds: float = 60.0
    report_seconds: float = 600.0
    headroom: float = 0.8
    quotas: Mapping[str, float] = field(default_factory=dict)
    """Granted rates by quota class, calls a second; what is not here is what contracts assume."""


def planned(values: Mapping[str, Any]) -> VolumePlan:
    """Return the plan written in ``values``, which fit its schema.

    Raises:
        PlanError: work for a group that is not there, or two groups of one name.
    """
    groups = tuple(_group(row) for row in values["advertisers"])
    names = [group.name for group in groups]
    if len(set(names)) < len(names):
        raise PlanError(f"advertisers: two groups are called {_twice(names)}")
    plan = VolumePlan(
        name=values["name"],
        groups=groups,
        work=tuple(_work(row, place, names) for place, row in enumerate(values["work"])),
        pattern=_pattern(values.get("pattern", {})),
    )
    given = {
        name: values[name] for name in ("day", "headroom", "quotas") if name in values
    } | values.get("jobs", {})
    return replace(plan, **given)


def minutes(text: str) -> float:
    """Return the minutes that a text such as ``90s``, ``15m``, ``2h`` or ``1d`` says."""
    return float(text[:-1]) * _UNITS[text[-1]]


def _group(row: Mapping[str, Any]) -> Group:
    own = {"name", "region", "timezone", "count"}
    entities = {name: int(value) for name, value in row.items() if name not in own}
    _check_zone(row["name"], row["timezone"])
    return Group(row["name"], row["region"], row["timezone"], row["count"], entities)


def _check_zone(group: str, name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # the last: a folder of zones
        raise PlanError(f"advertisers.{group}.timezone: no time zone is called {name}") from None


def _pattern(values: Mapping[str, Any]) -> Pattern:
    polls = {"export_poll": EXPORT_POLLING, "report_poll": REPORT_POLLING}
    given: dict[str, Any] = {
        name: replace(polls[name], **value) if name in polls else value
        for name, value in values.items()
    }
    return replace(BEST, **given)


def _work(row: Mapping[str, Any], place: int, names: list[str]) -> Work:
    unknown = set(row.get("advertisers", ())) - set(names)
    if unknown:
        raise PlanError(f"work.{place}.advertisers: no group is called {min(unknown)}")
    known = {member.name for member in fields(Work)}
    given = {name: value for name, value in row.items() if name in known}
    return Work(
        **given
        | {
            "starts": _starts(row, place),
            "spread": max(1, round(minutes(row.get("spread", "1m")))),
            "types": tuple(row.get("types", ())),
            "groups": frozenset(row.get("advertisers", names)),
            "name": row.get("name", row["feature"]),
        }
    )


def _starts(row: Mapping[str, Any], place: int) -> tuple[int, ...]:
    if "at" in row:
        return tuple(int(time[:2]) * 60 + int(time[3:]) for time in row["at"])
    every = minutes(row["every"])
    if every < 1:
        raise PlanError(f"work.{place}.every: the finest cadence is one minute")
    count = max(1, round(MINUTES / every))
    return tuple(round(number * every) % MINUTES for number in range(count))


def _twice(names: list[str]) -> str:
    return next(name for name in names if names.count(name) > 1)
