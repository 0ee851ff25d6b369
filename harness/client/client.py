"""The client: its parts put together, and its verbs.

Knows which part does what. Must not do any of it. A variation of the client is a subclass that
names another class for one part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from .api import load_api
from .auth import TokenCache
from .bid import Thresholds
from .call import Call
from .change import Changer
from .clock import SystemClock, pace_of
from .download import Downloader
from .errors import UnreadableReply
from .export import Exporter, ExportRequest
from .extensions import Extensions, Fitter
from .intent import IntentWriter
from .last_seen import Known
from .limiter import Limiter
from .metadata import Metadata
from .natural_key import ReadBack
from .pager import Pager
from .query import Query
from .random_source import SeededRandom
from .report import Reporter
from .retry.backoff import ExponentialBackoff
from .retry.chain import Retry
from .retry.policy import RetryPolicy
from .routing import Router
from .sender import Sender
from .transport import RequestsTransport
from .tree import TreePlanter
from .writer import Writer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .api import Api
    from .clock import Clock, Sleeper
    from .errors import AdsError
    from .intent import Resumed
    from .multistatus import Outcome
    from .random_source import RandomSource
    from .settings import Settings
    from .transport import Transport
    from .tree import Branch

    # Named here because the verb ``list`` hides the type of that name inside the class.
    Records = list[dict[str, Any]]
    Outcomes = list[Outcome]
    Branches = list[Branch]
    Reports = list[Records]
    Results = list[Records | AdsError]
    Unfinished = list[Resumed]


class AdsClient:
    """Works for profiles in all regions; safe to share between threads.

    Every verb raises an ``AdsError`` of ``harness.client.errors`` and nothing else. Without a
    clock and its sleeper the machine's time is used; ``extensions`` adds a store, memory, meters.
    """

    transport_class: ClassVar[type[RequestsTransport]] = RequestsTransport
    backoff_class: ClassVar[type[ExponentialBackoff]] = ExponentialBackoff
    policy_class: ClassVar[type[RetryPolicy]] = RetryPolicy
    limiter_class: ClassVar[type[Limiter]] = Limiter
    router_class: ClassVar[type[Router]] = Router
    token_cache_class: ClassVar[type[TokenCache]] = TokenCache
    sender_class: ClassVar[type[Sender]] = Sender
    pager_class: ClassVar[type[Pager]] = Pager
    writer_class: ClassVar[type[Writer]] = Writer
    changer_class: ClassVar[type[Changer]] = Changer
    planter_class: ClassVar[type[TreePlanter]] = TreePlanter
    thresholds_class: ClassVar[type[Thresholds]] = Thresholds
    downloader_class: ClassVar[type[Downloader]] = Downloader
    exporter_class: ClassVar[type[Exporter]] = Exporter
    metadata_class: ClassVar[type[Metadata]] = Metadata
    reporter_class: ClassVar[type[Reporter]] = Reporter
    fitter_class: ClassVar[type[Fitter]] = Fitter

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        sleeper: Sleeper | None = None,
        draw: RandomSource | None = None,
        transport: Transport | None = None,
        api: Api | None = None,
        extensions: Extensions | None = None,
    ) -> None:
        machine = SystemClock()
        clock, sleeper = clock or machine, sleeper or machine
        self.api = api = api or load_api()
        self.router = self.router_class(settings)
        self._own_transport = self._network(settings, clock) if transport is None else None
        fitter = self.fitter_class(extensions or Extensions(), api, clock)
        self.clock, self.jobs = clock, fitter.jobs
        network = transport or self._own_transport
        assert network is not None, "given or made"
        wire = fitter.transport(network, settings)
        retry = self._retry(draw or SeededRandom.from_entropy(), clock, sleeper)
        who = settings.credentials
        tokens = self.token_cache_class(
            who, api.token_path, self.router, transport=wire, retry=retry, clock=clock
        )
        sender = self.sender_class(who.client_id, self.router, tokens, wire, retry)
        self.sender = fitter.sender(sender)
        self.pager = self.pager_class(self.api, self.sender)
        self.known = Known(clock)
        readback = ReadBack(self.api, self.pager)
        limits = self.thresholds_class(api, self.router)
        writer = self.writer_class(self.api, self.sender, readback, self.known, limits)
        self.writer = fitter.writer(writer, readback)
        self.changer = self.changer_class(self.api, self.sender, self.pager, self.writer)
        self.planter = self.planter_class(self.api, self.writer)
        downloader = fitter.downloader(self.downloader_class(wire, retry))
        self._wait_for_jobs(downloader, clock, sleeper)

    def _retry(self, draw: RandomSource, clock: Clock, sleeper: Sleeper) -> Retry:
        policy = self.policy_class(self.backoff_class(draw), clock)
        limiter = self.limiter_class(self.api.quotas, clock, sleeper)
        return Retry(policy, limiter, sleeper)

    def _wait_for_jobs(self, downloader: Downloader, clock: Clock, sleeper: Sleeper) -> None:
        """Put together what works on exports and reports."""
        self.exporter = self.exporter_class(
            self.api, self.sender, downloader=downloader, clock=clock, sleeper=sleeper
        )
        self.reporter = self.reporter_class(
            self.api, self.sender, downloader=downloader, clock=clock, sleeper=sleeper
        )
        self.metadata = self.metadata_class(self.exporter, clock)

    def _network(self, settings: Settings, clock: Clock) -> RequestsTransport:
        return self.transport_class(
            verify=settings.ca_bundle, proxy=settings.proxy, pace=pace_of(clock)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that this client opened itself."""
        if self._own_transport is not None:
            self._own_transport.close()

    def call(self, operation_id: str, profile: str, body: Any = None) -> Any:
        """Return the JSON reply of one call by operation id, for instance ``sp.campaigns.list``.

        This is the plain door: no paging, no batches, no reading of multi-status rows. A create
        whose answer is lost raises UnknownOutcome.
        """
        operation = self.api.operation(operation_id)
        return self.sender.send(Call(operation, self.router.region_of(profile), profile, body)).json

    def list_profiles(self, region: str) -> Records:
        """Return the profiles of one region, and remember where they live."""
        call = Call(self.api.operation("profiles.list"), region)
        profiles: Records = self.sender.send(call).json
        try:
            for profile in profiles:
                self.router.learn(str(profile["profileId"]), region, profile.get("countryCode"))
        except (KeyError, TypeError) as trouble:
            raise UnreadableReply("profiles must be an array of objects with ids") from trouble
        return profiles

    def list(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> Records:
        """Return all entities of a resource that pass the filters, from all pages."""
        return self._noted(
            resource, profile, self.pager.items(resource, profile, filters, page_size)
        )

    def get(self, resource: str, profile: str, ids: Sequence[str]) -> Records:
        """Return the entities with these ids, in the order of the service."""
        return self._noted(resource, profile, self.pager.by_ids(resource, profile, ids))

    def _noted(self, resource: str, profile: str, entities: Records) -> Records:
        identity = self.api.contract(resource).identity
        if identity is not None:
            self.known.learn(resource, profile, identity.field, entities)
        return entities

    def create(self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]) -> Outcomes:
        """Create entities; return one outcome per item, in order."""
        return self.writer.write("create", resource, profile, items)

    def update(self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]) -> Outcomes:
        """Update entities, each named by its id; return one outcome per item, in order.

        Of entities that were read a moment ago only the members that differ are sent, and
        nothing at all where nothing differs.
        """
        return self.changer.update(resource, profile, items)

    def modify(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        *,
        members: Mapping[str, Any] | None = None,
        raises: Mapping[str, float] | None = None,
    ) -> Outcomes:
        """Write new values or raised amounts into all entities that pass the filters."""
        return self.changer.modify(resource, profile, filters, members, raises)

    def archive(self, resource: str, profile: str, ids: Sequence[str]) -> Outcomes:
        """Archive entities for good; return one outcome per id, in order."""
        return self.writer.write("archive", resource, profile, ids)

    def resume(self) -> Unfinished:
        """Finish the creates that an earlier life of the store left open.

        Exports and reports need no word: whoever asks for the same again gets what goes on.
        """
        return self.writer.resume() if isinstance(self.writer, IntentWriter) else []

    def create_tree(self, profile: str, campaigns: Sequence[Mapping[str, Any]]) -> Branches:
        """Create campaigns with their ad groups, keywords, ads and targets, parents first."""
        return self.planter.plant(profile, campaigns)

    def export(self, kind: str, profile: str, filters: Mapping[str, Any] | None = None) -> Records:
        """Return the records of a new export of campaigns, adGroups, targets or ads."""
        return self.exporter.export(kind, profile, filters)

    def exports(self, kind: str, profile: str, count: int) -> Results:
        """Return what each of so many new exports of one kind brought or met."""
        return self.exporter.gather([ExportRequest(kind, profile)] * count)

    def sync_metadata(self, profile: str) -> dict[str, Records]:
        """Return the records of every kind of export, none older than half a day."""
        return self.metadata.sync(profile)

    def report(self, profile: str, args: Mapping[str, Any]) -> Records:
        """Return the rows of a report over any range of days.

        ``args`` are ``reportTypeId``, ``startDate``, ``endDate``, ``columns``, ``groupBy`` and,
        where wanted, ``timeUnit`` and ``filters``, as they are on the wire. With ``names`` the
        rows get names and settings from an export and not from the report itself.
        """
        query = Query.of(profile, args)
        if not args.get("names"):
            return self.reporter.report(query)
        return self.metadata.name(self.reporter.report(query.lean()), profile)

    def reports(self, wishes: Sequence[Mapping[str, Any]], within: float) -> Reports:
        """Return the rows of many reports, asked for evenly over so many seconds.

        A wish is what ``report`` takes, with its ``profile``; without ``names``.
        """
        queries = [Query.of(str(wish["profile"]), wish) for wish in wishes]
        return self.reporter.reports(queries, within)
