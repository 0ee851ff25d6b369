"""Mutants: handling of errors."""

from __future__ import annotations

from http import HTTPStatus

from adsmock.harness.client.errors import GaveUp
from adsmock.harness.client.retry import checker
from adsmock.harness.client.retry.context import Attempt, Kind
from adsmock.harness.client.retry.policy import RETRIES, RetryPolicy
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import mutant


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


class _JsonOnlyPolicy(RetryPolicy):
    def is_retryable(self, attempt: Attempt) -> bool:
        if attempt.reply is None or attempt.status < HTTPStatus.BAD_REQUEST:
            return super().is_retryable(attempt)
        try:
            _ = attempt.reply.json
        except ValueError:
            return False
        return super().is_retryable(attempt)


class _RetriesUnreadablePolicy(RetryPolicy):
    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        return retries < RETRIES


class _NoReadBackWriter(Writer):
    def recover(self, batch: Batch) -> list[int]:
        if batch.uncertain:
            raise GaveUp("a create was not answered")
        return super().recover(batch)


MUTANTS = (
    mutant(
        "html-crash",
        "fails on an error body that is not JSON",
        "E04.resumes T08.resumes",
        _JsonOnlyPolicy,
    ),
    mutant(
        "hopeful-reader",
        "requests an unreadable success eleven times",
        "E09.careful",
        _RetriesUnreadablePolicy,
    ),
    mutant(
        "no-look",
        "never finds out the result of a create without a clear reply",
        "E07.known O01.rpo O02.rpo O03.rpo",
        _NoReadBackWriter,
    ),
    mutant(
        "retry-4xx",
        "repeats requests that were refused as invalid",
        "A09.once E02.once E03.stops I04.once P05.restart R02.once R05.once",
        _Retries4xxPolicy,
    ),
)
