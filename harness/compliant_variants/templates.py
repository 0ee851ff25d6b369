"""Templates that differ from the model and keep its rules."""

from __future__ import annotations

from typing import Any

ARN = "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:"

NAMES = {"StreamQueue": "ads-stream", "DeadLetterQueue": "ads-stream-failed"}


def by_name(values: dict[str, Any]) -> None:
    """Give the queues names that replace references, and a key that SNS may use."""
    resources = values["Resources"]
    for name, queue in NAMES.items():
        properties = resources[name]["Properties"]
        del properties["SqsManagedSseEnabled"]
        properties |= {"QueueName": queue, "KmsMasterKeyId": {"Ref": "StreamKey"}}
        policy = resources[f"{name}Policy"]["Properties"]["PolicyDocument"]
        for statement in policy["Statement"]:
            statement["Resource"] = {"Fn::Sub": ARN + queue}
    redrive = resources["StreamQueue"]["Properties"]["RedrivePolicy"]
    redrive["deadLetterTargetArn"] = {"Fn::Sub": ARN + NAMES["DeadLetterQueue"]}
    resources["StreamKey"] = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": _key_policy()}}


def _key_policy() -> dict[str, Any]:
    owner = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    whole = {"Effect": "Allow", "Principal": owner, "Action": "kms:*", "Resource": "*"}
    sender = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [whole, sender]}
