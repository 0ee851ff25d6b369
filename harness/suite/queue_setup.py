"""The queues of a case about Marketing Stream: their addresses and their first messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from adsmock.contracts.loader import load
from adsmock.harness.suite.case.model import QueueMessage

REGION = "us-east-1"
"""The AWS region of North America. Source: Ads docs, Marketing Stream onboarding (documented)."""

ACCOUNT = "111122223333"
"""The AWS account of the mock's queues."""


def queue_access(sandbox: dict[str, Any], *, through_proxy: bool) -> dict[str, str]:
    """Return the endpoints and credentials of a new sandbox's queues, as tasks have them.

    The access key id selects the sandbox; the mock accepts any secret key.
    """
    base = str(sandbox["urls"]["NA"]["ads"]) + "/_aws"
    sqs, sns = base, base
    if through_proxy:
        sqs, sns = (f"https://{service}.{REGION}.amazonaws.com" for service in ("sqs", "sns"))
    return {
        "sqs": sqs,
        "sns": sns,
        "region": REGION,
        "accessKeyId": str(sandbox["client"]["clientId"]),
        "secretAccessKey": "adsmock",
    }


def queue_url(access: dict[str, str], name: str) -> str:
    """Return the URL of a queue."""
    return f"{access['sqs']}/{ACCOUNT}/{name}"


def queue_arn(name: str) -> str:
    """Return the ARN of a queue in the AWS region of a region: ``NA.ads``.

    Raises:
        KeyError: no region has this name.
    """
    region, _, queue = name.partition(".")
    return f"arn:aws:sqs:{load().regions[region].aws_region}:{ACCOUNT}:{queue}"


def bodies_of(messages: Iterable[QueueMessage]) -> Iterator[tuple[str, list[str]]]:
    """Yield the names of queues with the bodies of their first messages, in the given order."""
    for queue, rows in groupby(messages, key=lambda row: row.queue):
        yield queue, [row.text or json.dumps(row.record) for row in rows]
