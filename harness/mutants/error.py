"""Mutants: handling of errors."""

from __future__ import annotations

from http import HTTPStatus

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import GaveUp
from adsmock.harness.client.retry import checker
from adsmock.harness.client.retry.context import Attempt, Kind
from adsmock.harness.client.retry.policy import RETRIES, RetryPolicy
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import Mutant


class _Retries4xxPolicy(RetryPolicy):
    """Retries 4xx errors, except 401 and versions that are shut off."""

    def is_retryable(self, attempt: Attempt) -> bool:
        refused = (
            HTTPStatus.BAD_REQUEST <= attempt.status < HTTPStatus.INTERNAL_SERVER_ERROR
            and attempt.status != HTTPStatus.UNAUTHORIZED
            and attempt.status not in checker.GONE
        )
        is_call = attempt.kind not in {Kind.DOWNLOAD, Kind.TOKEN}
        return (refused and is_call) or super().is_retryable(attempt)


class Retry4xx(AdsClient):
    """Retries requests that were refused as invalid."""

    policy_class = _Retries4xxPolicy


class _JsonOnlyPolicy(RetryPolicy):
    """Treats an error without a JSON body as final."""

    def is_retryable(self, attempt: Attempt) -> bool:
        if attempt.reply is None or attempt.status < HTTPStatus.BAD_REQUEST:
            return super().is_retryable(attempt)
        try:
            _ = attempt.reply.json
        except ValueError:
            return False
        return super().is_retryable(attempt)


class HtmlCrash(AdsClient):
    """Fails on an error body that is not JSON."""

    policy_class = _JsonOnlyPolicy


class _RetriesUnreadablePolicy(RetryPolicy):
    """Retries an unreadable success ten times."""

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        del attempt
        return retries < RETRIES


class RetriesUnreadable(AdsClient):
    """Retries an unreadable success as often as an error."""

    policy_class = _RetriesUnreadablePolicy


class _NoReadBackWriter(Writer):
    """Never reads a create back."""

    def recover(self, batch: Batch) -> list[int]:
        if batch.uncertain:
            raise GaveUp("a create was not answered")
        return super().recover(batch)


class NoReadBack(AdsClient):
    """Never finds out the result of a create without a clear reply."""

    writer_class = _NoReadBackWriter


MUTANTS = (
    Mutant(
        "html-crash",
        "fails on an error body that is not JSON",
        ("E04.resumes", "T08.resumes"),
        HtmlCrash,
    ),
    Mutant(
        "hopeful-reader",
        "requests an unreadable success eleven times",
        ("E09.careful",),
        RetriesUnreadable,
    ),
    Mutant(
        "no-look",
        "never finds out the result of a create without a clear reply",
        ("E07.known", "O01.rpo", "O02.rpo", "O03.rpo"),
        NoReadBack,
    ),
    Mutant(
        "retry-4xx",
        "repeats requests that were refused as invalid",
        (
            "A09.once",
            "E02.once",
            "E03.stops",
            "I04.once",
            "P05.restart",
            "R02.once",
            "R05.once",
        ),
        Retry4xx,
    ),
)
