"""Clients that are wrong in how long they wait."""

from __future__ import annotations

from harness.client.client import AdsClient
from harness.client.retry.backoff import ExponentialBackoff
from harness.client.retry.context import Attempt
from harness.client.retry.policy import RetryPolicy
from harness.mutants.mutant import Mutant


class _DeafPolicy(RetryPolicy):
    """Does not read Retry-After."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        del attempt
        return None


class NoRetryAfter(AdsClient):
    """Backs off by its own schedule whatever the service asks for."""

    policy_class = _DeafPolicy


class _ConstantBackoff(ExponentialBackoff):
    """Waits about the same each time."""

    def delay(self, retry: int) -> float:
        del retry
        return super().delay(1)


class ConstantBackoff(AdsClient):
    """Waits one to two seconds before every retry, or Retry-After."""

    backoff_class = _ConstantBackoff


MUTANTS = (
    Mutant(
        "no-retry-after",
        "ignores Retry-After; its own backoff is right",
        ("T01.early",),
        NoRetryAfter,
    ),
    Mutant(
        "constant-backoff",
        "waits about one second before every retry; honours Retry-After",
        ("T03.growth",),
        ConstantBackoff,
    ),
)
