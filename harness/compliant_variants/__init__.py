"""Compliant variants of the reference client, to detect false alarms: no MUST may fail for them.

Each is the reference client with another compliant behavior in one part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from adsmock.harness.client.auth import TokenCache
from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.client.retry.context import Attempt, Kind, RateLimitKey
from adsmock.harness.client.retry.policy import Decision, RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.client_parts import client_with
from adsmock.harness.compliant_variants import (
    habits,
    multi_process,
    recommendations,
    templates,
    unusual,
    wait_strategies,
    workflows,
)


@dataclass(frozen=True, slots=True)
class CompliantVariant:
    """One compliant variant: ``behavior`` says what it does differently.

    ``factory`` takes the arguments of ``AdsClient``. Consecutive tasks of one kind are run by
    ``workers`` threads.
    """

    name: str
    behavior: str
    factory: Callable[..., AdsClient]
    workers: int = 1
    template: Callable[[dict[str, Any]], None] | None = None
    """What it changes in the model template of its queues."""


class _EarlyTokens(TokenCache):
    """Renews a token five minutes before its expiry, or at half of a short lifetime."""

    def token(self, region: str) -> str:
        token = super().token(region)
        with self._lock:
            grant = self._grant
            if grant is not None and grant.token != self._shortened:
                left = grant.renew_at - self._clock.now()
                self._grant = replace(grant, renew_at=grant.renew_at - min(240.0, left / 2))
                self._shortened = grant.token
        return token

    _shortened = ""


class _RefusedTokens(TokenCache):
    """Keeps a token until it is refused."""

    def token(self, region: str) -> str:
        with self._lock:
            if self._grant is not None:
                return self._grant.token
        return super().token(region)


class _ClosingSender(Sender):
    """Closes the connection after each call."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        return super().headers(call, token) | {"Connection": "close"}


class _OwnHeadersSender(Sender):
    """Sends additional headers, and all names in capitals."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        more = {"User-Agent": "partner/7.1", "X-Request-Source": "nightly", "Cache-Control": "*"}
        return {
            name.upper(): value for name, value in (super().headers(call, token) | more).items()
        }


class _NoGzipSender(Sender):
    """Accepts no compressed replies."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        return super().headers(call, token) | {"Accept-Encoding": "identity"}


class _ReadBackPolicy(RetryPolicy):
    """Reads back before each repeated create, even if it cannot have been done."""

    def decide(self, attempt: Attempt) -> Decision:
        decision = super().decide(attempt)
        is_create = attempt.kind is Kind.CREATE
        return Decision.VERIFY if is_create and decision is Decision.RETRY else decision


class _NarrowWriter(Writer):
    """Fills batches to one item below the limit."""

    def _batches(
        self, verb: str, resource: str, profile: str, items: Sequence[Any]
    ) -> Iterator[Batch]:
        width = max(1, (self._api.contract(resource).batch_maximum or 2) - 1)
        for start in range(0, len(items), width):
            yield from super()._batches(verb, resource, profile, items[start : start + width])


class _SlowLimiter(Limiter):
    """Waits a tenth of a second before each call, far below any limit."""

    def admit(self, limit_key: RateLimitKey) -> None:
        self._sleeper.sleep(0.1)
        super().admit(limit_key)


def _backoff(**values: float) -> type:
    return type("Backoff", (ExponentialBackoff,), values)


def _variant(name: str, behavior: str, *parts: type, workers: int = 1) -> CompliantVariant:
    return CompliantVariant(name, behavior, client_with(*parts), workers)


_ROWS = (
    _variant(
        "full-jitter", "waits a random time from zero to the delay", wait_strategies.FullJitter
    ),
    _variant(
        "equal-jitter",
        "waits half of the delay and a random part of the other half",
        wait_strategies.EqualJitter,
    ),
    _variant(
        "decorrelated",
        "waits a random time from one second to three times the last wait",
        wait_strategies.Decorrelated,
    ),
    _variant("jitter-20", "adds a jitter of 20 % in both directions", wait_strategies.NarrowJitter),
    _variant("base-100ms", "starts with a delay of 100 ms", _backoff(initial=0.1)),
    _variant("base-2s", "starts with a delay of two seconds", _backoff(initial=2.0, cap=30.0)),
    _variant("factor-1.5", "grows by a factor of 1.5", _backoff(factor=1.5)),
    _variant("factor-1.6", "grows by a factor of 1.6", _backoff(factor=1.6)),
    _variant(
        "larger-wait",
        "waits for the larger of Retry-After and its own wait",
        wait_strategies.LargerWait,
    ),
    _variant("factor-3", "grows by a factor of 3", _backoff(factor=3.0, cap=40.0)),
    _variant("late-10", "waits 10 % longer than Retry-After", wait_strategies.TenPercentLater),
    _variant(
        "late-5s", "waits five seconds longer than Retry-After", wait_strategies.FiveSecondsLater
    ),
    _variant("three-retries", "gives up after three retries", wait_strategies.ThreeRetries),
    _variant("early-refresh", "renews its token five minutes early", _EarlyTokens),
    _variant("late-refresh", "renews its token when it is refused", _RefusedTokens),
    _variant("connection-per-call", "opens a connection for each call", _ClosingSender),
    _variant("own-headers", "sends additional headers, all in capitals", _OwnHeadersSender),
    _variant("no-gzip", "accepts no compressed replies", _NoGzipSender),
    _variant("poll-30s", "polls exports and reports every 30 seconds", *habits.polling(30.0)),
    _variant(
        "poll-growing",
        "polls exports and reports at doubling intervals",
        *habits.polling(2.0, 5.0, growth=2.0, longest=120.0),
    ),
    _variant("read-back", "reads back before each repeated create", _ReadBackPolicy),
    _variant("narrow-batches", "fills batches to one item below the limit", _NarrowWriter),
    _variant("slow-limiter", "calls far more slowly than the quota allows", _SlowLimiter),
    _variant("concurrent-32", "runs up to 32 tasks at a time", workers=32),
    CompliantVariant(
        "shared-token",
        "runs as several processes with one queue and one shared token",
        multi_process.shared_token_clients,
        workers=multi_process.PROCESSES,
    ),
    _variant(
        "requeued",
        "retries once, then lets a queue start the job again after five minutes",
        habits.Requeued,
    ),
    _variant(
        "base-8s",
        "starts with a delay of eight seconds and doubles it to the documented limit",
        _backoff(initial=8.0),
    ),
    _variant("batches-of-one", "sends each item in a request of its own", habits.SingleItemWriter),
    _variant("poll-60s", "polls exports and reports once a minute", *habits.polling(60.0)),
    _variant("poll-300s", "polls exports and reports every five minutes", *habits.polling(300.0)),
    _variant("three-seconds", "waits three seconds before each call", habits.ThreeSecondLimiter),
    _variant(
        "one-a-second",
        "starts at most one call a second over all regions",
        habits.OneASecondLimiter,
    ),
    _variant("small-pages", "reads small pages", habits.SmallPager),
    _variant(
        "profiles-first",
        "lists the profiles before each list and each create",
        habits.ProfilesFirst,
    ),
    _variant("unique-queries", "adds a number to the query of each attempt", habits.UniqueQueries),
    _variant("lists-first", "lists what exists before each create", habits.ListsFirst),
    _variant(
        "stream-single-deletes",
        "deletes each message of a queue in a call of its own",
        habits.SingleDeletes,
    ),
    _variant(
        "stream-dead-letters",
        "leaves messages that it cannot read to the dead-letter queue",
        habits.DeadLetters,
    ),
    _variant(
        "stream-newest-first",
        "stores the messages of each receipt from the newest hour to the oldest",
        habits.SortsReceipts,
    ),
    _variant(
        "stream-compares-reports",
        "compares its sums with a report of the day and one of the day before",
        habits.ComparesWithReports,
    ),
    _variant(
        "stream-subscribe-url",
        "confirms a subscription by opening its SubscribeURL",
        habits.OpensUrl,
    ),
    _variant(
        "stream-reads-back",
        "lists its subscriptions after a lost answer; each creation has another request token",
        habits.ReadsBackSubscriptions,
    ),
    _variant(
        "stream-raises-soon",
        "raises budgets several times while it reads the queue",
        habits.RaisesSoon,
    ),
    _variant(
        "recommendations-one-by-one",
        "asks for the recommendation of each campaign by itself, and applies it at once",
        recommendations.OneByOneAdvisor,
    ),
    _variant(
        "recommendations-by-five",
        "asks for the recommendations of five campaigns in a call",
        recommendations.SmallBatchesAdvisor,
    ),
    _variant(
        "workflow-relative-window",
        "executes workflows over the service's own window of the newest week",
        workflows.RelativeWindowRunner,
    ),
    _variant(
        "workflow-stored",
        "stores each query as a workflow and executes it by its id",
        workflows.StoredWorkflowRunner,
    ),
    _variant(
        "workflow-tries-first",
        "executes a routine query once, then schedules it",
        workflows.TriesFirstScheduler,
    ),
    _variant(
        "workflow-creates-again",
        "creates the workflow and the schedule at each start, and accepts that they exist",
        workflows.CreatesAgainScheduler,
    ),
    _variant(
        "old-version-until-its-end",
        "calls an old version of the API until the day before its end",
        habits.OldVersionUntilItsEnd,
    ),
    _variant("reads-back", "reads the entities back after each create", habits.ReadsBackCreates),
    replace(
        _variant(
            "template-by-name",
            "names its queues in the template, and encrypts them with its own key",
        ),
        template=templates.by_name,
    ),
    *(_variant(name, behavior, *parts) for name, behavior, *parts in unusual.VARIANTS),
    CompliantVariant(
        "process-per-region",
        "runs a process for each region, with a token of its own",
        unusual.region_processes,
    ),
    CompliantVariant(
        "process-per-task",
        "runs each task in a new process without a store",
        habits.process_per_task,
    ),
)

COMPLIANT_VARIANTS: Mapping[str, CompliantVariant] = MappingProxyType(
    {row.name: row for row in _ROWS}
)
"""All compliant variants by name."""

__all__ = ["COMPLIANT_VARIANTS", "CompliantVariant"]
