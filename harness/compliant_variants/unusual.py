"""Compliant habits that few programs have: slow probes, reads before writes, other orders."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Self, cast

from adsmock.harness.client.auth import Grant, TokenCache
from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import AdsError, TransportError
from adsmock.harness.client.export import Exporter
from adsmock.harness.client.export import Job as ExportJob
from adsmock.harness.client.job_polling import Job, Records
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.query import Query
from adsmock.harness.client.report import Job as ReportJob
from adsmock.harness.client.report import Reporter
from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.client.retry.context import RateLimitKey
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.settings import Settings
from adsmock.harness.client.transport import Reply, Request
from adsmock.harness.client.tree import ROOT, Branch, TreeCreator
from adsmock.harness.client.writer import Batch, Writer

Outcomes = list[Outcome]
Items = Sequence[Mapping[str, Any]]
Branches = list[Branch]

QUARTER = 900.0


class Breaker(Sender):
    """After three failures in a row in a region, its calls wait three minutes; then one probes."""

    most, pause = 3, 180.0

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._failures: dict[str, int] = {}
        self._open_until: dict[str, float] = {}

    def attempt(self, call: Call) -> Reply:
        left = self._open_until.get(call.region, 0.0) - self._now()
        if left > 0:
            self.retry.sleeper.sleep(left)
        try:
            reply = super().attempt(call)
        except TransportError:
            self._count(call.region, is_failure=True)
            raise
        is_busy = reply.status == HTTPStatus.TOO_MANY_REQUESTS
        is_down = reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        self._count(call.region, is_failure=is_busy or is_down)
        return reply

    def _count(self, region: str, *, is_failure: bool) -> None:
        self._failures[region] = self._failures.get(region, 0) + 1 if is_failure else 0
        if self._failures[region] >= self.most:
            self._open_until[region] = self._now() + self.pause

    def _now(self) -> float:
        return self._tokens._clock.now()  # noqa: SLF001 -- a sender has no clock of its own


class ThirtySeconds(ExponentialBackoff):
    """Half a minute before each retry, with a few seconds of jitter."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        del retry
        return max(floor, 30.0) + 5.0 * self._random_source.fraction()


class PausesAll(Limiter):
    """After a 429, no call to any region for the named time, at least for two seconds."""

    _until = 0.0

    def pause(self, limit_key: RateLimitKey, seconds: float) -> None:
        super().pause(limit_key, seconds)
        self._until = max(self._until, self._clock.now() + max(seconds, 2.0))

    def admit(self, limit_key: RateLimitKey) -> None:
        while (left := self._until - self._clock.now()) > 0:
            self._sleeper.sleep(left)
        super().admit(limit_key)


class LowerCaseSender(Sender):
    """Writes all names of headers in lower case."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        return {name.lower(): value for name, value in super().headers(call, token).items()}


class MediaTypesSender(Sender):
    """Accepts JSON besides the type that it needs, and names the character set of bodies."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        found = super().headers(call, token)
        found["Accept"] += ", application/json;q=0.9, */*;q=0.1"
        if "Content-Type" in found:
            found["Content-Type"] += "; charset=utf-8"
        return found


class MemberOrderSender(Sender):
    """Writes the members of each body in another order each time, with indentation."""

    _number = 0

    def request(self, call: Call, token: str) -> Request:
        found = super().request(call, token)
        if found.body is None:
            return found
        self._number += 1
        body = _turned(json.loads(found.body), self._number)
        return replace(found, body=json.dumps(body, ensure_ascii=False, indent=2).encode())


def _turned(value: Any, by: int) -> Any:
    if isinstance(value, dict):
        names = list(value)
        first = by % max(1, len(names))
        return {name: _turned(value[name], by) for name in names[first:] + names[:first]}
    return [_turned(each, by) for each in value] if isinstance(value, list) else value


class RegionTokens(TokenCache):
    """A token for each region."""

    def __init__(self, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **more)
        self._grants: dict[str, Grant] = {}
        self._turn = threading.Lock()

    def token(self, region: str) -> str:
        with self._turn:
            self._grant = self._grants.get(region)
            found = super().token(region)
            self._grants[region] = cast("Grant", self._grant)
            return found

    def invalidate(self, token: str) -> None:
        with self._turn:
            self._grants = {name: one for name, one in self._grants.items() if one.token != token}


class HalfLifeTokens(TokenCache):
    """Renews a token at half of its lifetime."""

    def _fetch(self, region: str) -> Grant:
        grant, now = super()._fetch(region), self._clock.now()
        return replace(grant, renew_at=now + (grant.renew_at - now) / 2)


class CountsFirst(Pager):
    """Reads a page of one entity for the total number before it reads a list."""

    def _read(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Records:
        if resource.startswith("sp."):
            next(iter(super().pages(resource, profile, filters, 1)), None)
        return super()._read(resource, profile, filters, page_size)


class ReadsBeforeCreate(Writer):
    """Looks each item up by its natural key, and creates only what is missing."""

    def _settle_unsent(self, batch: Batch) -> None:
        super()._settle_unsent(batch)
        if batch.verb == "create" and self._readback.knows(batch.contract.name):
            batch.settled.update(self._find(batch, batch.open))


class LateReadBack(Writer):
    """Waits a minute before it reads back what may have been created."""

    def recover(self, batch: Batch) -> list[int]:
        if batch.uncertain:
            self._sender.retry.sleeper.sleep(60.0)
        return super().recover(batch)


class SecondPass(Writer):
    """Sends all batches first; failed items that may succeed later go into one last pass."""

    _is_last = False

    def to_resend(self, batch: Batch, places: list[int]) -> list[int]:
        return super().to_resend(batch, places) if self._is_last else []

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> Outcomes:
        found = super().write(verb, resource, profile, items)
        again = [each.index for each in found if each.is_retryable and not each.is_uncertain]
        if self._is_last or not again:
            return found
        self._sender.retry.sleeper.sleep(60.0)
        self._is_last = True
        try:
            late = super().write(verb, resource, profile, [items[place] for place in again])
        except AdsError:
            return found
        finally:
            self._is_last = False
        for place, outcome in zip(again, late, strict=True):
            found[place] = replace(outcome, index=place)
        return found


class RetriesAlone(Writer):
    """Sends each failed item of a batch again in a call of its own."""

    def _round(self, batch: Batch, places: list[int]) -> list[int]:
        if not batch.sent or len(places) == 1:
            return super()._round(batch, places)
        for place in places:
            if place not in batch.settled:
                super()._round(batch, [place])
        return [place for place in places if place not in batch.settled]


class OtherOrder(AdsClient):
    """Writes the items of a task from the last to the first."""

    def create(self, resource: str, profile: str, items: Items) -> Outcomes:
        return _in_order(super().create(resource, profile, items[::-1]))

    def update(self, resource: str, profile: str, items: Items) -> Outcomes:
        return _in_order(super().update(resource, profile, items[::-1]))

    def archive(self, resource: str, profile: str, ids: Sequence[str]) -> Outcomes:
        return _in_order(super().archive(resource, profile, ids[::-1]))


def _in_order(found: Outcomes) -> Outcomes:
    return [replace(each, index=place) for place, each in enumerate(reversed(found))]


class DepthFirst(TreeCreator):
    """Creates each campaign with everything below it before the next campaign."""

    def create(self, profile: str, campaigns: Items) -> Branches:
        found: Branches = []
        for campaign in campaigns:
            try:
                found += super().create(profile, [campaign])
            except AdsError:
                found.append(Branch(ROOT, dict(campaign)))
        return found


class PausedFirst(AdsClient):
    """Creates the campaigns of a tree paused, and enables them when everything below exists."""

    def create_tree(self, profile: str, campaigns: Items) -> Branches:
        roots = super().create_tree(profile, [{**each, "state": "PAUSED"} for each in campaigns])
        due = [
            {"campaignId": root.outcome.id, "state": "ENABLED"}
            for root, wanted in zip(roots, campaigns, strict=True)
            if wanted.get("state") == "ENABLED" and root.outcome and root.outcome.id
        ]
        if due:
            self.update(ROOT, profile, due)
        return roots


class FreshAddressExporter(Exporter):
    """Polls a finished export once more for a fresh address before the download."""

    def download(self, job: ExportJob, reply: dict[str, Any]) -> Records:
        return super().download(job, self.renew(job, reply))


class FreshAddressReporter(Reporter):
    """Polls a finished report once more for a fresh address before the download."""

    def download(self, job: ReportJob, reply: dict[str, Any]) -> Records:
        return super().download(job, self.renew(job, reply))


class QuarterExporter(Exporter):
    """Polls at the full quarters of each hour."""

    def watch(self, job: ExportJob, poll: Call) -> None:
        super().watch(job, poll)
        job.due = _next_quarter(job, self._clock.now())

    def poll_later(self, job: ExportJob) -> bool:
        job.due = _next_quarter(job, self._clock.now())
        return job.due <= job.deadline


class QuarterReporter(Reporter):
    """Polls at the full quarters of each hour."""

    def watch(self, job: ReportJob, poll: Call) -> None:
        super().watch(job, poll)
        job.due = _next_quarter(job, self._clock.now())

    def poll_later(self, job: ReportJob) -> bool:
        job.due = _next_quarter(job, self._clock.now())
        return job.due <= job.deadline


def _next_quarter(job: Job, now: float) -> float:
    del job
    return (now // QUARTER + 1) * QUARTER


class SerialExporter(Exporter):
    """Runs one export at a time."""

    def may_start(self, job: ExportJob, jobs: Sequence[ExportJob]) -> bool:
        del job
        return not any(each.is_running for each in jobs)


class MoreColumns(Reporter):
    """Requests further columns, all in alphabetical order."""

    def create(self, query: Query) -> str:
        more = {"clicks", "cost", "impressions"}
        return super().create(replace(query, columns=tuple(sorted({*query.columns, *more}))))


class RegionProcesses:
    """A client for each region, with a token and limits of its own."""

    def __init__(self, settings: Settings, **parts: Any) -> None:
        self._members = {name: AdsClient(settings, **parts) for name in settings.endpoints}
        self._regions = dict(settings.profiles)
        self.router = next(iter(self._members.values())).router

    def __getattr__(self, verb: str) -> Any:
        def run(*args: Any, **more: Any) -> Any:
            names = [each for each in (*args, *more.values()) if isinstance(each, str)]
            regions = (self._regions.get(name, name) for name in names)
            found = (self._members[each] for each in regions if each in self._members)
            member = next(found, next(iter(self._members.values())))
            return getattr(member, verb)(*args, **more)

        return run

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for member in self._members.values():
            member.close()


def region_processes(settings: Settings, **parts: Any) -> AdsClient:
    """Return an object with every verb of a client, backed by a client for each region."""
    return cast("AdsClient", RegionProcesses(settings, **parts))


VARIANTS: tuple[tuple[Any, ...], ...] = (
    ("breaker", "stops for three minutes after three failures in a row, then probes", Breaker),
    ("wait-30s", "waits half a minute before each retry", ThirtySeconds),
    ("pause-all", "stops calling all regions when one of them throttles", PausesAll),
    ("lower-case-headers", "writes the names of headers in lower case", LowerCaseSender),
    ("media-types", "accepts several media types, and names a character set", MediaTypesSender),
    ("member-order", "writes the members of bodies in changing order", MemberOrderSender),
    ("token-per-region", "has a token for each region", RegionTokens),
    ("half-life-tokens", "renews a token at half of its lifetime", HalfLifeTokens),
    ("counts-first", "reads the number of entities before each list", CountsFirst),
    ("reads-before-create", "looks items up, and creates what is missing", ReadsBeforeCreate),
    ("late-read-back", "waits a minute before it reads back uncertain creates", LateReadBack),
    ("second-pass", "sends failed items again in one last pass a minute later", SecondPass),
    ("retries-alone", "sends each failed item again in a call of its own", RetriesAlone),
    ("other-order", "writes the items of a task from the last to the first", OtherOrder),
    ("depth-first", "creates each campaign with its children before the next one", DepthFirst),
    ("paused-first", "creates campaigns paused, and enables complete ones", PausedFirst),
    (
        "fresh-addresses",
        "polls once more for a fresh address before each download",
        FreshAddressExporter,
        FreshAddressReporter,
    ),
    ("quarter-hours", "polls at full quarters of an hour", QuarterExporter, QuarterReporter),
    ("serial-exports", "runs one export at a time", SerialExporter),
    ("more-columns", "requests further columns in alphabetical order", MoreColumns),
)
"""Name, behavior and classes of each variant."""
