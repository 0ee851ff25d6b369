"""A call to SQS, SNS or S3, with the same members in all of their protocols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Protocol = Literal["json", "query", "rest"]


@dataclass(frozen=True, slots=True)
class AwsRequest:
    """A call to SQS, SNS or S3.

    ``body`` has the parameters by their names in SDKs, and ``Action``; None where it
    cannot be read. ``access_key`` comes from the signature, which nobody checks. ``base`` is the
    URL by which the caller reached the service; ``queue`` is the account and name in a queue URL.
    """

    service: str
    action: str
    region: str
    protocol: Protocol
    body: dict[str, Any] | None
    access_key: str = ""
    base: str = ""
    queue: tuple[str, str] | None = None
