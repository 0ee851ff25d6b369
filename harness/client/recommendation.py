"""Recommended budgets of Sponsored Products: ask for them, and apply what was recommended.

Source: OpenAPI SponsoredProducts, budget recommendations (documented: 100 campaigns in a request, a
result or an error for each).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from .api import Api
from .call import Call
from .multistatus import Outcome
from .sender import Sender
from .update import Updater

LARGEST = 100
"""Campaigns in one request (documented)."""


class BudgetAdvisor:
    """Applies recommended budgets."""

    def __init__(self, api: Api, sender: Sender, updater: Updater) -> None:
        self._api, self._sender, self._updater = api, sender, updater

    def apply(self, profile: str, campaigns: Sequence[str]) -> list[Outcome]:
        """Set the daily budget of each campaign to the one that is recommended now.

        A campaign without a recommendation stays as it is.
        """
        budgets = self.recommended(profile, campaigns)
        items = [
            {"campaignId": campaign, "budget": {"budget": budget, "budgetType": "DAILY"}}
            for campaign, budget in budgets.items()
        ]
        return self._updater.update("sp.campaigns", profile, items) if items else []

    def recommended(self, profile: str, campaigns: Sequence[str]) -> Mapping[str, float]:
        """Return the budget that is recommended for each campaign that has one."""
        found: dict[str, float] = {}
        for batch in self.batches(campaigns):
            reply = self._sender.send(self._call(profile, batch)).json
            for row in reply.get("budgetRecommendationsSuccessResults") or ():
                found[str(row["campaignId"])] = row["suggestedBudget"]
        return found

    def batches(self, campaigns: Sequence[str]) -> Iterator[list[str]]:
        """Yield the campaigns of each request."""
        left = iter(campaigns)
        while batch := list(islice(left, LARGEST)):
            yield batch

    def _call(self, profile: str, campaigns: list[str]) -> Call:
        operation = self._api.operation("sp.advice.budgets")
        region = self._sender.router.region_of(profile)
        body: Any = {"campaignIds": campaigns}
        return Call(operation, region, profile, body)
