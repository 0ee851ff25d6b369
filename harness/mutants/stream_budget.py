"""Mutants: programs that act on each message about a budget."""

from __future__ import annotations

from collections.abc import Sequence

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.mutants.mutant import mutant

LOOKS = 2


class _RaisesAgain(AdsClient):
    """Looks at its budgets twice, and raises each that is nearly used both times."""

    def raise_budgets(
        self, profile: str, queue_url: str, seconds: float, percent: float, amount: float
    ) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for _ in range(LOOKS):
            self._raised.clear()
            outcomes = super().raise_budgets(profile, queue_url, seconds / LOOKS, percent, amount)
        return outcomes


class _RaisesAll(AdsClient):
    """Raises the budget of each campaign that a message names."""

    def due_budgets(self, percent: float) -> Sequence[str]:
        del percent
        return super().due_budgets(0)


MUTANTS = (
    mutant(
        "stream-raises-again",
        "raises a budget again for each message about it",
        "ST12.once",
        _RaisesAgain,
    ),
    mutant(
        "stream-raises-all",
        "raises each budget that a message names, whatever is used of it",
        "ST12.once",
        _RaisesAll,
    ),
)
