"""Mutants: timeouts, and waits that are missing."""

from __future__ import annotations

from http.client import RemoteDisconnected
from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import TransportError
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.transport import Reply, Request, RequestsTransport
from adsmock.harness.mutants.mutant import Mutant


class _NoTimeoutTransport(RequestsTransport):
    def __init__(self, **more: Any) -> None:
        super().__init__(**more, read_timeout=None, total_timeout=float("inf"))


class NoLimit(AdsClient):
    """Uses no timeout."""

    transport_class = _NoTimeoutTransport


class _ShortTimeoutTransport(RequestsTransport):
    def __init__(self, **more: Any) -> None:
        super().__init__(**more, read_timeout=5.0)


class ShortTimeout(AdsClient):
    """Waits only five seconds for a reply."""

    transport_class = _ShortTimeoutTransport


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
    wrapped += [inner for one in wrapped for inner in getattr(one, "args", ())]
    return any(isinstance(one, RemoteDisconnected) for one in wrapped)


class SilentResend(AdsClient):
    """Lets its HTTP library repeat requests on closed connections, creates too."""

    transport_class = _ResendingTransport


class _NoItemWaitPolicy(RetryPolicy):
    """Does not wait after a 207."""

    def wait(self, attempt: Attempt | None, retry: int) -> float:
        return 0.0 if attempt is None else super().wait(attempt, retry)


class EagerItems(AdsClient):
    """Sends the failed items of a batch again at once."""

    policy_class = _NoItemWaitPolicy


MUTANTS = (
    Mutant(
        "eager-items",
        "sends the failed items of a 207 again at once",
        ("B01.paced", "B06.growth"),
        EagerItems,
    ),
    Mutant("no-timeout", "uses no timeout", ("N01.leaves", "N05.ends"), NoLimit),
    Mutant("short-timeout", "waits only five seconds for a reply", ("N01.waits",), ShortTimeout),
    Mutant(
        "silent-resend",
        "lets its HTTP library repeat a create on a closed connection",
        (
            "I13.doubled",
            "N06.once",
        ),
        SilentResend,
        cases=("N06",),
    ),
)
