"""What the ad groups of a campaign did on its days, cut to its daily budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adsmock.mockserver.services.reporting.eligible import Campaign, Group
from adsmock.mockserver.services.reporting.past_amounts import by_amount
from adsmock.mockserver.services.reporting.traffic import Days, Traits, traffic, traits, within


class ServedGroup(NamedTuple):
    """One ad group's days of a span: their ordinals, and its traffic on each, whole days."""

    group: Group
    own: Traits
    days: Sequence[int]
    kept: Days


def served(seed: int, campaign: Campaign, first: int, last: int) -> list[ServedGroup]:
    """Return the ad groups of a campaign that served on the days from ``first`` to ``last``.

    An ad group comes once for each of its bids and of its campaign's budgets on these days.
    """
    costs = [0] * (last - first + 1)
    found: list[tuple[int, ServedGroup]] = []
    for group in campaign.groups:
        shown = group.shown(first, last)
        for budget, of_budget in by_amount(campaign.past, campaign.budget, shown):
            for bid, days in by_amount(group.past, group.bid, of_budget):
                own = traits(seed, group.id, bid)
                plain = traffic(own, days, bid)
                found.append((budget, ServedGroup(group, own, days, plain)))
                for day, cost in zip(days, plain.costs(), strict=True):
                    costs[day - first] += cost
    cut = []
    for budget, each in found:
        is_whole = len(each.days) == len(costs)
        spent = costs if is_whole else [costs[day - first] for day in each.days]
        if each.days:
            cut.append(each._replace(kept=within(each.kept, spent, budget)))
    return cut
