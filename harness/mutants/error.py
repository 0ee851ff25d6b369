"""Clients that are wrong in what they make of a refusal."""

from __future__ import annotations

from http import HTTPStatus

from harness.client.client import AdsClient
from harness.client.retry import checker
from harness.client.retry.context import Attempt, Kind
from harness.client.retry.policy import RetryPolicy
from harness.mutants.mutant import Mutant


class _HopefulPolicy(RetryPolicy):
    """Repeats what was refused, save for what only time, a token or a new version could cure."""

    def is_retryable(self, attempt: Attempt) -> bool:
        refused = (
            HTTPStatus.BAD_REQUEST <= attempt.status < HTTPStatus.INTERNAL_SERVER_ERROR
            and attempt.status != HTTPStatus.UNAUTHORIZED
            and attempt.status not in checker.GONE
        )
        is_call = attempt.kind not in {Kind.DOWNLOAD, Kind.TOKEN}
        return (refused and is_call) or super().is_retryable(attempt)


class Retry4xx(AdsClient):
    """Retries errors that say that the request itself is wrong."""

    policy_class = _HopefulPolicy


MUTANTS = (
    Mutant(
        "retry-4xx",
        "repeats requests that were refused as wrong",
        ("A09.once", "E02.once"),
        Retry4xx,
    ),
)
