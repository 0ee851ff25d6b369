"""Mutants: work that is lost silently, done twice, or done for another profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adsmock.harness.client.api import Page
from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import AdsError, GaveUp
from adsmock.harness.client.metadata import KINDS, Metadata, _Copy
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.query import Query
from adsmock.harness.client.report import Reporter
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.auth import SCOPE
from adsmock.harness.mutants.mutant import mutant
from adsmock.harness.mutants.region import is_unavailable

Records = list[dict[str, Any]]
Outcomes = list[Outcome]


class _Dropped(AdsError):
    """The region was unavailable once."""


class _DropsRegionSender(Sender):
    """Sends nothing more to a region that was unavailable once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dropped: set[str] = set()

    def attempt(self, call: Call) -> Reply:
        if call.region in self._dropped:
            raise _Dropped(call.region)
        reply = super().attempt(call)
        if is_unavailable(reply):
            self._dropped.add(call.region)
            raise _Dropped(call.region)
        return reply


class _DropsRegionClient(AdsClient):
    """Drops the work of a region that was unavailable once, and reports it as done."""

    def list(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> Records:
        """Return the entities, none of a dropped region."""
        try:
            return super().list(resource, profile, filters, page_size)
        except _Dropped:
            return []

    def create(self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]) -> Outcomes:
        """Create the items, none in a dropped region."""
        try:
            return super().create(resource, profile, items)
        except _Dropped:
            return []


class _GivesUpSilentlyWriter(Writer):
    """Takes items of one verb for done when the retries of their call are used up."""

    silent = ""

    def _round(self, batch: Batch, places: list[int]) -> list[int]:
        try:
            return super()._round(batch, places)
        except GaveUp:
            if batch.verb != self.silent:
                raise
            batch.settled.update({place: Outcome(place, id="1") for place in places})
            return []


class _GivesUpUpdatesWriter(_GivesUpSilentlyWriter):
    silent = "update"


class _GivesUpArchivesWriter(_GivesUpSilentlyWriter):
    silent = "archive"


class _DropsLastRangeReporter(Reporter):
    """Omits the last range of a query that needs several reports."""

    def parts(self, query: Query) -> list[Query]:
        parts = super().parts(query)
        return parts[:-1] if len(parts) > 1 else parts


class _DropsLastKindMetadata(Metadata):
    """Omits the last kind of export."""

    def _is_fresh(self, profile: str, kind: str, now: float) -> bool:
        if kind == KINDS[-1]:
            self._copies.setdefault((profile, kind), _Copy([], now))
            return True
        return super()._is_fresh(profile, kind, now)


class _StaleMetadata(Metadata):
    """Uses its first exports for ever."""

    fresh = float("inf")


class _ArchivesTwiceWriter(Writer):
    """Sends each archive call again after its success."""

    def _round(self, batch: Batch, places: list[int]) -> list[int]:
        again = super()._round(batch, places)
        if batch.verb == "archive" and not again:
            self._submit(batch, places)
        return again


class _ReadsTwicePager(Pager):
    """Reads each page after the first one twice."""

    def page_of(self, call: Call, page: Page) -> Any:
        if page.token in call.body:
            super().page_of(call, page)
        return super().page_of(call, page)


class _PreviousScopeSender(Sender):
    """Sends the first call for the entities of another profile with the scope of the one before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._profiles: dict[str, str] = {}

    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if SCOPE in headers and call.operation.id.startswith("sp."):
            before = self._profiles.get(call.region, headers[SCOPE])
            self._profiles[call.region] = headers[SCOPE]
            headers[SCOPE] = before
        return headers


MUTANTS = (
    mutant(
        "drops-region",
        "drops the work of a region that was unavailable once, and reports it as done",
        "G01.resumes I12.lost O01.rpo O01.rto O03.rpo O03.rto x.claim",
        _DropsRegionClient,
        _DropsRegionSender,
    ),
    mutant(
        "gives-up-updates-silently",
        "reports an update as done whose retries are used up",
        "E10.settled I12.lost x.claim",
        _GivesUpUpdatesWriter,
    ),
    mutant(
        "gives-up-archives-silently",
        "reports an archiving as done whose retries are used up",
        "E11.settled I12.lost x.claim",
        _GivesUpArchivesWriter,
    ),
    mutant(
        "drops-last-range",
        "omits the last date range of a long report",
        "I12.lost",
        _DropsLastRangeReporter,
        cases="R04 R05",
    ),
    mutant(
        "stale-metadata",
        "exports metadata once and uses it for ever",
        "DY01.metadata",
        _StaleMetadata,
    ),
    mutant(
        "drops-last-kind",
        "omits the last kind of export from the metadata of a profile",
        "I12.lost",
        _DropsLastKindMetadata,
        cases="X08 X11",
    ),
    mutant(
        "archives-twice",
        "archives everything twice",
        "I13.archived",
        _ArchivesTwiceWriter,
        cases="B05",
    ),
    mutant(
        "reads-pages-twice",
        "reads each page after the first one twice",
        "I07.once P01.pages P02.order P03.continues P06.bytes V04.reads-on",
        _ReadsTwicePager,
    ),
    mutant(
        "previous-scope",
        "changes the scope one call too late",
        "A09.others I02.scope I12.lost I13.doubled x.claim",
        _PreviousScopeSender,
        cases="B02",
    ),
)
