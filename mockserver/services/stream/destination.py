"""Destinations of a subscription: an SQS queue, or a Firehose delivery stream with its roles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from adsmock.mockserver.core.error import ApiError

QUEUE = re.compile(
    r"arn:aws[\w-]*:sqs:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):(?P<name>[\w-]{1,80}(\.fifo)?)",
    re.ASCII,
)
_STREAM = re.compile(
    r"arn:aws[\w-]*:firehose:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):deliverystream/(?P<name>[\w.-]{1,64})",
    re.ASCII,
)
_ROLE = re.compile(r"arn:aws[\w-]*:iam::(?P<account>\d{12}):role/[\w+=,.@/-]+", re.ASCII)
_ROLES = ("subscriberRoleArn", "subscriptionRoleArn")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a subscription delivers: ``service`` is ``sqs`` or ``firehose``.

    ``is_sound`` says that the roles of a Firehose belong to the account of its delivery stream.
    """

    service: str
    arn: str
    region: str
    is_sound: bool = True


def read_destination(body: dict[str, Any], texts: dict[str, str]) -> Destination:
    """Return the destination of a create body.

    Raises:
        ApiError: 400; there is none or more than one, or it is not the ARN of a standard queue or
            of a delivery stream.
    """
    held = body.get("destination") or {}
    queue, stream = held.get("sqsDestination"), held.get("firehoseDestination")
    plain = body.get("destinationArn")
    if sum(each is not None for each in (queue, stream, plain)) != 1:
        raise ApiError("invalid", 400, message=texts["oneDestination"])
    if stream is not None:
        return _firehose(stream, texts)
    arn = plain if queue is None else queue["queueArn"]
    found = QUEUE.fullmatch(str(arn))
    if found is None:
        raise ApiError("invalid", 400, message=texts["arn"])
    if found["name"].endswith(".fifo"):
        raise ApiError("invalid", 400, message=texts["fifo"])
    return Destination("sqs", str(arn), found["region"])


def _firehose(stream: dict[str, Any], texts: dict[str, str]) -> Destination:
    arn = stream["deliveryStreamArn"]
    found = _STREAM.fullmatch(arn)
    if found is None:
        raise ApiError("invalid", 400, message=texts["arn"])
    roles = [_ROLE.fullmatch(stream[name]) for name in _ROLES]
    is_sound = all(role is not None and role["account"] == found["account"] for role in roles)
    return Destination("firehose", arn, found["region"], is_sound)


def shown(service: str, arn: str, firehose: dict[str, Any]) -> dict[str, Any]:
    """Return the members of a subscription that show its destination.

    ``destinationArn`` is shown for queues only.
    """
    if service == "sqs":
        return {"destination": {"sqsDestination": {"queueArn": arn}}, "destinationArn": arn}
    return {"destination": {"firehoseDestination": firehose}}
