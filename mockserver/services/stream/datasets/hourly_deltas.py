"""Performance datasets: what each hour changes in the numbers that reports show.

A record is one change of an ad, target and placement in one hour: the first numbers, or a
correction. Added up, the records are the reports of the same days once they have settled.

Source: Ads docs, data-guide and datasets (documented: hourly deltas, negative ones included; a
burst an hour, not at the top of it; no message for an hour without traffic). The minute of a
burst is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.contracts.loader import load
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.services.reporting.due_changes import DueChanges
from adsmock.mockserver.services.reporting.hourly import Change, HourlyCell
from adsmock.mockserver.services.stream.delivery.record import Period, Record, Renderer
from adsmock.mockserver.services.stream.facts import Performance, performance

HOUR = 3600
MINUTE = 60
_SOONEST, _RANGE = 5, 50
"""A burst comes 5 to 54 minutes after the full hour (assumed)."""


def records(period: Period) -> Iterator[Record]:
    """Yield what became known in each hour whose burst is due in a period."""
    of = performance(period.dataset)
    names = [member.source for member in of.sums]
    bursts = list(hourly_bursts(period))
    if not bursts:
        return
    changes = DueChanges(period.sandbox, period.profile, of.ad_product, names)
    for end, at in bursts:
        for cell, change in changes.between(end - HOUR, end):
            key = _key(cell, change)
            yield Record(at, key, _value(period, of, cell, change, key))


def hourly_bursts(period: Period) -> Iterator[tuple[int, float]]:
    """Yield the hours whose bursts are due in a period: their ends, and the time of each burst."""
    first = int(period.after // HOUR) * HOUR
    for end in range(first, int(period.until) + 1, HOUR):
        seed = (period.sandbox.seed, "minute", period.profile.id, period.dataset, end)
        at = end + (_SOONEST + seeded_random.integer(_RANGE, *seed)) * MINUTE
        if period.after < at <= period.until:
            yield end, float(at)


def _key(cell: HourlyCell, change: Change) -> str:
    where = (cell.of.group.id, cell.ad.id, cell.target.id, cell.placement, cell.hour.text)
    return " ".join((*where, change.reason, str(int(change.at))))


def _value(
    period: Period, of: Performance, cell: HourlyCell, change: Change, key: str
) -> dict[str, Any]:
    owners = {
        "campaign": cell.of.campaign,
        "group": cell.of.group,
        "ad": cell.ad,
        "target": cell.target,
    }
    words: dict[str, str] = {
        "change": seeded_random.uuid(period.sandbox.seed, period.profile.id, period.dataset, key),
        "dataset": period.dataset,
        "placement": cell.placement,
        "hour": cell.hour.text,
    }
    value: dict[str, Any] = {}
    for member in of.members:
        if member.of in words:
            value[member.name] = words[member.of]
        elif member.of == "profile":
            value[member.name] = getattr(period.profile, member.source)
        else:
            line = owners[member.of]
            value[member.name] = line.words.get(member.source) if member.source else line.id
    minor = load().marketplaces[period.profile.country].minor
    for member, number in zip(of.sums, change.values, strict=True):
        if number or not of.omits_zeros:
            value[member.name] = number / minor if member.is_money else number
    return value


RENDERER = Renderer(float(MINUTE), records)
