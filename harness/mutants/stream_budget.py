"""Mutants: programs that act on each message about a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.stream.reader import StreamReader
from adsmock.harness.client.stream.store import StreamStore
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


class _LastArrivalStore(StreamStore):
    """Keeps the record of each budget that arrived last, whatever its time."""

    arrivals = 0

    def keep_newest(
        self, dataset: str, names: Sequence[str], order: str, record: Mapping[str, Any]
    ) -> bool:
        del order
        self.arrivals += 1
        arrived = {"_arrival": self.arrivals, **record}
        return super().keep_newest(dataset, names, "_arrival", arrived)


class _LastArrivalReader(StreamReader):
    store_class = _LastArrivalStore


class _EarlyRaise(AdsClient):
    """Raises budgets ten percent before the limit of the task."""

    def due_budgets(self, percent: float) -> Sequence[str]:
        return super().due_budgets(percent - 10)


MUTANTS = (
    mutant(
        "stream-last-arrival",
        "takes the message about a budget that arrived last for the newest",
        "I12.lost ST12.once",
        _LastArrivalReader,
    ),
    mutant(
        "stream-raises-early",
        "raises a budget ten percent before the limit",
        "ST12.once",
        _EarlyRaise,
    ),
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
