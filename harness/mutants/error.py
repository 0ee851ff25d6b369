"""Clients that are wrong in what they make of a refusal."""

from __future__ import annotations

from http import HTTPStatus

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import GaveUp
from adsmock.harness.client.retry import checker
from adsmock.harness.client.retry.context import Attempt, Kind
from adsmock.harness.client.retry.policy import RETRIES, RetryPolicy
from adsmock.harness.client.writer import Batch, Writer
from adsmock.harness.mutants.mutant import Mutant


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


class _LiteralPolicy(RetryPolicy):
    """Reads every body as JSON, and stops where it is none."""

    def is_retryable(self, attempt: Attempt) -> bool:
        if attempt.reply is None or attempt.status < HTTPStatus.BAD_REQUEST:
            return super().is_retryable(attempt)
        try:
            _ = attempt.reply.json
        except ValueError:
            return False
        return super().is_retryable(attempt)


class HtmlCrash(AdsClient):
    """Trips over an error body that is no JSON."""

    policy_class = _LiteralPolicy


class _PatientPolicy(RetryPolicy):
    """Asks ten times more for a success that cannot be read."""

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        del attempt
        return retries < RETRIES


class HopefulReader(AdsClient):
    """Believes that a page of HTML will turn into JSON."""

    policy_class = _PatientPolicy


class _IncuriousWriter(Writer):
    """Does not look what became of a create."""

    def recover(self, batch: Batch) -> list[int]:
        if batch.uncertain:
            raise GaveUp("a create was not answered")
        return super().recover(batch)


class NoLook(AdsClient):
    """Leaves a create without a clear answer as it is."""

    writer_class = _IncuriousWriter


MUTANTS = (
    Mutant(
        "html-crash",
        "trips over an error body that is no JSON",
        ("E04.resumes", "T08.resumes"),
        HtmlCrash,
    ),
    Mutant(
        "hopeful-reader",
        "asks for an unreadable success eleven times",
        ("E09.careful",),
        HopefulReader,
    ),
    Mutant(
        "no-look",
        "never finds out what became of a create without a clear answer",
        ("E07.known", "O01.rpo", "O02.rpo", "O03.rpo"),
        NoLook,
    ),
    Mutant(
        "retry-4xx",
        "repeats requests that were refused as wrong",
        (
            "A09.once",
            "E02.once",
            "E03.stops",
            "P05.restart",
            "R02.once",
            "R05.once",
        ),
        Retry4xx,
    ),
)
