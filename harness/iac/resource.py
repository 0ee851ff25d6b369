"""The queues, policies and alarms of a template, joined by their references."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from adsmock.harness.iac.intrinsic import Resolver, is_known
from adsmock.harness.iac.template_file import Template

QUEUE = "AWS::SQS::Queue"
POLICIES = frozenset({"AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy"})
ALARM = "AWS::CloudWatch::Alarm"
KEY = "AWS::KMS::Key"


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource with evaluated properties."""

    name: str
    type: str
    properties: Mapping[str, Any]

    @property
    def path(self) -> str:
        """The dotted path of its properties."""
        return f"Resources.{self.name}.Properties"

    def is_named_by(self, text: Any) -> bool:
        """Say whether a value refers to this resource: by reference, or by its name or ARN."""
        text = str(text)
        name = self.properties.get("QueueName")
        if text.startswith((f"${{{self.name}}}", f"${{{self.name}.")):
            return True
        return bool(name) and text.replace("/", ":").rpartition(":")[2] == str(name)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a resource policy and its dotted path."""

    path: str
    values: Mapping[str, Any]

    @property
    def allows(self) -> bool:
        """Whether it allows what it names."""
        return self.values.get("Effect") == "Allow"

    def covers(self, action: str) -> bool:
        """Say whether it names an action, which is in lower case."""
        actions = rows(self.values.get("Action"))
        return any(fnmatchcase(action, str(each).lower()) for each in actions)

    def is_for(self, kind: str, name: str) -> bool:
        """Say whether a principal is among those it names; ``*`` is everyone."""
        principal = self.values.get("Principal")
        if principal == "*":
            return True
        if not isinstance(principal, dict):
            return False
        named = [str(each) for each in rows(principal.get(kind))]
        return name in named or "*" in map(str, rows(principal.get("AWS")))

    def conditions(self) -> Iterator[tuple[str, str, list[str]]]:
        """Yield operator, key in lower case, and values of each condition."""
        for operator, keys in mapping(self.values.get("Condition")).items():
            for key, values in mapping(keys).items():
                yield str(operator), str(key).lower(), [str(each) for each in rows(values)]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A metric of SQS that an alarm watches."""

    path: str
    metric: str
    queue: str
    has_action: bool


@dataclass(frozen=True, slots=True)
class Stack:
    """What a template creates."""

    resources: tuple[Resource, ...]

    @classmethod
    def of(cls, template: Template, resolver: Resolver) -> Stack:
        """Return the resources of a template that its conditions do not exclude."""
        found = []
        for name, row in template.section("Resources").items():
            if isinstance(row, dict) and resolver.holds(row.get("Condition")) is not False:
                properties = mapping(resolver.value(row.get("Properties") or {}))
                found.append(Resource(name, str(row.get("Type")), properties))
        return cls(tuple(found))

    def of_type(self, *types: str) -> list[Resource]:
        """Return the resources of some types."""
        return [each for each in self.resources if each.type in types]

    def policy_of(self, queue: Resource) -> list[Statement]:
        """Return the statements of all policies of a queue that apply to it."""
        return [
            statement
            for policy in self.of_type(*POLICIES)
            if any(queue.is_named_by(each) for each in _queues(policy))
            for statement in statements(policy, "PolicyDocument")
            if self._applies(statement, queue)
        ]

    def _applies(self, statement: Statement, queue: Resource) -> bool:
        """Say whether a statement names this queue, not only others of the template."""
        named = rows(statement.values.get("Resource", "*"))
        others = [each for each in self.of_type(QUEUE) if each is not queue]
        return any(
            queue.is_named_by(each) or not any(other.is_named_by(each) for other in others)
            for each in named
        )

    def alarms(self) -> list[Alarm]:
        """Return the metrics of SQS queues that alarms watch."""
        return [
            Alarm(alarm.path, str(metric.get("MetricName")), str(row.get("Value")), has_action)
            for alarm in self.of_type(ALARM)
            for has_action in [bool(rows(alarm.properties.get("AlarmActions")))]
            for metric in _metrics(alarm.properties)
            for row in rows(metric.get("Dimensions"))
            if mapping(row).get("Name") == "QueueName"
        ]


def statements(resource: Resource, member: str) -> list[Statement]:
    """Return the statements of a policy, which may be JSON text."""
    document = resource.properties.get(member)
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return []
    path = f"{resource.path}.{member}.Statement"
    found = mapping(document).get("Statement")
    if isinstance(found, dict):
        return [Statement(path, found)]
    numbered = enumerate(rows(found))
    return [Statement(f"{path}.{index}", each) for index, each in numbered if mapping(each)]


def rows(value: Any) -> list[Any]:
    """Return a value that may be a list as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def dead_letter_target(queue: Resource) -> str:
    """Return what the redrive policy of a queue names, "" without one."""
    policy = queue.properties.get("RedrivePolicy")
    if isinstance(policy, str) and is_known(policy):
        try:
            policy = json.loads(policy)
        except ValueError:
            return ""
    if isinstance(policy, str):
        return policy
    return str(mapping(policy).get("deadLetterTargetArn") or "")


def _queues(policy: Resource) -> list[Any]:
    return rows(policy.properties.get("Queues")) + rows(policy.properties.get("Queue"))


def _metrics(properties: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the metrics of an alarm, those of its expressions too."""
    if "MetricName" in properties:
        yield properties
    for row in rows(properties.get("Metrics")):
        yield mapping(mapping(mapping(row).get("MetricStat")).get("Metric"))
