"""Clients that do it another way and are right: no check of a MUST may fail for them.

A suite that calls lawful clients wrong is worse than none. Each is the reference client with
another lawful behavior in one part. Knows the client. Must not know the suite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from adsmock.harness.client.auth import TokenCache
from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.export import Exporter
from adsmock.harness.client.job_polling import PollSchedule
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.report import Reporter
from adsmock.harness.client.retry.context import Attempt, Kind, Lane
from adsmock.harness.client.retry.policy import Decision, RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.compliant_variants import multi_process, wait_strategies


@dataclass(frozen=True, slots=True)
class CompliantVariant:
    """One lawful variation: ``behavior`` says what it does in its own way.

    ``factory`` takes the arguments of ``AdsClient``. Neighbouring tasks of one kind are worked on
    by ``workers`` side by side.
    """

    name: str
    behavior: str
    factory: Callable[..., AdsClient]
    workers: int = 1


class _EarlyTokens(TokenCache):
    """Renews a token five minutes before its end, or at half of a short life."""

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


class _LateTokens(TokenCache):
    """Keeps a token until it is refused."""

    def token(self, region: str) -> str:
        with self._lock:
            if self._grant is not None:
                return self._grant.token
        return super().token(region)


class _ClosingSender(Sender):
    """Asks for the end of the connection with each call."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        return super().headers(call, token) | {"Connection": "close"}


class _ChattySender(Sender):
    """Sends headers of its own, and all names in capitals."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        more = {"User-Agent": "partner/7.1", "X-Request-Source": "nightly", "Cache-Control": "*"}
        return {
            name.upper(): value for name, value in (super().headers(call, token) | more).items()
        }


class _PlainSender(Sender):
    """Takes no compressed answers."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        return super().headers(call, token) | {"Accept-Encoding": "identity"}


class _EvenWaiter(Exporter):
    """Looks at exports every thirty seconds."""

    schedule = PollSchedule(first_gap=30.0, growth=1.0, longest_gap=30.0)


class _EvenReporter(Reporter):
    """Looks at reports every thirty seconds."""

    schedule = replace(Reporter.schedule, first_gap=30.0, growth=1.0, longest_gap=30.0)


class _GrowingWaiter(Exporter):
    """Looks at exports after two seconds, then after twice as long each time."""

    schedule = PollSchedule(first_gap=2.0, growth=2.0, longest_gap=120.0)


class _GrowingReporter(Reporter):
    """Looks at reports after five seconds, then after twice as long each time."""

    schedule = replace(Reporter.schedule, first_gap=5.0, growth=2.0, longest_gap=120.0)


class _CarefulPolicy(RetryPolicy):
    """Reads back before a create goes out again, even where it cannot have been done."""

    def decide(self, attempt: Attempt) -> Decision:
        """Return the move after this attempt."""
        step = super().decide(attempt)
        is_create = attempt.kind is Kind.CREATE
        return Decision.VERIFY if is_create and step is Decision.RETRY else step


class _NarrowWriter(Writer):
    """Fills batches to one below the limit."""

    def _batches(
        self, verb: str, resource: str, profile: str, items: Sequence[Any]
    ) -> Iterator[Batch]:
        width = max(1, (self._api.contract(resource).batch_maximum or 2) - 1)
        for start in range(0, len(items), width):
            yield from super()._batches(verb, resource, profile, items[start : start + width])


class _SlowLimiter(Limiter):
    """Waits a tenth of a second before each call, far below any limit."""

    def admit(self, lane: Lane) -> None:
        self._sleeper.sleep(0.1)
        super().admit(lane)


def _with(**parts: type) -> type[AdsClient]:
    """Return the reference client with other classes for some parts."""
    return type("Variation", (AdsClient,), parts)


_ROWS = (
    CompliantVariant(
        "full-jitter",
        "waits anything from nothing to the delay",
        _with(backoff_class=wait_strategies.FullJitter),
    ),
    CompliantVariant(
        "equal-jitter",
        "waits half of the delay and a random half",
        _with(backoff_class=wait_strategies.EqualJitter),
    ),
    CompliantVariant(
        "decorrelated",
        "draws each wait from one second to three times the last",
        _with(backoff_class=wait_strategies.Decorrelated),
    ),
    CompliantVariant(
        "jitter-20",
        "jitters by 20 % to either side",
        _with(backoff_class=wait_strategies.NarrowJitter),
    ),
    CompliantVariant(
        "base-100ms",
        "begins at a tenth of a second",
        _with(backoff_class=wait_strategies.QuickStart),
    ),
    CompliantVariant(
        "base-2s", "begins at two seconds", _with(backoff_class=wait_strategies.SlowStart)
    ),
    CompliantVariant("factor-1.5", "grows by half", _with(backoff_class=wait_strategies.Gentle)),
    CompliantVariant(
        "factor-1.6", "grows by six tenths", _with(backoff_class=wait_strategies.Golden)
    ),
    CompliantVariant(
        "larger-wait",
        "waits for the larger of Retry-After and its own wait",
        _with(backoff_class=wait_strategies.Larger),
    ),
    CompliantVariant("factor-3", "grows threefold", _with(backoff_class=wait_strategies.Steep)),
    CompliantVariant(
        "late-10",
        "waits a tenth longer than Retry-After",
        _with(policy_class=wait_strategies.TenthLater),
    ),
    CompliantVariant(
        "late-5s",
        "waits five seconds longer than Retry-After",
        _with(policy_class=wait_strategies.FiveLater),
    ),
    CompliantVariant(
        "three-retries",
        "gives up after three retries",
        _with(policy_class=wait_strategies.ThreeRetries),
    ),
    CompliantVariant(
        "early-refresh",
        "renews its token five minutes early",
        _with(token_cache_class=_EarlyTokens),
    ),
    CompliantVariant(
        "late-refresh", "renews its token when it is refused", _with(token_cache_class=_LateTokens)
    ),
    CompliantVariant(
        "connection-per-call",
        "opens a connection for each call",
        _with(sender_class=_ClosingSender),
    ),
    CompliantVariant(
        "own-headers",
        "sends headers of its own, all in capitals",
        _with(sender_class=_ChattySender),
    ),
    CompliantVariant("no-gzip", "takes no compressed answers", _with(sender_class=_PlainSender)),
    CompliantVariant(
        "poll-30s",
        "looks at exports and reports every thirty seconds",
        _with(exporter_class=_EvenWaiter, reporter_class=_EvenReporter),
    ),
    CompliantVariant(
        "poll-growing",
        "looks at exports and reports at waits that double",
        _with(exporter_class=_GrowingWaiter, reporter_class=_GrowingReporter),
    ),
    CompliantVariant(
        "read-back",
        "reads back before each further send of a create",
        _with(policy_class=_CarefulPolicy),
    ),
    CompliantVariant(
        "narrow-batches",
        "fills batches to one below the limit",
        _with(writer_class=_NarrowWriter),
    ),
    CompliantVariant(
        "slow-limiter", "calls far more slowly than it may", _with(limiter_class=_SlowLimiter)
    ),
    CompliantVariant(
        "concurrent-32", "works on up to 32 tasks side by side", AdsClient, workers=32
    ),
    CompliantVariant(
        "shared-token",
        "is several processes that work off one queue and share one token",
        multi_process.fleet,
        workers=multi_process.PROCESSES,
    ),
)

COMPLIANT_VARIANTS: Mapping[str, CompliantVariant] = MappingProxyType(
    {row.name: row for row in _ROWS}
)
"""All lawful variations by name."""

__all__ = ["COMPLIANT_VARIANTS", "CompliantVariant"]
