"""Clients that are wrong in which versions they call."""

from __future__ import annotations

from harness.client.client import AdsClient
from harness.client.retry import checker
from harness.client.retry.context import Attempt
from harness.client.retry.policy import RetryPolicy
from harness.mutants.mutant import Mutant


class _LoyalPolicy(RetryPolicy):
    """Retries what is shut off as if it were down."""

    def is_retryable(self, attempt: Attempt) -> bool:
        text = attempt.reply.text if attempt.reply else ""
        is_shut_off = attempt.status in checker.GONE and "Method Not Found" in text
        return is_shut_off or super().is_retryable(attempt)


class OldVersion(AdsClient):
    """Keeps calling a version that no longer exists."""

    policy_class = _LoyalPolicy


MUTANTS = (
    Mutant(
        "old-version",
        "keeps calling a version that is shut off",
        ("V01.stops",),
        OldVersion,
    ),
)
