"""A standard queue as SQS has them: at least once, hidden while a consumer works.

Times are sandbox seconds. The order is the order of sending, which a standard queue does not
promise; a message that becomes visible again goes to the end.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

VISIBILITY_SECONDS = 30
RETENTION_SECONDS = 345_600
ENDLESS_SECONDS = 1 << 32
"""Four days. Source: SQS API reference, SetQueueAttributes (documented defaults)."""


@dataclass(slots=True)
class Message:
    """One message of a queue.

    ``attributes`` are the sender's, ``receives`` is how often it was received. ``visible_at`` is 0
    while it is visible.
    """

    id: str
    body: str
    sent: float
    attributes: dict[str, Any] = field(default_factory=dict)
    receives: int = 0
    first_received: float | None = None
    visible_at: float = 0.0

    @property
    def size(self) -> int:
        """Characters of the body and the attributes."""
        texts = (text for each in self.attributes.values() if each for text in each.values())
        return len(self.body) + sum(len(text) for text in texts if isinstance(text, str))

    def row(self) -> list[Any]:
        """Return the message as JSON values."""
        return [
            self.id,
            self.body,
            self.sent,
            self.attributes,
            self.receives,
            self.first_received,
            self.visible_at,
        ]


class Queue:
    """One queue with its messages. ``settings`` are the attributes that its owner set.

    ``touched`` collects the ids of changed messages in order, where a recorder asks for them.
    """

    __slots__ = (
        "_due", "_hidden", "_messages", "_order", "_returning", "_scheduled", "arn", "created",
        "is_set", "settings", "size", "touched",
    )  # fmt: skip

    def __init__(self, arn: str, created: float, settings: dict[str, str] | None = None) -> None:
        self.arn = arn
        self.created = created
        self.settings = dict(settings or {})
        self.touched: dict[str, None] | None = None
        self.is_set = True
        """Whether ``settings`` changed since they were recorded."""
        self.size = 0
        """Characters of all messages."""
        self._messages: dict[str, Message] = {}
        self._order: deque[str] = deque()
        self._hidden: dict[str, float] = {}
        self._returning: list[tuple[float, str]] = []
        self._scheduled: dict[str, Message] = {}
        """Messages that are sent later: nobody sees them until then."""
        self._due: list[tuple[float, str]] = []

    @property
    def name(self) -> str:
        """The last part of the ARN."""
        return self.arn.rpartition(":")[2]

    @property
    def is_sqs(self) -> bool:
        """Whether it is a queue of SQS, not the records of a Firehose delivery stream."""
        return self.arn.split(":")[2] == "sqs"

    @property
    def region(self) -> str:
        """The AWS region."""
        return self.arn.split(":")[3]

    @property
    def account(self) -> str:
        """The AWS account that owns it."""
        return self.arn.split(":")[4]

    def __len__(self) -> int:
        return len(self._messages) + len(self._scheduled)

    def seconds(self, setting: str, default: int) -> int:
        """Return a setting that is a number of seconds."""
        return int(self.settings.get(setting, default))

    def change_policy(self, policy: str) -> None:
        """Replace the policy of the queue."""
        self.settings["Policy"] = policy
        self.is_set = True

    def keep_all(self) -> None:
        """Keep every message until it is deleted, however old it is."""
        endless = str(ENDLESS_SECONDS)
        if self.settings.get("MessageRetentionPeriod") != endless:
            self.settings["MessageRetentionPeriod"] = endless
            self.is_set = True

    def put(self, message: Message, now: float, delay: float = 0.0) -> None:
        """Add a message; it is visible after ``delay`` seconds."""
        self._messages[message.id] = message
        self.size += message.size
        if delay > 0:
            self._hide(message, now + delay)
        else:
            self._order.append(message.id)
        self._touch(message.id)

    def schedule(self, message: Message) -> None:
        """Add a message that is sent at its time ``sent``, which is later than now."""
        message.visible_at = message.sent
        self._scheduled[message.id] = message
        self.size += message.size
        heappush(self._due, (message.sent, message.id))
        self._touch(message.id)

    def release(self, now: float) -> None:
        """Send the scheduled messages whose time has come."""
        while self._due and self._due[0][0] <= now:
            message = self._scheduled.pop(heappop(self._due)[1])
            self.size -= message.size
            message.visible_at = 0.0
            self.put(message, now)

    def receive(
        self, count: int, now: float, visibility: float, most: int = 0
    ) -> tuple[list[Message], list[Message]]:
        """Return up to ``count`` visible messages, hidden from now on for ``visibility`` seconds.

        The second list holds messages that were received ``most`` times already: they are removed.
        """
        self.settle(now)
        found: list[Message] = []
        dead: list[Message] = []
        while self._order and len(found) < count:
            message = self._messages.get(self._order.popleft())
            if message is None or message.id in self._hidden:
                continue
            if most and message.receives >= most:
                self.delete(message.id)
                dead.append(message)
                continue
            message.receives += 1
            if message.first_received is None:
                message.first_received = now
            self._touch(message.id)
            if visibility > 0:
                self._hide(message, now + visibility)
            found.append(message)
        if visibility <= 0:
            self._order.extend(message.id for message in found)
        return found, dead

    def peek(self, count: int, now: float) -> list[Message]:
        """Return the first ``count`` messages, hidden ones too, and leave them as they are."""
        self.settle(now)
        return [message for message, _ in zip(self._messages.values(), range(count), strict=False)]

    def first(self, count: int, now: float) -> list[Message]:
        """Return the first ``count`` visible messages, and leave them as they are."""
        self.settle(now)
        while self._order and not self._is_visible(self._order[0]):
            self._order.popleft()  # a hidden one is added again when it is shown
        found: dict[str, Message] = {}  # one that was hidden and shown again may be there twice
        for each in self._order:
            if len(found) >= count:
                break
            if self._is_visible(each):
                found[each] = self._messages[each]
        return list(found.values())

    def get(self, message_id: str) -> Message | None:
        """Return one message."""
        return self._messages.get(message_id) or self._scheduled.get(message_id)

    def delete(self, message_id: str) -> bool:
        """Delete a message; return whether it was there."""
        self._hidden.pop(message_id, None)
        self._touch(message_id)
        found = self._messages.pop(message_id, None)
        self.size -= found.size if found is not None else 0
        return found is not None

    def change_visibility(self, message: Message, until: float, now: float) -> None:
        """Hide a message until ``until``, or show it at once."""
        self._touch(message.id)
        if until > now:
            self._hide(message, until)
        else:
            self._show(message)

    def is_hidden(self, message_id: str) -> bool:
        """Say whether a message is being worked on, or delayed."""
        return message_id in self._hidden

    def purge(self) -> None:
        """Delete every message."""
        for message_id in list(self._messages):
            self.delete(message_id)
        self._order.clear()
        self._returning.clear()

    def settle(self, now: float) -> None:
        """Send what is due, show what is hidden no longer, drop what was kept too long."""
        self.release(now)
        while self._returning and self._returning[0][0] <= now:
            until, message_id = heappop(self._returning)
            message = self._messages.get(message_id)
            if message is not None and self._hidden.get(message_id) == until:
                self._show(message)
        oldest = now - self.seconds("MessageRetentionPeriod", RETENTION_SECONDS)
        for message in self._expired(oldest):
            self.delete(message.id)

    def counts(self, now: float) -> tuple[int, int, int]:
        """Return how many messages are visible, received and hidden, delayed."""
        self.settle(now)
        delayed = sum(self._messages[each].receives == 0 for each in self._hidden)
        hidden = len(self._hidden)
        return len(self._messages) - hidden, hidden - delayed, delayed

    def rows(self) -> dict[str, list[Any]]:
        """Return every message by id as JSON values."""
        held = (*self._messages.values(), *self._scheduled.values())
        return {message.id: message.row() for message in held}

    def restore(self, rows: dict[str, list[Any]]) -> None:
        """Take the messages of ``rows``."""
        for row in rows.values():
            message = Message(*row)
            if message.visible_at == message.sent:
                self.schedule(message)
                continue
            self._messages[message.id] = message
            self.size += message.size
            if message.visible_at > 0:
                self._hide(message, message.visible_at)
            else:
                self._order.append(message.id)

    def _expired(self, oldest: float) -> list[Message]:
        """Return the first messages that were sent before ``oldest``."""
        found: list[Message] = []
        for message in self._messages.values():
            if message.sent > oldest:
                break
            found.append(message)
        return found

    def _is_visible(self, message_id: str) -> bool:
        return message_id in self._messages and message_id not in self._hidden

    def _hide(self, message: Message, until: float) -> None:
        message.visible_at = self._hidden[message.id] = until
        heappush(self._returning, (until, message.id))

    def _show(self, message: Message) -> None:
        if self._hidden.pop(message.id, None) is not None:
            message.visible_at = 0.0
            self._order.append(message.id)
            self._touch(message.id)

    def _touch(self, message_id: str) -> None:
        if self.touched is not None:
            self.touched[message_id] = None


def queue_row(queue: Queue) -> dict[str, Any]:
    """Return a queue as JSON values."""
    return {
        "arn": queue.arn,
        "created": queue.created,
        "settings": dict(queue.settings),
        "messages": queue.rows(),
    }


def queue_changes(queue: Queue) -> dict[str, Any]:
    """Return what changed in a queue: its settings, and its touched messages, None if deleted."""
    rows: dict[str, Any] = {}
    for message_id in queue.touched or ():
        message = queue.get(message_id)
        rows[message_id] = message.row() if message is not None else None
    return {"settings": dict(queue.settings), "changes": rows}


def merge_changes(row: dict[str, Any], changes: dict[str, Any]) -> None:
    """Put what changed in a queue into its row."""
    row["settings"] = changes["settings"]
    for message_id, message in changes["changes"].items():
        if message is None:
            row["messages"].pop(message_id, None)
        else:
            row["messages"][message_id] = message


def read_queue(row: dict[str, Any]) -> Queue:
    """Return the queue of a row."""
    queue = Queue(row["arn"], row["created"], row["settings"])
    queue.restore(row["messages"])
    return queue
