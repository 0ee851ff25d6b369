"""A web hook: each message is a signed POST.

Headers and signature are those of Standard Webhooks, so its libraries can check them. Amazon's
service has no web hooks.

Source: standardwebhooks.com, specification (documented). That Amazon's datasets come by it is
assumed, as are the retries.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from adsmock import __version__
from adsmock.mockserver.core.queue import Message
from adsmock.mockserver.push.channel import Parcel, Unavailable

SECRET_PREFIX = "whsec_"
CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
"""Time for a reply. Source: Standard Webhooks (documented: 15 to 30 seconds)."""

_ACCEPTED = range(200, 300)
_BUSY = frozenset({408, 425, 429, 502, 503, 504})
"""Statuses by which a receiver says that it takes nothing at present."""


class WebhookChannel:
    """Sends messages to one URL. ``epoch`` returns the machine's time, which signatures contain.

    Receivers refuse old timestamps, so the sandbox's time would not do.
    """

    size = 1

    def __init__(self, url: str, secret: str, epoch: Callable[[], float]) -> None:
        self._url = url
        self._key = b64decode(secret.removeprefix(SECRET_PREFIX))
        self._epoch = epoch
        self._pool = urllib3.PoolManager(
            maxsize=8,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )

    def send(self, parcel: Parcel) -> dict[str, str]:
        """Send messages and return those that were refused: the reason by message id.

        Raises:
            Unavailable: the receiver does not answer, or is busy.
        """
        refused: dict[str, str] = {}
        for message in parcel.messages:
            try:
                status = self._post(parcel, message)
            except (ConnectTimeoutError, NewConnectionError) as error:
                raise Unavailable(f"{self._url} does not answer: {_reason(error)}") from error
            except HTTPError as error:  # the message may be what the receiver cannot stand
                refused[message.id] = f"{self._url} gave no reply: {_reason(error)}"
                continue
            if status in _BUSY:
                raise Unavailable(f"{self._url} answered {status}")
            if status not in _ACCEPTED:
                refused[message.id] = f"{self._url} answered {status}"
        return refused

    def close(self) -> None:
        """Close every connection."""
        self._pool.clear()

    def _post(self, parcel: Parcel, message: Message) -> int:
        body, timestamp = message.body.encode(), str(int(self._epoch()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"adsmock/{__version__}",
            "webhook-id": message.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature_of(self._key, message.id, timestamp, body),
            "adsmock-sandbox": parcel.sandbox,
            "adsmock-destination": parcel.arn,
        }
        reply = self._pool.request("POST", self._url, body=body, headers=headers, redirect=False)
        return reply.status


def signature_of(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a message that is sent at a timestamp (seconds since 1970 UTC)."""
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    return "v1," + b64encode(hmac.digest(key, content, sha256)).decode()


def _reason(error: HTTPError) -> str:
    """Return what happened in words, without the objects in urllib3's message."""
    return str(error).rpartition(": ")[2] or type(error).__name__
