"""Mutants: applying recommendations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.recommendation import BudgetAdvisor
from adsmock.harness.mutants.mutant import mutant


class _AsksAgainAdvisor(BudgetAdvisor):
    """Applies the next recommendation too: each starts from the budget of the one before."""

    def apply(self, profile: str, campaigns: Sequence[str]) -> list[Outcome]:
        super().apply(profile, campaigns)
        return super().apply(profile, campaigns)


class _CachingAdvisor(BudgetAdvisor):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._known: dict[str, float] = {}

    def recommended(self, profile: str, campaigns: Sequence[str]) -> Mapping[str, float]:
        new = [campaign for campaign in campaigns if campaign not in self._known]
        self._known |= super().recommended(profile, new)
        return {name: self._known[name] for name in campaigns if name in self._known}


class _UnbatchedAdvisor(BudgetAdvisor):
    def batches(self, campaigns: Sequence[str]) -> Iterator[list[str]]:
        yield from ([campaign] for campaign in campaigns)


MUTANTS = (
    mutant(
        "recommendation-again",
        "asks for recommendations again after it applied them, and applies the next ones too",
        "IR01.once IR02.fresh",
        _AsksAgainAdvisor,
    ),
    mutant(
        "recommendation-cached",
        "applies a recommendation that was made before the budget changed",
        "IR02.fresh",
        _CachingAdvisor,
    ),
    mutant(
        "recommendation-unbatched",
        "asks for the recommendations of many campaigns with one call for each",
        "IR03.batched",
        _UnbatchedAdvisor,
    ),
)
