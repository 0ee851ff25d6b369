"""The queues of a sandbox: find, create, send to. An ARN names a queue.

A queue exists because a program created it, or because a subscription names it (assumed, so that a
program with a fixed queue URL needs no other preparation).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from typing import Any

import orjson

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.queue import Message, Queue
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.stream.aws.policy import may_send

ACCOUNT = "111122223333"
"""The AWS account of queues that a program creates: the account of AWS's own examples."""

MAX_CHARACTERS = 268_435_456
"""Characters that the messages of a sandbox have at most; more are refused."""


def arn_of(region: str, name: str, account: str = ACCOUNT) -> str:
    """Return the ARN of a queue."""
    return f"arn:aws:sqs:{region}:{account}:{name}"


def create_queue(
    sandbox: Sandbox, arn: str, now: float, settings: dict[str, str] | None = None
) -> Queue:
    """Return the queue of an ARN, created if there is none."""
    queue = sandbox.queues.get(arn)
    if queue is None:
        queue = sandbox.queues[arn] = Queue(arn, now, settings)
        queue.touched = {} if sandbox.recorder is not None else None
    return queue


def find_by_name(
    sandbox: Sandbox, region: str, name: str, account: str | None = None
) -> Queue | None:
    """Return the queue of a name in an AWS region, of any account unless one is given."""
    if account:
        return sandbox.queues.get(arn_of(region, name, account))
    rows = [each for each in sandbox.queues.values() if (each.region, each.name) == (region, name)]
    own = [each for each in rows if each.account == ACCOUNT]
    return next(iter(own or rows), None)


def send(
    sandbox: Sandbox,
    queue: Queue,
    body: str,
    now: float,
    *,
    attributes: dict[str, Any] | None = None,
    delay: float = 0.0,
) -> Message:
    """Put a message into a queue and return it."""
    message = Message(sandbox.mint.uuid("message"), body, now, attributes or {})
    queue.put(message, now, delay)
    return message


def has_room(sandbox: Sandbox, size: int = 0) -> bool:
    """Say whether the queues of a sandbox can take ``size`` more characters."""
    return sum(each.size for each in sandbox.queues.values()) + size <= MAX_CHARACTERS


def permits(queue: Queue, topic_arn: str) -> bool:
    """Say whether the policy of a queue lets a topic send to it."""
    return may_send(queue.settings.get("Policy", ""), queue.arn, topic_arn)


def publish(sandbox: Sandbox, queue: Queue, body: str, at: float, due: float) -> Message:
    """Send a message of a topic at ``at``; one that is ``due`` later waits unseen until then."""
    message = Message(sandbox.mint.uuid("message"), body, max(at, due))
    if due > at:
        queue.schedule(message)
    else:
        queue.put(message, at)
    return message


def redrive_of(queue: Queue) -> tuple[str, int]:
    """Return the ARN of the dead-letter queue and how often a message may be received; or ""."""
    text = queue.settings.get("RedrivePolicy", "")
    if not text:
        return "", 0
    row = orjson.loads(text)
    return str(row["deadLetterTargetArn"]), int(row["maxReceiveCount"])


def receipt_of(message: Message) -> str:
    """Return the receipt handle of the latest receipt of a message."""
    check = seeded_random.hexadecimal(8, "receipt", message.id, message.receives)
    return urlsafe_b64encode(f"{message.id}:{message.receives}:{check}".encode()).decode()


def read_receipt(handle: str) -> tuple[str, int] | None:
    """Return the message id and the number of the receipt, None if no handle was issued so."""
    try:
        message_id, number, check = urlsafe_b64decode(handle.encode()).decode().split(":")
    except (Base64Error, ValueError):
        return None
    if check != seeded_random.hexadecimal(8, "receipt", message_id, number):
        return None
    return message_id, int(number)
