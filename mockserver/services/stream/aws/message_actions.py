"""Actions on messages: send, receive, delete, change visibility, each alone or in a batch.

Source: Amazon SQS API reference (documented: parameters, limits, codes, digests).
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5
from typing import Any

from adsmock.mockserver.core.queue import VISIBILITY_SECONDS, Message, Queue
from adsmock.mockserver.services.stream import queues
from adsmock.mockserver.services.stream.aws.error import AwsError, invalid, missing
from adsmock.mockserver.services.stream.aws.queue_actions import AwsContext, Body

BATCH = 10
"""Entries of a batch, and messages of a receipt."""
MAX_WAIT = 20
_MAX_VISIBILITY = 43_200
_MAX_DELAY = 900
_SENDER = "AIDAIENQZJOLO23YVJ4VO"
"""The id of a sender, from AWS's examples."""


def send_message(context: AwsContext) -> Body:
    """Send a message."""
    return _sent(context, context.queue(), context.body)


def send_batch(context: AwsContext) -> Body:
    """Send up to ten messages."""
    queue = context.queue()
    return _batch(context, lambda entry: _sent(context, queue, entry))


def receive(context: AwsContext) -> Body:
    """Return up to ten visible messages, which are hidden from now on.

    A message that was received too often goes to the dead-letter queue instead.
    """
    queue, body = context.queue(), context.body
    count = _number(body, "MaxNumberOfMessages", 1, BATCH, 1)
    default = queue.seconds("VisibilityTimeout", VISIBILITY_SECONDS)
    visibility = _number(body, "VisibilityTimeout", 0, _MAX_VISIBILITY, default)
    target, most = queues.redrive_of(queue)
    dead_letters = context.sandbox.queues.get(target)
    found, dead = queue.receive(
        count, context.now, visibility, most if dead_letters is not None else 0
    )
    for message in dead:
        assert dead_letters is not None
        message.receives, message.first_received, message.visible_at = 0, None, 0.0
        dead_letters.put(message, context.now)
    return {"Messages": [_shown(each, body) for each in found]} if found else {}


def wait_seconds(context: AwsContext) -> int:
    """Return how many seconds a receive waits for a message."""
    default = context.queue().seconds("ReceiveMessageWaitTimeSeconds", 0)
    return _number(context.body, "WaitTimeSeconds", 0, MAX_WAIT, default)


def delete_message(context: AwsContext) -> Body:
    """Delete a message by the handle of its latest receipt; an earlier one deletes nothing."""
    return _deleted(context.queue(), context.body)


def delete_batch(context: AwsContext) -> Body:
    """Delete up to ten messages."""
    queue = context.queue()
    return _batch(context, lambda entry: _deleted(queue, entry))


def change_visibility(context: AwsContext) -> Body:
    """Set for how long a received message stays hidden, from now on."""
    return _changed(context, context.queue(), context.body)


def change_visibility_batch(context: AwsContext) -> Body:
    """Set the visibility of up to ten messages."""
    queue = context.queue()
    return _batch(context, lambda entry: _changed(context, queue, entry))


def _sent(context: AwsContext, queue: Queue, entry: Body) -> Body:
    body, attributes = entry.get("MessageBody"), entry.get("MessageAttributes") or {}
    if not isinstance(body, str) or not body:
        raise missing("MessageBody")
    if len(body.encode()) > queue.seconds("MaximumMessageSize", 1_048_576):
        raise invalid("(too long)", "MessageBody", "The message exceeds MaximumMessageSize.")
    if not queues.has_room(context.sandbox, len(body)):
        text = (
            f"The messages of this sandbox would have more than {queues.MAX_CHARACTERS} "
            "characters. Receive and delete messages, or purge a queue."
        )
        raise AwsError("OverLimit", text)
    delay = _number(entry, "DelaySeconds", 0, _MAX_DELAY, queue.seconds("DelaySeconds", 0))
    message = queues.send(
        context.sandbox, queue, body, context.now, attributes=attributes, delay=delay
    )
    row = {"MessageId": message.id, "MD5OfMessageBody": _md5(body.encode())}
    if attributes:
        row["MD5OfMessageAttributes"] = digest_of(attributes)
    return row


def _deleted(queue: Queue, entry: Body) -> Body:
    message, number = _message(queue, entry)
    if message is not None and message.receives == number:
        queue.delete(message.id)
    return {}


def _changed(context: AwsContext, queue: Queue, entry: Body) -> Body:
    message, number = _message(queue, entry)
    if "VisibilityTimeout" not in entry:
        raise missing("VisibilityTimeout")
    seconds = _number(entry, "VisibilityTimeout", 0, _MAX_VISIBILITY, 0)
    queue.settle(context.now)
    if message is None or message.receives != number or not queue.is_hidden(message.id):
        text = "Value for parameter ReceiptHandle is invalid. Reason: Message is not in flight."
        raise _queue_error("MessageNotInflight", text)
    queue.change_visibility(message, context.now + seconds, context.now)
    return {}


def _message(queue: Queue, entry: Body) -> tuple[Message | None, int]:
    handle = entry.get("ReceiptHandle")
    if not handle:
        raise missing("ReceiptHandle")
    receipt = queues.read_receipt(str(handle))
    if receipt is None:
        text = f'The input receipt handle "{handle}" is not a valid receipt handle.'
        raise AwsError("ReceiptHandleIsInvalid", text)
    return queue.get(receipt[0]), receipt[1]


def _batch(context: AwsContext, serve: Callable[[Body], Body]) -> Body:
    """Serve each entry on its own.

    Raises:
        AwsError: there is no entry, there are too many, or two have the same id.
    """
    entries = context.body.get("Entries")
    if not isinstance(entries, list) or not entries:
        text = "There should be at least one entry in the request."
        raise _queue_error("EmptyBatchRequest", text)
    if len(entries) > BATCH:
        text = f"Maximum number of entries per request are {BATCH}. You have sent {len(entries)}."
        raise _queue_error("TooManyEntriesInBatchRequest", text)
    rows = [entry if isinstance(entry, dict) else {} for entry in entries]
    ids = [str(row.get("Id") or "") for row in rows]
    if len(set(ids)) < len(ids):
        raise _queue_error("BatchEntryIdsNotDistinct", f"Id {ids[0]} repeated.")
    successful: list[Body] = []
    failed: list[Body] = []
    for entry_id, row in zip(ids, rows, strict=True):
        try:
            successful.append({"Id": entry_id, **serve(row)})
        except AwsError as error:
            failed.append(
                {
                    "Id": entry_id,
                    "SenderFault": True,
                    "Code": error.json_code,
                    "Message": error.message,
                }
            )
    return {"Successful": successful} | ({"Failed": failed} if failed else {})


def _queue_error(code: str, message: str) -> AwsError:
    return AwsError(f"AWS.SimpleQueueService.{code}", message, json_code=code)


def _shown(message: Message, body: Body) -> Body:
    row: Body = {
        "MessageId": message.id,
        "ReceiptHandle": queues.receipt_of(message),
        "MD5OfBody": _md5(message.body.encode()),
        "Body": message.body,
    }
    wanted = {*(body.get("AttributeNames") or ()), *(body.get("MessageSystemAttributeNames") or ())}
    system = {
        "SenderId": _SENDER,
        "SentTimestamp": str(int(message.sent * 1000)),
        "ApproximateReceiveCount": str(message.receives),
        "ApproximateFirstReceiveTimestamp": str(int((message.first_received or 0) * 1000)),
    }
    shown = {name: value for name, value in system.items() if {name, "All"} & wanted}
    if shown:
        row["Attributes"] = shown
    names = [str(name) for name in body.get("MessageAttributeNames") or ()]
    attributes = {
        name: value for name, value in message.attributes.items() if _is_asked(name, names)
    }
    if attributes:
        row |= {
            "MessageAttributes": attributes,
            "MD5OfMessageAttributes": digest_of(attributes),
        }
    return row


def _is_asked(name: str, names: list[str]) -> bool:
    """Say whether a message attribute is requested, by name, by prefix or as one of all."""
    return any(
        each in {"All", name} or (each.endswith(".*") and name.startswith(each[:-2]))
        for each in names
    )


def _number(body: Body, name: str, least: int, greatest: int, default: int) -> int:
    value = body.get(name)
    if value is None:
        return default
    text = str(value)
    if not text.isascii() or not text.isdecimal() or not least <= int(text) <= greatest:
        raise invalid(value, name, f"Must be between {least} and {greatest}, if provided.")
    return int(text)


def _md5(content: bytes) -> str:
    return md5(content, usedforsecurity=False).hexdigest()


def digest_of(attributes: dict[str, Any]) -> str:
    """Return the MD5 of message attributes, which SDKs compare with their own.

    Source: SQS developer guide, calculating the MD5 message digest (documented).
    """
    content = b""
    for name in sorted(attributes):
        row = attributes[name] or {}
        is_binary = str(row.get("DataType", "")).startswith("Binary")
        value = str(row.get("BinaryValue" if is_binary else "StringValue") or "")
        for part in (name, str(row.get("DataType", ""))):
            content += len(part.encode()).to_bytes(4) + part.encode()
        raw = _binary(value) if is_binary else value.encode()
        content += (b"\x02" if is_binary else b"\x01") + len(raw).to_bytes(4) + raw
    return _md5(content)


def _binary(value: str) -> bytes:
    from base64 import b64decode  # noqa: PLC0415 -- few senders use it

    try:
        return b64decode(value)
    except ValueError:
        return value.encode()
