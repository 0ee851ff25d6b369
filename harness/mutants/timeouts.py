"""Clients that wait for ever where a limit is due, or not at all where a wait is."""

from __future__ import annotations

from http.client import RemoteDisconnected
from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import TransportError
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.transport import Reply, Request, RequestsTransport
from adsmock.harness.mutants.mutant import Mutant


class _Endless(RequestsTransport):
    def __init__(self, **more: Any) -> None:
        super().__init__(**more, read_timeout=None, total_timeout=float("inf"))


class NoLimit(AdsClient):
    """Has no timeout at all."""

    transport_class = _Endless


class _Hasty(RequestsTransport):
    def __init__(self, **more: Any) -> None:
        super().__init__(**more, read_timeout=5.0)


class ShortTimeout(AdsClient):
    """Waits five seconds for an answer, which many calls need."""

    transport_class = _Hasty


class _Repeating(RequestsTransport):
    """Takes a connection that was closed before any byte for one that had grown old."""

    def send(self, request: Request) -> Reply:
        try:
            return super().send(request)
        except TransportError as error:
            if not _was_let_go(error):
                raise
            return super().send(request)


def _was_let_go(error: BaseException) -> bool:
    """Say whether a request broke because its connection was closed in good order."""
    wrapped: list[Any] = [error.__cause__, *getattr(error.__cause__, "args", ())]
    wrapped += [inner for one in wrapped for inner in getattr(one, "args", ())]
    return any(isinstance(one, RemoteDisconnected) for one in wrapped)


class SilentResend(AdsClient):
    """Lets its HTTP library repeat whatever met a closed connection, creates too."""

    transport_class = _Repeating


class _Lenient(RetryPolicy):
    """Waits after errors alone, and takes a 207 for none."""

    def wait(self, attempt: Attempt | None, retry: int) -> float:
        return 0.0 if attempt is None else super().wait(attempt, retry)


class EagerItems(AdsClient):
    """Sends the failed items of a batch again at once."""

    policy_class = _Lenient


MUTANTS = (
    Mutant(
        "eager-items",
        "sends the failed items of a 207 again at once",
        ("B01.paced", "B06.growth"),
        EagerItems,
    ),
    Mutant("no-timeout", "has no timeout at all", ("N01.leaves", "N05.ends"), NoLimit),
    Mutant("short-timeout", "waits five seconds for an answer", ("N01.waits",), ShortTimeout),
    Mutant(
        "silent-resend",
        "lets its HTTP library repeat a create that met a closed connection",
        ("N06.once",),
        SilentResend,
    ),
)
