"""A plan or a state of Terraform, as the resources of a CloudFormation template.

Source: Terraform, JSON output format (``terraform show -json``); AWS provider; documented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Values = Mapping[str, Any]

QUEUE_POLICY = "AWS::SQS::QueuePolicy"

SNS = "sns.amazonaws.com"

_NAMED = ("queue_url", "kms_master_key_id", "redrive_policy", "alarm_actions")
"""Attributes that name another resource, which a plan may know only by reference."""


class UnknownPolicyError(ValueError):
    """A policy that the plan does not know yet: its text is the address of the resource."""


def is_terraform(values: Any) -> bool:
    """Say whether a JSON document is what ``terraform show -json`` prints."""
    return isinstance(values, dict) and "format_version" in values and _root(values) is not None


def as_template(document: Values) -> dict[str, Any]:
    """Return the queues, policies, keys and alarms as the values of a CloudFormation template.

    Raises:
        UnknownPolicyError: a policy is known only after the plan is applied.
    """
    references = dict(_references(document.get("configuration", {}).get("root_module", {}), ""))
    found: dict[str, Any] = {}
    redrives: list[Values] = []
    unknown: list[str] = []
    for row in _resources(_root(document) or {}):
        if row.get("mode") == "data":
            continue
        address, kind = str(row["address"]), str(row.get("type"))
        values = _with_references(row, references.get(address.partition("[")[0], {}))
        if kind == "aws_sqs_queue_redrive_policy":
            redrives.append(values)
        elif kind == "aws_sqs_queue_policy" and not values.get("policy"):
            unknown.append(address)
        elif kind in _TYPES:
            found |= dict(_TYPES[kind](address, values))
    _add_redrives(found, redrives)
    if unknown and SNS not in json.dumps(found):
        raise UnknownPolicyError(unknown[0])
    return {"Resources": found}


def _with_references(row: Values, references: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a resource; what a plan does not know is the resource that it names."""
    values = dict(row.get("values") or {})
    unknown = {name: target for name, target in references.items() if values.get(name) is None}
    return values | unknown


def _add_redrives(found: dict[str, Any], redrives: list[Values]) -> None:
    """Add redrive policies that are resources of their own to their queues."""
    for row in redrives:
        url = str(row.get("queue_url"))
        for name, resource in found.items():
            properties = resource["Properties"]
            own = f"/{properties.get('QueueName')}"
            if resource["Type"] == "AWS::SQS::Queue" and (
                url == f"${{{name}}}" or url.endswith(own)
            ):
                properties["RedrivePolicy"] = row.get("redrive_policy")


def _root(document: Values) -> Values | None:
    """Return the root module of a plan, else that of a state."""
    values = document.get("planned_values", document.get("values"))
    root = values.get("root_module") if isinstance(values, dict) else None
    return root if isinstance(root, dict) else None


def _resources(module: Values) -> Iterator[Values]:
    """Yield the resources of a module and of the modules in it."""
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def _references(module: Values, prefix: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield for each resource of a plan which others its attributes name."""
    for row in module.get("resources", ()):
        expressions = row.get("expressions", {})
        named = {
            name: f"${{{prefix}{'.'.join(targets[0].split('.')[:2])}}}"
            for name in _NAMED
            if (targets := expressions.get(name, {}).get("references"))
        }
        yield prefix + str(row["address"]), named
    for name, call in module.get("module_calls", {}).items():
        yield from _references(call.get("module", {}), f"{prefix}module.{name}.")


Converted = Iterator[tuple[str, dict[str, Any]]]
"""Resources by name."""


def _queue(address: str, values: Values) -> Converted:
    properties = {
        "QueueName": values.get("name"),
        "FifoQueue": values.get("fifo_queue"),
        "SqsManagedSseEnabled": values.get("sqs_managed_sse_enabled"),
        "KmsMasterKeyId": values.get("kms_master_key_id"),
        "RedrivePolicy": values.get("redrive_policy"),
    }
    yield address, {"Type": "AWS::SQS::Queue", "Properties": _given(properties)}
    if values.get("policy"):
        own = {**values, "queue_url": f"${{{address}}}"}
        yield from _policy(f"{address}.policy", own)


def _policy(address: str, values: Values) -> Converted:
    document = json.loads(values["policy"])
    properties = {"Queues": [values.get("queue_url")], "PolicyDocument": document}
    yield address, {"Type": QUEUE_POLICY, "Properties": properties}


def _alarm(address: str, values: Values) -> Converted:
    dimensions = values.get("dimensions") or {}
    properties = {
        "MetricName": values.get("metric_name"),
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
        "AlarmActions": values.get("alarm_actions"),
    }
    yield address, {"Type": "AWS::CloudWatch::Alarm", "Properties": _given(properties)}


def _key(address: str, values: Values) -> Converted:
    if values.get("policy"):  # an unknown one is a note, like that of a key of another template
        policy = json.loads(values["policy"])
        yield address, {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}}


def _given(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value not in (None, "", [])}


_TYPES: Mapping[str, Callable[[str, Values], Converted]] = {
    "aws_sqs_queue": _queue,
    "aws_sqs_queue_policy": _policy,
    "aws_cloudwatch_metric_alarm": _alarm,
    "aws_kms_key": _key,
}
