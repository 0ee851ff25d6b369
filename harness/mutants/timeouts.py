"""Mutants: timeouts, and waits that are missing."""

from __future__ import annotations

from http.client import RemoteDisconnected
from typing import Any

from adsmock.harness.client.errors import TransportError
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.transport import Reply, Request, RequestsTransport
from adsmock.harness.mutants.mutant import mutant


class _NoTimeoutTransport(RequestsTransport):
    def __init__(self, **more: Any) -> None:
        super().__init__(**more, read_timeout=None, total_timeout=float("inf"))


class _ShortTimeoutTransport(RequestsTransport):
    def __init__(self, **more: Any) -> None:
        super().__init__(**more, read_timeout=5.0)


class _ResendingTransport(RequestsTransport):
    """Sends again when the connection was closed before the first byte of the reply."""

    def send(self, request: Request) -> Reply:
        try:
            return super().send(request)
        except TransportError as error:
            if not _was_closed(error):
                raise
            return super().send(request)


def _was_closed(error: BaseException) -> bool:
    """Return whether a request failed because its connection was closed."""
    wrapped: list[Any] = [error.__cause__, *getattr(error.__cause__, "args", ())]
    wrapped += [inner for each in wrapped for inner in getattr(each, "args", ())]
    return any(isinstance(each, RemoteDisconnected) for each in wrapped)


class _NoItemWaitPolicy(RetryPolicy):
    def wait(self, attempt: Attempt | None, retry: int) -> float:
        return 0.0 if attempt is None else super().wait(attempt, retry)


MUTANTS = (
    mutant(
        "eager-items",
        "sends the failed items of a 207 again at once",
        "B01.paced B06.growth",
        _NoItemWaitPolicy,
    ),
    mutant("no-timeout", "uses no timeout", "N01.leaves N05.ends", _NoTimeoutTransport),
    mutant(
        "short-timeout", "waits only five seconds for a reply", "N01.waits", _ShortTimeoutTransport
    ),
    mutant(
        "silent-resend",
        "lets its HTTP library repeat a create on a closed connection",
        "I13.doubled N06.once",
        _ResendingTransport,
        cases="N06",
    ),
)
