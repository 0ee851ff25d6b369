"""Rules about the operation of a queue: encryption, dead-letter queue, alarms, kind.

Source: SQS developer guide on SSE and on SNS with encrypted queues; SNS developer guide (SNS sends
to standard queues of Marketing Stream only); documented.
"""

from __future__ import annotations

from collections.abc import Iterator

from adsmock.harness.iac.finding import Finding
from adsmock.harness.iac.intrinsic import is_known, is_true
from adsmock.harness.iac.resource import (
    KEY,
    QUEUE,
    Alarm,
    Resource,
    Stack,
    dead_letter_target,
    statements,
)

SNS = "sns.amazonaws.com"
MANAGED_KEY = "alias/aws/sqs"
BACKLOG = "ApproximateNumberOfMessagesVisible"
LAG = "ApproximateAgeOfOldestMessage"


def find(queue: Resource, stack: Stack) -> Iterator[Finding]:
    """Yield what is wrong with a queue apart from its policy."""
    if is_true(queue.properties.get("FifoQueue")) or _name(queue).endswith(".fifo"):
        yield Finding(
            "standard-queue",
            "error",
            f"{queue.path}.FifoQueue",
            f"{queue.name} is a FIFO queue, which subscriptions refuse",
            "Remove FifoQueue and the .fifo of its name",
        )
    yield from _encryption(queue, stack, takes_from_sns=True)
    target = _dead_letter_queue(queue, stack)
    if target is not None:
        yield from _encryption(target, stack, takes_from_sns=False)
    yield from _redrive(queue)
    yield from _alarms(queue, target, stack.alarms())


def _encryption(queue: Resource, stack: Stack, *, takes_from_sns: bool) -> Iterator[Finding]:
    key, managed = (
        queue.properties.get(each) for each in ("KmsMasterKeyId", "SqsManagedSseEnabled")
    )
    path = f"{queue.path}.KmsMasterKeyId"
    if key is None:
        if managed is not None and is_known(managed) and not is_true(managed):
            yield Finding(
                "encryption",
                "error",
                f"{queue.path}.SqsManagedSseEnabled",
                f"{queue.name} is not encrypted at rest",
                "Set SqsManagedSseEnabled: true",
            )
        elif managed is None:
            yield Finding(
                "encryption",
                "warning",
                queue.path,
                f"{queue.name} leaves encryption at rest to the default of AWS",
                "Set SqsManagedSseEnabled: true",
            )
    elif not takes_from_sns:
        return
    elif str(key).endswith(MANAGED_KEY):
        yield Finding(
            "encryption",
            "error",
            path,
            f"SNS cannot use {MANAGED_KEY}, so {queue.name} receives nothing",
            "Set SqsManagedSseEnabled: true, or use a key of your own that permits SNS",
        )
    else:
        yield from _own_key(queue, str(key), stack)


def _own_key(queue: Resource, key: str, stack: Stack) -> Iterator[Finding]:
    """Complain about a key that SNS may not use; a key outside the template is not visible."""
    path = f"{queue.path}.KmsMasterKeyId"
    own = next((each for each in stack.of_type(KEY) if each.is_named_by(key)), None)
    if own is None:
        yield Finding(
            "undecided",
            "note",
            path,
            f"the policy of the key {key} is not in this template",
            f"Check that it lets {SNS} use kms:GenerateDataKey* and kms:Decrypt",
        )
        return
    policy = [
        each for each in statements(own, "KeyPolicy") if each.allows and each.is_for("Service", SNS)
    ]
    for action in ("kms:generatedatakey", "kms:decrypt"):
        if not any(each.covers(action) for each in policy):
            yield Finding(
                "encryption",
                "error",
                f"{own.path}.KeyPolicy",
                f"{own.name} does not let {SNS} encrypt, so {queue.name} receives nothing",
                f"Allow {SNS} kms:GenerateDataKey* and kms:Decrypt",
            )
            return


def _redrive(queue: Resource) -> Iterator[Finding]:
    if not dead_letter_target(queue):
        yield Finding(
            "dead-letter-queue",
            "error",
            queue.path,
            f"{queue.name} has no RedrivePolicy, so a message that always fails comes again and "
            "again until it expires",
            "Add a second queue, and RedrivePolicy with its ARN and maxReceiveCount",
        )


def _dead_letter_queue(queue: Resource, stack: Stack) -> Resource | None:
    target = dead_letter_target(queue)
    found = (each for each in stack.of_type(QUEUE) if target and each.is_named_by(target))
    return next(found, None)


def _alarms(queue: Resource, target: Resource | None, alarms: list[Alarm]) -> Iterator[Finding]:
    demands = [(queue, (LAG, BACKLOG))]
    if target is not None:
        demands.append((target, (BACKLOG, LAG)))
    for watched, metrics in demands:
        own = [each for each in alarms if watched.is_named_by(each.queue)]
        suitable = [each for each in own if each.metric in metrics]
        if suitable:
            yield from _silent(suitable)
            continue
        yield Finding(
            "alarm",
            "error",
            f"Resources.{watched.name}",
            f"no alarm watches {metrics[0]} of {watched.name}",
            "Add an AWS::CloudWatch::Alarm with the dimension QueueName",
        )


def _silent(alarms: list[Alarm]) -> Iterator[Finding]:
    """Warn about alarms of which none has an action."""
    if not any(each.has_action for each in alarms):
        yield Finding(
            "alarm",
            "warning",
            alarms[0].path,
            f"the alarm on {alarms[0].metric} has no AlarmActions, so nobody is notified",
            "Name an SNS topic in AlarmActions",
        )


def _name(queue: Resource) -> str:
    return str(queue.properties.get("QueueName", ""))
