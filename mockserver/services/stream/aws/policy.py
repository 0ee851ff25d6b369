"""Queue policies: whether an SNS topic may send to a queue.

Source: IAM user guide, policy evaluation (documented: a Deny wins, then an Allow is needed).
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import orjson

SNS = "sns.amazonaws.com"
SEND = "sqs:sendmessage"


def may_send(policy: str, queue_arn: str, topic_arn: str) -> bool:
    """Say whether a topic may send to a queue; a queue without a policy takes everything."""
    if not policy:
        return True
    statements = _rows(orjson.loads(policy).get("Statement"))
    matching = {
        row.get("Effect")
        for row in statements
        if isinstance(row, dict) and _applies(row, queue_arn, topic_arn)
    }
    return "Allow" in matching and "Deny" not in matching


def is_policy(text: str) -> bool:
    """Say whether a text is a policy: a JSON object with statements, or empty."""
    if not text:
        return True
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return isinstance(value, dict) and "Statement" in value


def _applies(row: dict[str, Any], queue_arn: str, topic_arn: str) -> bool:
    if not any(fnmatchcase(SEND, str(each).lower()) for each in _rows(row.get("Action"))):
        return False
    if not any(fnmatchcase(queue_arn, str(each)) for each in _rows(row.get("Resource", "*"))):
        return False
    return _is_principal(row.get("Principal")) and _holds(row.get("Condition"), topic_arn)


def _is_principal(principal: Any) -> bool:
    if not isinstance(principal, dict):
        return bool(principal == "*")
    named = (*_rows(principal.get("Service")), *_rows(principal.get("AWS")))
    return SNS in named or "*" in named


def _holds(conditions: Any, topic_arn: str) -> bool:
    """Say whether every condition holds; one that is not known here does not."""
    if not conditions:
        return True
    if not isinstance(conditions, dict):
        return False
    known = {
        "aws:sourcearn": topic_arn,
        "aws:sourceaccount": topic_arn.split(":")[4],
        "aws:securetransport": "true",
    }
    return all(
        isinstance(keys, dict)
        and all(_compares(each, known.get(key.lower()), _rows(keys[key])) for key in keys)
        for each, keys in conditions.items()
    )


def _compares(operator: str, value: str | None, wanted: list[Any]) -> bool:
    name = operator.lower().removesuffix("ifexists")
    if value is None:
        return False
    texts = [str(each).lower() if name == "bool" else str(each) for each in wanted]
    if name in {"arnlike", "arnequals", "stringlike"}:
        return any(fnmatchcase(value, text) for text in texts)
    if name in {"stringequals", "bool"}:
        return value in texts
    if name in {"stringnotequals", "arnnotlike", "arnnotequals", "stringnotlike"}:
        return not any(fnmatchcase(value, text) for text in texts)
    return False


def _rows(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
