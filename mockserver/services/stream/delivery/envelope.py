"""The body of a data message: the record itself, an array of one, or an SNS notification.

Source: Amazon's fan-out Lambda passes bodies on untouched (documented template: raw); public
consumers also take an array (observed). Hence the sandbox choice ``stream.envelope``.
"""

from __future__ import annotations

from typing import Any

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core import seeded_random

CHOICE = "stream.envelope"


def body_of(value: dict[str, Any], topic: str, style: str, key: str, at: float) -> str:
    """Return the body of the message with a record, in a style of ``stream.envelope``.

    ``key`` and ``at`` name the message; a duplicate has those of its original.
    """
    text = orjson.dumps(value).decode()
    if style == "array":
        return f"[{text}]"
    if style != "sns":
        return text
    row = {
        "Type": "Notification",
        "MessageId": seeded_random.uuid(topic, key, at),
        "TopicArn": topic,
        "Message": text,
        "Timestamp": format_utc(at),
    }
    return orjson.dumps(row).decode()
