"""Mutants: clients that do the work of a task otherwise than it asks, and report it as done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adsmock.harness.client.api import Api
from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.export import Exporter, ExportRequest
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.query import Query
from adsmock.harness.client.report import Job, Reporter
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.update import Updater
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import mutant

Item = dict[str, Any]
Records = list[dict[str, Any]]
Outcomes = list[Outcome]

LIVE = {"stateFilter": {"include": ["ENABLED", "PAUSED"]}}


class _ChangingWriter(Writer):
    """Changes every item of a create or an update before it is sent."""

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> Outcomes:
        if verb != "archive":
            items = [self.changed(verb, resource, dict(item)) for item in items]
        return super().write(verb, resource, profile, items)

    def changed(self, verb: str, resource: str, item: Item) -> Item:
        raise NotImplementedError


class _BroadWriter(_ChangingWriter):
    def changed(self, verb: str, resource: str, item: Item) -> Item:
        is_new = verb == "create" and resource == "sp.keywords"
        return item | {"matchType": "BROAD"} if is_new else item


class _NoBidWriter(_ChangingWriter):
    def changed(self, verb: str, resource: str, item: Item) -> Item:
        del resource
        return {k: v for k, v in item.items() if k != "bid"} if verb == "create" else item


class _PausedChildrenWriter(_ChangingWriter):
    def changed(self, verb: str, resource: str, item: Item) -> Item:
        is_child = verb == "create" and resource != "sp.campaigns"
        return item | {"state": "PAUSED"} if is_child else item


class _FirstMemberWriter(_ChangingWriter):
    def changed(self, verb: str, resource: str, item: Item) -> Item:
        del resource
        others = [name for name in item if not name.endswith("Id")][1:]
        return {k: v for k, v in item.items() if verb != "update" or k not in others}


class _MisalignedWriter(Writer):
    """Sends the n-th failed item again with the values of the n-th row."""

    def _submit(self, batch: Batch, places: list[int]) -> Outcomes:
        items = list(batch.items)
        for rank, place in enumerate(places if batch.verb != "archive" else ()):
            items[place] = {**batch.items[rank], **_identity(batch.items[place])}
        return super()._submit(replace(batch, items=items), places)


def _identity(item: Item) -> Item:
    return {k: v for k, v in item.items() if k.endswith("Id") or k in {"name", "keywordText"}}


class _AllUpdater(Updater):
    def modify(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        members: Mapping[str, Any] | None = None,
        raises: Mapping[str, float] | None = None,
    ) -> Outcomes:
        del filters
        return super().modify(resource, profile, None, members, raises)


class _EnablingUpdater(Updater):
    def modify(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        members: Mapping[str, Any] | None = None,
        raises: Mapping[str, float] | None = None,
    ) -> Outcomes:
        if members and "state" in members:
            members = {**members, "state": "ENABLED"}
        return super().modify(resource, profile, filters, members, raises)


class _FirstReadPager(Pager):
    """Keeps each campaign as it was read first."""

    def __init__(self, api: Api, sender: Sender) -> None:
        super().__init__(api, sender)
        self.first_read: dict[str, Item] = {}

    def items(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> Records:
        found = super().items(resource, profile, filters, page_size)
        for each in found if resource == "sp.campaigns" else ():
            self.first_read.setdefault(each["campaignId"], each)
        return found


class _StaleUpdater(Updater):
    def update(self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]) -> Outcomes:
        assert isinstance(self._pager, _FirstReadPager)
        known = self._pager.first_read
        whole = [
            {**_settings(known.get(str(item.get("campaignId")), {})), **item} for item in items
        ]
        return super().update(resource, profile, whole)


def _settings(campaign: Item) -> Item:
    return {name: campaign[name] for name in ("name", "state") if name in campaign}


class _ArchivesMoreClient(AdsClient):
    def archive(self, resource: str, profile: str, ids: Sequence[str]) -> Outcomes:
        listed = self.list(resource, profile, LIVE)
        name = f"{resource.removeprefix('sp.').removesuffix('s')}Id"
        others = [str(each[name]) for each in listed if str(each[name]) not in ids]
        return super().archive(resource, profile, [*ids, *others[:1]])[: len(ids)]


class _ChangingReporter(Reporter):
    """Changes every query before its reports are requested."""

    def reports(self, queries: Sequence[Query], within: float) -> list[Records]:
        return super().reports([self.changed(each) for each in queries], within)

    def changed(self, query: Query) -> Query:
        raise NotImplementedError


class _LastColumnReporter(_ChangingReporter):
    def changed(self, query: Query) -> Query:
        return replace(query, columns=query.columns[:-1])


class _SummingReporter(_ChangingReporter):
    def changed(self, query: Query) -> Query:
        columns = tuple(name for name in query.columns if name != "date")
        return replace(query, columns=columns, time_unit="SUMMARY")


class _PlacementReporter(_ChangingReporter):
    def changed(self, query: Query) -> Query:
        return replace(query, group_by=("campaignPlacement",))


class _EnabledReporter(_ChangingReporter):
    def changed(self, query: Query) -> Query:
        return replace(query, filters=(("campaignStatus", ("ENABLED",)),))


class _ColumnBlindReporter(Reporter):
    """Answers a query with the report of the same type and days, whatever its columns are."""

    def __init__(self, *args: Any, **parts: Any) -> None:
        super().__init__(*args, **parts)
        self._known: dict[Query, Query] = {}

    def start(self, job: Job) -> None:
        job.query = self._known.setdefault(replace(job.query, columns=()), job.query)
        super().start(job)


class _EnabledExporter(Exporter):
    def creation(self, request: ExportRequest) -> Call:
        return super().creation(replace(request, filters={"stateFilter": ["ENABLED"]}))


MUTANTS = (
    mutant(
        "altered-match", "creates every keyword as BROAD", "I12.altered", _BroadWriter, cases="C01"
    ),
    mutant(
        "altered-bid",
        "creates keywords without their bids",
        "I12.altered",
        _NoBidWriter,
        cases="C01",
    ),
    mutant(
        "altered-state",
        "creates ad groups, keywords and ads as paused",
        "I12.altered",
        _PausedChildrenWriter,
        cases="C01",
    ),
    mutant(
        "altered-rows",
        "sends failed items of a batch again with the values of other rows",
        "I12.altered",
        _MisalignedWriter,
        cases="B01",
    ),
    mutant(
        "altered-members",
        "sends only the first of the members that an update changes",
        "I12.altered",
        _FirstMemberWriter,
        cases="D05",
    ),
    mutant(
        "altered-filter",
        "modifies all entities, whatever the filter says",
        "D05.members I12.altered ST12.once",
        _AllUpdater,
    ),
    mutant(
        "altered-value",
        "enables campaigns that it has to pause",
        "I12.altered I12.lost",
        _EnablingUpdater,
        cases="D05",
    ),
    mutant(
        "altered-stale",
        "sends whole campaigns as it read them before its last update",
        "D05.members",
        _FirstReadPager,
        _StaleUpdater,
    ),
    mutant(
        "altered-archive",
        "archives one entity more than it has to",
        "I12.altered",
        _ArchivesMoreClient,
        cases="B09",
    ),
    mutant(
        "altered-columns",
        "requests reports without their last column",
        "I12.altered",
        _LastColumnReporter,
        cases="R01",
    ),
    mutant(
        "altered-cache",
        "answers from a report of the same days with other columns",
        "I12.altered",
        _ColumnBlindReporter,
        cases="D06",
    ),
    mutant(
        "altered-days",
        "requests the sum of a range where each day is needed",
        "I12.altered",
        _SummingReporter,
        cases="R04",
    ),
    mutant(
        "altered-groups",
        "requests reports by placement in place of campaigns",
        "I12.altered",
        _PlacementReporter,
        cases="R01",
    ),
    mutant(
        "altered-report-states",
        "requests reports of enabled campaigns only",
        "I12.altered",
        _EnabledReporter,
        cases="R01",
    ),
    mutant(
        "altered-export-states",
        "exports enabled entities only",
        "I12.altered",
        _EnabledExporter,
        cases="X01",
    ),
)
