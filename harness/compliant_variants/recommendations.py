"""Compliant habits of programs that apply recommendations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.recommendation import BudgetAdvisor


class OneByOneAdvisor(BudgetAdvisor):
    """Asks for each campaign by itself and applies its recommendation before the next."""

    def apply(self, profile: str, campaigns: Sequence[str]) -> list[Outcome]:
        return [
            outcome
            for name in campaigns
            for outcome in super(OneByOneAdvisor, self).apply(profile, [name])
        ]


class SmallBatchesAdvisor(BudgetAdvisor):
    """Asks for five campaigns at a time."""

    def batches(self, campaigns: Sequence[str]) -> Iterator[list[str]]:
        left = iter(campaigns)
        while batch := list(islice(left, 5)):
            yield batch
