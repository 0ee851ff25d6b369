"""The body of a data message: the record itself, an array of one, or an SNS notification.

Source: Amazon's fan-out Lambda passes bodies on untouched (documented template: raw); public
consumers also take an array (observed). Hence the sandbox choice ``stream.envelope``.
"""

from __future__ import annotations

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.services.stream.delivery.record import Record

CHOICE = "stream.envelope"


def body_of(record: Record, topic: str, style: str) -> str:
    """Return the body of the message with a record, in a style of ``stream.envelope``."""
    text = orjson.dumps(record.value).decode()
    if style == "array":
        return f"[{text}]"
    if style != "sns":
        return text
    row = {
        "Type": "Notification",
        "MessageId": seeded_random.uuid(topic, record.key, record.at),
        "TopicArn": topic,
        "Message": text,
        "Timestamp": format_utc(record.at),
    }
    return orjson.dumps(row).decode()
