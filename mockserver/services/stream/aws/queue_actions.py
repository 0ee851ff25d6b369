"""Actions on queues: create, find, list, set and show attributes, purge, delete.

Source: Amazon SQS API reference (documented: parameters, attributes with their limits, codes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from adsmock.mockserver.core.aws_request import AwsRequest
from adsmock.mockserver.core.queue import RETENTION_SECONDS, VISIBILITY_SECONDS, Queue
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.stream import queues
from adsmock.mockserver.services.stream.aws.error import AwsError, invalid, missing, no_such_queue
from adsmock.mockserver.services.stream.aws.policy import is_policy

Body = dict[str, Any]

_NAME = re.compile(r"[\w-]{1,80}", re.ASCII)
_LIMITS = {
    "DelaySeconds": (0, 900, 0),
    "MaximumMessageSize": (1_024, 1_048_576, 1_048_576),
    "MessageRetentionPeriod": (60, 1_209_600, RETENTION_SECONDS),
    "ReceiveMessageWaitTimeSeconds": (0, 20, 0),
    "VisibilityTimeout": (0, 43_200, VISIBILITY_SECONDS),
}
"""Least value, greatest value and default of the attributes that are numbers."""
_TEXTS = frozenset(
    {
        "KmsDataKeyReusePeriodSeconds",
        "KmsMasterKeyId",
        "Policy",
        "RedriveAllowPolicy",
        "RedrivePolicy",
        "SqsManagedSseEnabled",
    }
)
_PAGE = 1_000


@dataclass(slots=True)
class AwsContext:
    """One call to serve: the request, its body, its sandbox and its time (sandbox seconds)."""

    request: AwsRequest
    body: Body
    sandbox: Sandbox
    now: float

    def queue(self) -> Queue:
        """Return the queue that the call names.

        Raises:
            AwsError: it names none, or one that does not exist.
        """
        url = self.body.get("QueueUrl")
        path = urlsplit(str(url)).path.rstrip("/").split("/")[-2:] if url else self.request.queue
        if not path:
            raise missing("QueueUrl")
        account, name = (*path, "", "")[:2]
        host = urlsplit(str(url)).hostname or ""
        region = self.request.region
        if host.startswith("sqs.") and host.endswith(".amazonaws.com"):
            region = host.split(".")[1]
        found = queues.find_by_name(self.sandbox, region, name, account) if name else None
        if found is None:
            raise no_such_queue()
        return found

    def url(self, queue: Queue) -> str:
        """Return the URL of a queue for this caller."""
        return f"{self.request.base}/{queue.account}/{queue.name}"


def create_queue(context: AwsContext) -> Body:
    """Create a queue; one with the same attributes is returned.

    Raises:
        AwsError: the name or an attribute is not valid, or the queue has other attributes.
    """
    name = str(context.body.get("QueueName") or "")
    if name.endswith(".fifo"):
        raise invalid(name, "QueueName", "Marketing Stream delivers to standard queues only.")
    if not _NAME.fullmatch(name):
        text = (
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        )
        raise AwsError("InvalidParameterValue", text)
    settings = _checked(context.body.get("Attributes") or {})
    arn = queues.arn_of(context.request.region, name)
    known = context.sandbox.queues.get(arn)
    if known is not None and any(known.settings.get(key) != settings[key] for key in settings):
        text = "A queue already exists with the same name and a different value for an attribute"
        raise AwsError("QueueAlreadyExists", text, json_code="QueueNameExists")
    queue = queues.create_queue(context.sandbox, arn, context.now, settings)
    return {"QueueUrl": context.url(queue)}


def delete_queue(context: AwsContext) -> Body:
    """Delete a queue with its messages."""
    del context.sandbox.queues[context.queue().arn]
    return {}


def get_queue_url(context: AwsContext) -> Body:
    """Return the URL of a queue by its name."""
    body, request = context.body, context.request
    name, account = str(body.get("QueueName") or ""), body.get("QueueOwnerAWSAccountId")
    found = queues.find_by_name(context.sandbox, request.region, name, account)
    if found is None:
        raise no_such_queue()
    return {"QueueUrl": context.url(found)}


def list_queues(context: AwsContext) -> Body:
    """Return the URLs of the region's queues whose names begin with a prefix."""
    prefix = str(context.body.get("QueueNamePrefix") or "")
    urls = [
        context.url(each)
        for each in context.sandbox.queues.values()
        if each.is_sqs and each.region == context.request.region and each.name.startswith(prefix)
    ]
    return {"QueueUrls": urls[:_PAGE]} if urls else {}


def list_sources(context: AwsContext) -> Body:
    """Return the URLs of the queues that use this one as their dead-letter queue."""
    target = context.queue().arn
    return {
        "queueUrls": [
            context.url(each)
            for each in context.sandbox.queues.values()
            if queues.redrive_of(each)[0] == target
        ]
    }


def set_attributes(context: AwsContext) -> Body:
    """Set attributes of a queue; an empty policy removes it."""
    queue = context.queue()
    queue.settings |= _checked(context.body.get("Attributes") or {})
    queue.settings = {name: value for name, value in queue.settings.items() if value != ""}
    queue.is_set = True
    return {}


def get_attributes(context: AwsContext) -> Body:
    """Return the requested attributes of a queue."""
    queue = context.queue()
    visible, hidden, delayed = queue.counts(context.now)
    found = {name: str(queue.seconds(name, row[2])) for name, row in _LIMITS.items()}
    found |= {name: text for name, text in queue.settings.items() if name in _TEXTS}
    found |= {
        "QueueArn": queue.arn,
        "ApproximateNumberOfMessages": str(visible),
        "ApproximateNumberOfMessagesNotVisible": str(hidden),
        "ApproximateNumberOfMessagesDelayed": str(delayed),
        "CreatedTimestamp": str(int(queue.created)),
        "LastModifiedTimestamp": str(int(queue.created)),
    }
    wanted = context.body.get("AttributeNames") or []
    if "All" not in wanted:
        unknown = [name for name in wanted if name not in found and name not in _TEXTS]
        if unknown:
            raise AwsError("InvalidAttributeName", f"Unknown Attribute {unknown[0]}.")
        found = {name: found[name] for name in wanted if name in found}
    return {"Attributes": found} if found else {}


def purge_queue(context: AwsContext) -> Body:
    """Delete every message of a queue."""
    context.queue().purge()
    return {}


def _checked(attributes: Body) -> dict[str, str]:
    """Return attributes as text.

    Raises:
        AwsError: one is unknown or not valid.
    """
    for name, value in attributes.items():
        if name in _LIMITS:
            least, greatest, _ = _LIMITS[name]
            is_number = str(value).isascii() and str(value).isdecimal()
            if not is_number or not least <= int(value) <= greatest:
                raise _invalid_attribute(name, f"must be between {least} and {greatest}")
        elif name not in _TEXTS:
            raise AwsError("InvalidAttributeName", f"Unknown Attribute {name}.")
        elif name == "Policy" and not is_policy(str(value)):
            raise _invalid_attribute(name, "must be a JSON object with Statement")
        elif name == "RedrivePolicy" and value and not _is_redrive(str(value)):
            text = "needs deadLetterTargetArn and a maxReceiveCount between 1 and 1000"
            raise _invalid_attribute(name, text)
    return {name: str(value) for name, value in attributes.items()}


def _invalid_attribute(name: str, reason: str) -> AwsError:
    text = f"Invalid value for the parameter {name}. Reason: {reason}."
    return AwsError("InvalidAttributeValue", text)


def _is_redrive(text: str) -> bool:
    try:
        row = orjson.loads(text)
        most = int(row["maxReceiveCount"])
        return str(row["deadLetterTargetArn"]).startswith("arn:") and 1 <= most <= 1_000  # noqa: PLR2004 -- documented
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return False
