"""Mutants: false reports of their own work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adsmock.harness.client.bid_check import BidCheck
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.export import Exporter, Records
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.query import Query
from adsmock.harness.client.report import Reporter
from adsmock.harness.client.tree import TreeCreator
from adsmock.harness.client.writer import Writer
from adsmock.harness.mutants.mutant import mutant


def _nothing(*_: Any, **__: Any) -> list[Any]:
    """Return an empty result without a call."""
    return []


class _IdlePager(Pager):
    items = by_ids = _nothing


class _IdleWriter(Writer):
    write = _nothing


class _IdleTreeCreator(TreeCreator):
    create = _nothing


class _IdleExporter(Exporter):
    export = _nothing


class _NoBidCheck(BidCheck):
    def bid_error(self, profile: str, item: Any) -> None:
        del profile, item


class _RefusedUpdatesWriter(Writer):
    """Takes an update of keywords for done when the service refuses it for good."""

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        found = super().write(verb, resource, profile, items)
        if verb != "update" or resource != "sp.keywords":
            return found
        return [Outcome(each.index) if not each.is_retryable else each for each in found]


class _IdleClient(AdsClient):
    list_profiles = _nothing


class _HalfExporter(Exporter):
    def export(self, kind: str, profile: str, filters: Mapping[str, Any] | None = None) -> Records:
        records = super().export(kind, profile, filters)
        return records[: len(records) // 2]


class _HalfReporter(Reporter):
    def report(self, query: Query) -> Records:
        rows = super().report(query)
        return rows[: len(rows) // 2]


class _FirstMonthReporter(Reporter):
    def report(self, query: Query) -> Records:
        rows = super().report(query)
        months = {str(row.get("date"))[:7] for row in rows}
        first = min(months, default="")
        return [row for row in rows if str(row.get("date"))[:7] == first]


MUTANTS = (
    mutant(
        "liar",
        "reports success without doing the work",
        "I12.lost IR02.fresh ST12.once x.claim",
        _IdleClient,
        _IdlePager,
        _IdleWriter,
        _IdleTreeCreator,
        _IdleExporter,
        cases="D06",
    ),
    mutant(
        "claims-refused",
        "reports updates of keywords as done that were refused",
        "x.claim",
        _NoBidCheck,
        _RefusedUpdatesWriter,
        cases="L06",
    ),
    mutant(
        "half-export",
        "loses half of the rows of each export",
        "x.claim",
        _HalfExporter,
        cases="X01",
    ),
    mutant(
        "half-report",
        "loses half of the rows of each report",
        "x.claim",
        _HalfReporter,
        cases="R01",
    ),
    mutant(
        "first-month",
        "keeps the first month of a long report only",
        "x.claim",
        _FirstMonthReporter,
        cases="R04",
    ),
)
