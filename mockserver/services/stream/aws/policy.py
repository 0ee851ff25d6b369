"""Policies of queues and buckets: whether Amazon may send to them.

Source: IAM user guide, policy evaluation (documented: a Deny wins, then an Allow is needed).
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import orjson

SNS = "sns.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody wants to do.

    ``action`` is in lower case, such as ``sqs:sendmessage``; ``resource`` is an ARN, ``principal``
    a service or the ARN of a role. ``source`` is the ARN on whose behalf a service acts.
    """

    action: str
    resource: str
    principal: str
    source: str = ""


def may_send(policy: str, queue_arn: str, topic_arn: str) -> bool:
    """Say whether a topic may send to a queue."""
    return permits(policy, Access("sqs:sendmessage", queue_arn, SNS, topic_arn))


def permits(policy: str, access: Access) -> bool:
    """Say whether a policy permits an access; without a policy everything is permitted."""
    if not policy:
        return True
    statements = _rows(orjson.loads(policy).get("Statement"))
    matching = {
        row.get("Effect") for row in statements if isinstance(row, dict) and _applies(row, access)
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


def _applies(row: dict[str, Any], access: Access) -> bool:
    actions = (str(each).lower() for each in _rows(row.get("Action")))
    if not any(fnmatchcase(access.action, each) for each in actions):
        return False
    resources = _rows(row.get("Resource", "*"))
    if not any(fnmatchcase(access.resource, str(each)) for each in resources):
        return False
    return _names(row.get("Principal"), access) and _holds(row.get("Condition"), access)


def _names(principal: Any, access: Access) -> bool:
    """Say whether a statement is about the principal; an account includes its roles."""
    if not isinstance(principal, dict):
        return bool(principal == "*")
    named = {str(each) for kind in ("Service", "AWS") for each in _rows(principal.get(kind))}
    account = access.principal.split(":")[4] if access.principal.startswith("arn:") else ""
    whole = {"*", access.principal, account, f"arn:aws:iam::{account}:root"} - {""}
    return not named.isdisjoint(whole)


def _holds(conditions: Any, access: Access) -> bool:
    """Say whether every condition holds; one that is not known here does not."""
    if not conditions:
        return True
    if not isinstance(conditions, dict):
        return False
    known = {"aws:securetransport": "true", "aws:principalarn": access.principal}
    if access.source:
        account = access.source.split(":")[4]
        known |= {"aws:sourcearn": access.source, "aws:sourceaccount": account}
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
