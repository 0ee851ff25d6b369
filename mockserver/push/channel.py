"""What sends messages to one kind of receiver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from adsmock.mockserver.core.queue import Message


class Unavailable(Exception):
    """The receiver took no message, and may take the same ones later. The text says why."""


@dataclass(frozen=True, slots=True)
class File:
    """An object of a bucket that goes to S3 before its notification."""

    bucket: str
    key: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """Messages of one queue or delivery stream, in their order, and the files that they name."""

    sandbox: str
    arn: str
    messages: tuple[Message, ...]
    files: tuple[File, ...] = ()

    @property
    def region(self) -> str:
        """The AWS region of the destination."""
        return self.arn.split(":")[3]

    @property
    def account(self) -> str:
        """The AWS account of the destination."""
        return self.arn.split(":")[4]

    @property
    def name(self) -> str:
        """The name of the queue or delivery stream."""
        return self.arn.split(":")[5].rpartition("/")[2]


class Channel(Protocol):
    """Sends parcels of at most ``size`` messages. Callable from several threads."""

    @property
    def size(self) -> int:
        """Messages of a request at most."""

    def send(self, parcel: Parcel) -> dict[str, str]:
        """Send messages and return those that were refused: the reason by message id.

        Raises:
            Unavailable: none was accepted.
        """

    def close(self) -> None:
        """Close every connection."""
