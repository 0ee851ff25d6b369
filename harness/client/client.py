"""The client: its parts put together, and its verbs.

To change one part, subclass ``AdsClient`` and name another class for that part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, Self

from .api import Api, load_api
from .auth import TokenCache
from .bid_check import BidCheck
from .call import Call
from .clock import Clock, Sleeper, SystemClock, calling, speed_of
from .download import Downloader
from .errors import AdsError, UnreadableReply
from .export import Exporter, ExportRequest
from .extensions import Assembler, Extensions
from .intent import IntentWriter, Resumed
from .last_seen import LastSeen
from .limiter import Limiter
from .metadata import Metadata
from .multistatus import Outcome
from .natural_key import ReadBack
from .pager import Pager
from .query import Query
from .random_source import RandomSource, SeededRandom
from .recommendation import BudgetAdvisor
from .report import Reporter
from .retry.backoff import ExponentialBackoff
from .retry.chain import Retry
from .retry.policy import RetryPolicy
from .routing import Router
from .sender import Sender
from .settings import Settings
from .stream.reader import StreamReader
from .stream.subscriber import Subscribed, Subscriber
from .transport import RequestsTransport, Transport
from .tree import Branch, TreeCreator
from .update import Updater
from .workflow import Instance, WorkflowRunner
from .workflow_schedule import WorkflowScheduler
from .writer import Writer

# Named here because the verb ``list`` hides the type of that name inside the class.
Records = list[dict[str, Any]]
Outcomes = list[Outcome]
Branches = list[Branch]
Reports = list[Records]
Results = list[Records | AdsError]
Unfinished = list[Resumed]
StreamSums = dict[str, dict[str, Decimal]]
Subscriptions = list[Subscribed]


class AdsClient:
    """A client for the profiles of all regions; safe to share between threads.

    Every verb raises an ``AdsError`` and nothing else. Without a clock and its sleeper the client
    uses the machine's time. ``extensions`` adds a store, a cache and observers.
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
    updater_class: ClassVar[type[Updater]] = Updater
    budget_advisor_class: ClassVar[type[BudgetAdvisor]] = BudgetAdvisor
    tree_creator_class: ClassVar[type[TreeCreator]] = TreeCreator
    bid_check_class: ClassVar[type[BidCheck]] = BidCheck
    downloader_class: ClassVar[type[Downloader]] = Downloader
    exporter_class: ClassVar[type[Exporter]] = Exporter
    metadata_class: ClassVar[type[Metadata]] = Metadata
    reporter_class: ClassVar[type[Reporter]] = Reporter
    workflow_runner_class: ClassVar[type[WorkflowRunner]] = WorkflowRunner
    workflow_scheduler_class: ClassVar[type[WorkflowScheduler]] = WorkflowScheduler
    stream_reader_class: ClassVar[type[StreamReader]] = StreamReader
    subscriber_class: ClassVar[type[Subscriber]] = Subscriber
    assembler_class: ClassVar[type[Assembler]] = Assembler

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        sleeper: Sleeper | None = None,
        random_source: RandomSource | None = None,
        transport: Transport | None = None,
        api: Api | None = None,
        extensions: Extensions | None = None,
    ) -> None:
        machine = SystemClock()
        clock, sleeper = clock or machine, sleeper or machine
        self.api = api = api or load_api()
        self.router = self.router_class(settings)
        self._own_transport = self._network(settings, clock) if transport is None else None
        assembler = self.assembler_class(extensions or Extensions(), api, clock)
        self.clock, self.jobs = clock, assembler.jobs
        network = transport or self._own_transport
        assert network is not None, "passed in or built"
        wire = assembler.transport(network, settings)
        retry = self._retry(random_source or SeededRandom.from_entropy(), clock, sleeper)
        who = settings.credentials
        tokens = self.token_cache_class(
            who, api.token_path, self.router, transport=wire, retry=retry, clock=clock
        )
        sender = self.sender_class(who.client_id, self.router, tokens, wire, retry)
        self.sender = assembler.sender(sender)
        self.pager = self.pager_class(self.api, self.sender)
        self.last_seen = LastSeen(clock)
        readback = ReadBack(self.api, self.pager)
        limits = self.bid_check_class(api, self.router)
        writer = self.writer_class(self.api, self.sender, readback, self.last_seen, limits)
        self.writer = assembler.writer(writer, readback)
        self.updater = self.updater_class(self.api, self.sender, self.pager, self.writer)
        self.tree_creator = self.tree_creator_class(self.api, self.writer)
        downloader = assembler.downloader(self.downloader_class(wire, retry))
        self._build_job_pollers(downloader, clock, sleeper)
        path = assembler.stream_path
        self.stream = self.stream_reader_class(settings, path, clock=clock, sleeper=sleeper)

    def _retry(self, random_source: RandomSource, clock: Clock, sleeper: Sleeper) -> Retry:
        policy = self.policy_class(self.backoff_class(random_source), clock)
        limiter = self.limiter_class(self.api.quotas, clock, sleeper)
        return Retry(policy, limiter, sleeper)

    def _build_job_pollers(self, downloader: Downloader, clock: Clock, sleeper: Sleeper) -> None:
        """Build the parts that run jobs, subscribe to Marketing Stream and apply advice."""
        self.budget_advisor = self.budget_advisor_class(self.api, self.sender, self.updater)
        self.subscriber = self.subscriber_class(self.api, self.sender)
        self._raised: set[tuple[str, str]] = set()
        self.exporter = self.exporter_class(
            self.api, self.sender, downloader=downloader, clock=clock, sleeper=sleeper
        )
        self.reporter = self.reporter_class(
            self.api, self.sender, downloader=downloader, clock=clock, sleeper=sleeper
        )
        self.workflow_runner = self.workflow_runner_class(
            self.api, self.sender, downloader=downloader, clock=clock, sleeper=sleeper
        )
        self.workflow_scheduler = self.workflow_scheduler_class(self.sender, self.workflow_runner)
        self.metadata = self.metadata_class(self.exporter, clock)

    def _network(self, settings: Settings, clock: Clock) -> RequestsTransport:
        return self.transport_class(
            verify=settings.ca_bundle,
            proxy=settings.proxy,
            speed=speed_of(clock),
            calling=partial(calling, clock),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections and the file that this client opened itself."""
        self.stream.close()
        if self._own_transport is not None:
            self._own_transport.close()

    def call(self, operation_id: str, profile: str, body: Any = None) -> Any:
        """Return the JSON reply of one call by operation id, for instance ``sp.campaigns.list``.

        The lowest level: no paging, no batches, no parsing of multi-status rows. A create whose
        reply is lost raises UnknownOutcome.
        """
        operation = self.api.operation(operation_id)
        return self.sender.send(Call(operation, self.router.region_of(profile), profile, body)).json

    def list_profiles(self, region: str) -> Records:
        """Return the profiles of one region, and remember their region."""
        call = Call(self.api.operation("profiles.list"), region)
        profiles: Records = self.sender.send(call).json
        try:
            for profile in profiles:
                self.router.learn(str(profile["profileId"]), region, profile.get("countryCode"))
        except (KeyError, TypeError) as error:
            raise UnreadableReply(
                "the reply to profiles.list must be an array of objects with a profileId"
            ) from error
        return profiles

    def list(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> Records:
        """Return all entities of a resource that match the filters, from all pages."""
        return self._remember(
            resource, profile, self.pager.items(resource, profile, filters, page_size)
        )

    def get(self, resource: str, profile: str, ids: Sequence[str]) -> Records:
        """Return the entities with these ids, in the order of the service."""
        return self._remember(resource, profile, self.pager.by_ids(resource, profile, ids))

    def _remember(self, resource: str, profile: str, entities: Records) -> Records:
        identity = self.api.contract(resource).identity
        if identity is not None:
            self.last_seen.learn(resource, profile, identity.field, entities)
        return entities

    def create(self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]) -> Outcomes:
        """Create entities; return one outcome per item, in order."""
        return self.writer.write("create", resource, profile, items)

    def update(self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]) -> Outcomes:
        """Update entities, each identified by its id; return one outcome per item, in order.

        For entities that were read recently, only changed members are sent, and unchanged
        entities are not sent at all.
        """
        return self.updater.update(resource, profile, items)

    def modify(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        *,
        members: Mapping[str, Any] | None = None,
        raises: Mapping[str, float] | None = None,
    ) -> Outcomes:
        """Set new values, or add to amounts, in all entities that match the filters."""
        return self.updater.modify(resource, profile, filters, members, raises)

    def apply_recommendations(self, profile: str, campaigns: Sequence[str]) -> Outcomes:
        """Set the daily budgets of Sponsored Products campaigns to those recommended now."""
        return self.budget_advisor.apply(profile, campaigns)

    def archive(self, resource: str, profile: str, ids: Sequence[str]) -> Outcomes:
        """Archive entities, which cannot be undone; return one outcome per id, in order."""
        return self.writer.write("archive", resource, profile, ids)

    def resume(self) -> Unfinished:
        """Finish the creates that an earlier process with this store left open.

        Exports and reports need no call: the same request again continues the running job.
        """
        return self.writer.resume() if isinstance(self.writer, IntentWriter) else []

    def create_tree(self, profile: str, campaigns: Sequence[Mapping[str, Any]]) -> Branches:
        """Create campaigns with their ad groups, keywords, ads and targets, parents first."""
        return self.tree_creator.create(profile, campaigns)

    def export(self, kind: str, profile: str, filters: Mapping[str, Any] | None = None) -> Records:
        """Return the records of a new export of campaigns, adGroups, targets or ads."""
        return self.exporter.export(kind, profile, filters)

    def exports(self, kind: str, profile: str, count: int) -> Results:
        """Run ``count`` exports of one kind; return the records or the error of each."""
        return self.exporter.gather([ExportRequest(kind, profile)] * count)

    def sync_metadata(self, profile: str) -> dict[str, Records]:
        """Return the records of every kind of export, at most half a day old."""
        return self.metadata.sync(profile)

    def report(self, profile: str, args: Mapping[str, Any]) -> Records:
        """Return the rows of a report over any range of days.

        ``args`` are ``reportTypeId``, ``startDate``, ``endDate``, ``columns``, ``groupBy`` and,
        optionally, ``timeUnit`` and ``filters``, as they are on the wire. With ``names`` the
        names in the rows come from an export and not from the report itself.
        """
        query = Query.of(profile, args)
        if not args.get("names"):
            return self.reporter.report(query)
        return self.metadata.name(self.reporter.report(query.without_metadata()), profile)

    def subscribe_stream(
        self, profile: str, datasets: Sequence[str], queue_arn: str
    ) -> Subscriptions:
        """Give each dataset of Marketing Stream a live subscription with this queue.

        Creates what is missing, suspended or failed. ``consume_stream`` confirms.
        """
        return self.subscriber.subscribe(profile, datasets, queue_arn)

    def consume_stream(self, queue_url: str, seconds: float, day: str = "") -> StreamSums:
        """Read the messages of a queue for a time, and return the sums of all records so far.

        The queue's messages come from Amazon Marketing Stream; the sums are by dataset and metric.
        With ``day`` (``YYYY-MM-DD``) only the hours of that day of the advertiser count.
        """
        return self.stream.read(queue_url, seconds, day)

    def raise_budgets(
        self, profile: str, queue_url: str, seconds: float, percent: float, amount: float
    ) -> Outcomes:
        """Read ``budget-usage`` for a time; raise the daily budgets that reach a percentage.

        A budget is raised once a day of UTC by ``amount``, however many messages say so.
        """
        self.stream.read(queue_url, seconds)
        due = self.due_budgets(percent)
        if not due:
            return []
        filters = {"campaignIdFilter": {"include": due}}
        return self.modify("sp.campaigns", profile, filters, raises={"budget.budget": amount})

    def due_budgets(self, percent: float) -> Sequence[str]:
        """Return the campaigns whose budgets are to be raised now, and remember them."""
        rows = {
            (str(row["budget_scope_id"]), str(row["usage_updated_timestamp"])[:10])
            for row in self.stream.states("budget-usage")
            if row["budget_scope_type"] == "CAMPAIGN" and row["budget_usage_percentage"] >= percent
        }
        new = sorted(rows - self._raised)
        self._raised |= rows
        return [campaign for campaign, _ in new]

    def run_workflow(
        self, profile: str, instance: Mapping[str, str], query: str, days: int
    ) -> Records:
        """Return the rows of a query of Marketing Cloud over the newest days with complete data.

        ``instance`` has ``instanceId``, ``advertiserId`` and ``marketplaceId``.
        """
        return self.workflow_runner.run(Instance.of(profile, instance), query, days)

    def schedule_workflow(
        self, profile: str, instance: Mapping[str, str], query: str, period: str
    ) -> Records:
        """Have the service execute a query, ``Daily`` or ``Weekly``; return its newest rows.

        The first call for a query creates its schedule. Data of a run take 48 hours to arrive.
        """
        return self.workflow_scheduler.schedule(Instance.of(profile, instance), query, period)

    def reports(self, requests: Sequence[Mapping[str, Any]], within: float) -> Reports:
        """Return the rows of many reports, created evenly over ``within`` seconds.

        Each request has the ``args`` of ``report`` and its ``profile``, without ``names``.
        """
        queries = [Query.of(str(args["profile"]), args) for args in requests]
        return self.reporter.reports(queries, within)
