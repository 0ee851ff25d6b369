"""Mutants: programs whose queues are created by a defective template."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adsmock.harness.mutants.mutant import mutant

Values = dict[str, Any]


def _statements(values: Values) -> list[Values]:
    policy = values["Resources"]["StreamQueuePolicy"]["Properties"]
    return list(policy["PolicyDocument"]["Statement"])


def _accept_plain_http(values: Values) -> None:
    policy = values["Resources"]["StreamQueuePolicy"]["Properties"]["PolicyDocument"]
    policy["Statement"] = [each for each in _statements(values) if each["Sid"] != "OnlyTls"]


def _take_other_datasets(values: Values) -> None:
    for region in values["Mappings"]["Topics"].values():
        region["Arns"] = region["Arns"][1:]


def _remove_alarms(values: Values) -> None:
    resources = values["Resources"]
    for name in [name for name, row in resources.items() if "Alarm" in row["Type"]]:
        del resources[name]


MUTANTS = (
    replace(
        mutant(
            "template-without-tls",
            "creates a queue that accepts requests without TLS",
            "IC01.protection",
        ),
        template=_accept_plain_http,
    ),
    replace(
        mutant(
            "template-of-others",
            "creates a queue whose policy lacks the subscribed dataset",
            "IC01.delivery",
        ),
        template=_take_other_datasets,
    ),
    replace(
        mutant("template-without-alarms", "creates queues that nobody watches", "IC01.operation"),
        template=_remove_alarms,
    ),
)
