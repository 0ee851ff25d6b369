"""Mutants: number of calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import mutant

SINGLES = 20
"""How many items are sent alone; the rest is sent in batches, so that a run ends soon."""


class _SingleWriter(Writer):
    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        parts = [[item] for item in items[:SINGLES]] + [list(items[SINGLES:])]
        for part in filter(None, parts):
            done = super().write(verb, resource, profile, part)
            start = len(outcomes)
            outcomes += [replace(each, index=start + each.index) for each in done]
        return outcomes


class _UnsplitWriter(Writer):
    def _batches(
        self, verb: str, resource: str, profile: str, items: Sequence[Any]
    ) -> Iterator[Batch]:
        batches = list(super()._batches(verb, resource, profile, items))
        if batches:
            batches[0].items = items
            yield batches[0]


class _SingleReader(Pager):
    def by_ids(self, resource: str, profile: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        read = super().by_ids
        return [entity for each in ids for entity in read(resource, profile, [each])]


class _ExtendedPager(Pager):
    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        yield from super().pages(
            resource, profile, {**filters, "includeExtendedDataFields": True}, page_size
        )


MUTANTS = (
    mutant("single-items", "puts one item into each write", "L01.batches M03.calls", _SingleWriter),
    mutant(
        "over-batch",
        "does not split batches at the documented maximum",
        "I08.limit L02.limit",
        _UnsplitWriter,
    ),
    mutant(
        "single-reads", "reads entities by id one by one", "L03.together M03.calls", _SingleReader
    ),
    # An extended list weighs five, so T13's limit allows 0.6 calls a second: few calls come
    # between two 429s while the rate recovers second by second.
    mutant(
        "extended", "requests extended data in every list", "L04.plain T13.ratio", _ExtendedPager
    ),
)
