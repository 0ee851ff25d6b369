"""Clients that are wrong in how many calls they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import Mutant

SINGLES = 20
"""Where a client that wastes calls has wasted enough, so that a run ends soon."""


class _SingleWriter(Writer):
    """Sends items one by one, until it has been seen."""

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        parts = [[item] for item in items[:SINGLES]] + [list(items[SINGLES:])]
        for part in filter(None, parts):
            done = super().write(verb, resource, profile, part)
            start = len(outcomes)
            outcomes += [replace(one, index=start + one.index) for one in done]
        return outcomes


class SingleItems(AdsClient):
    """Puts one item into each write."""

    writer_class = _SingleWriter


class _GreedyWriter(Writer):
    """Cuts no batch."""

    def _batches(
        self, verb: str, resource: str, profile: str, items: Sequence[Any]
    ) -> Iterator[Batch]:
        batches = list(super()._batches(verb, resource, profile, items))
        if batches:
            batches[0].items = items
            yield batches[0]


class OverBatch(AdsClient):
    """Puts all items into one write, however many they are."""

    writer_class = _GreedyWriter


class _SingleReader(Pager):
    """Reads known entities one by one."""

    def by_ids(self, resource: str, profile: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        read = super().by_ids
        return [entity for one in ids for entity in read(resource, profile, [one])]


class SingleReads(AdsClient):
    """Makes one call for each id it knows."""

    pager_class = _SingleReader


class _CuriousPager(Pager):
    """Asks for all there is to know of each entity."""

    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        yield from super().pages(
            resource, profile, {**filters, "includeExtendedDataFields": True}, page_size
        )


class Extended(AdsClient):
    """Always asks for the extended variant of a list."""

    pager_class = _CuriousPager


MUTANTS = (
    Mutant(
        "single-items", "puts one item into each write", ("L01.batches", "M03.calls"), SingleItems
    ),
    Mutant("over-batch", "cuts no batch at the documented maximum", ("L02.limit",), OverBatch),
    Mutant(
        "single-reads",
        "reads known entities one by one",
        ("L03.together", "M03.calls"),
        SingleReads,
    ),
    # A list of extended data weighs five, so that T13's limit lets six tenths of a call a second
    # through: few calls come between two 429s while the pace is won back second by second.
    Mutant(
        "extended",
        "asks for extended data in every list",
        ("L04.plain", "T13.ratio"),
        Extended,
    ),
)
