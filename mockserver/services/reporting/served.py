"""What the ad groups of a campaign did on its days, cut to its daily budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adsmock.mockserver.services.reporting.eligible import Campaign, Group
from adsmock.mockserver.services.reporting.traffic import Days, Traits, traffic, traits, within


class ServedGroup(NamedTuple):
    """One ad group's days of a span: their ordinals, and its traffic on each, whole days."""

    group: Group
    own: Traits
    days: Sequence[int]
    kept: Days


def served(seed: int, campaign: Campaign, first: int, last: int) -> list[ServedGroup]:
    """Return the ad groups of a campaign that served on the days from ``first`` to ``last``."""
    costs = [0] * (last - first + 1)
    found: list[ServedGroup] = []
    for group in campaign.groups:
        own = traits(seed, group.id, group.bid)
        days = group.shown(first, last)
        plain = traffic(own, days, group.bid)
        found.append(ServedGroup(group, own, days, plain))
        for day, cost in zip(days, plain.costs(), strict=True):
            costs[day - first] += cost
    cut = []
    for each in found:
        is_whole = len(each.days) == len(costs)
        spent = costs if is_whole else [costs[day - first] for day in each.days]
        if each.days:
            cut.append(each._replace(kept=within(each.kept, spent, campaign.budget)))
    return cut
