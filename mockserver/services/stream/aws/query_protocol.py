"""The query protocol: flat names such as ``Attribute.1.Name``, and XML.

Source: Amazon SQS API reference, Making query API requests (documented).
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

_LISTS = {
    "AttributeName": "AttributeNames",
    "MessageAttributeName": "MessageAttributeNames",
    "MessageSystemAttributeName": "MessageSystemAttributeNames",
    "SendMessageBatchRequestEntry": "Entries",
    "DeleteMessageBatchRequestEntry": "Entries",
    "ChangeMessageVisibilityBatchRequestEntry": "Entries",
}
_MAPS = {"Attribute": "Attributes", "MessageAttribute": "MessageAttributes"}
_MOST_STEPS = 6
"""Steps of the longest name: MessageAttribute.1.Value.StringValue of an entry of a batch."""
_SERVICE_ONLY = frozenset({"Version", "AWSAccessKeyId", "Timestamp", "Expires"})
_NAMESPACES = {
    "sqs": "http://queue.amazonaws.com/doc/2012-11-05/",
    "sns": "http://sns.amazonaws.com/doc/2010-03-31/",
}
_ITEMS = {"QueueUrls": "QueueUrl", "queueUrls": "QueueUrl", "Messages": "Message"}
_ENTRY_MAPS = {"Attributes": "Attribute", "MessageAttributes": "MessageAttribute"}


def read_parameters(flat: dict[str, str]) -> dict[str, Any]:
    """Return the parameters of a form with the names and shapes of the JSON protocol."""
    nested: dict[str, Any] = {}
    for name, value in flat.items():
        if name in _SERVICE_ONLY or name.startswith("X-Amz-"):
            continue
        steps, place = name.split(".", _MOST_STEPS), nested
        for step in steps[:-1]:
            held = place.setdefault(step, {})
            place = held if isinstance(held, dict) else {}
        place[steps[-1]] = value
    return _renamed(nested)


def _renamed(nested: dict[str, Any]) -> dict[str, Any]:
    """Return members by their names in the JSON protocol; numbered members become lists."""
    found: dict[str, Any] = {}
    for name, value in nested.items():
        if name in _LISTS and isinstance(value, dict):
            found[_LISTS[name]] = [_whole(each) for each in _numbered(value)]
        elif name in _MAPS and isinstance(value, dict):
            rows = [each for each in _numbered(value) if isinstance(each, dict)]
            found[_MAPS[name]] = {str(row.get("Name")): row.get("Value") for row in rows}
        else:
            found[name] = value
    return found


def _whole(value: Any) -> Any:
    return _renamed(value) if isinstance(value, dict) else value


def _numbered(value: dict[str, Any]) -> list[Any]:
    numbers = sorted((key for key in value if key.isdecimal()), key=int)
    return [value[number] for number in numbers]


def render(service: str, action: str, value: dict[str, Any], request_id: str) -> bytes:
    """Return a successful reply as XML."""
    result = "".join(_members(action, value))
    return (
        f'<?xml version="1.0"?><{action}Response xmlns="{_NAMESPACES[service]}">'
        f"<{action}Result>{result}</{action}Result>"
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
        f"</{action}Response>"
    ).encode()


def _members(action: str, value: dict[str, Any]) -> list[str]:
    parts: list[str] = []
    for name, held in value.items():
        if name in _ENTRY_MAPS and isinstance(held, dict):
            element = _ENTRY_MAPS[name]
            rows = [{"Name": key, "Value": each} for key, each in held.items()]
            parts += [_element(action, element, row) for row in rows]
        elif isinstance(held, list):
            element = _item_name(action, name)
            parts += [_element(action, element, each) for each in held]
        else:
            parts.append(_element(action, name, held))
    return parts


def _item_name(action: str, name: str) -> str:
    """Return the element of one item of a list."""
    if name == "Successful":
        return f"{action}ResultEntry"
    return "BatchResultErrorEntry" if name == "Failed" else _ITEMS.get(name, name)


def _element(action: str, name: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"<{name}>{''.join(_members(action, value))}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>"
