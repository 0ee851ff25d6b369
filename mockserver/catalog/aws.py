"""The operations of SQS, SNS and S3 that Marketing Stream needs. They are no part of Amazon Ads.

Source: API references of Amazon SQS, SNS and S3 (documented: actions and their parameters).
"""

from __future__ import annotations

from typing import Final

from adsmock.contracts.model import Contract, Operation

SQS_ACTIONS: Final = (
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "CreateQueue",
    "DeleteMessage",
    "DeleteMessageBatch",
    "DeleteQueue",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "ListQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "SendMessage",
    "SendMessageBatch",
    "SetQueueAttributes",
)
SNS_ACTIONS: Final = ("ConfirmSubscription",)
S3_ACTIONS: Final = (
    "CreateBucket",
    "DeleteObject",
    "GetBucketLocation",
    "GetBucketPolicy",
    "GetObject",
    "HeadBucket",
    "HeadObject",
    "ListBuckets",
    "ListObjectsV2",
    "PutBucketPolicy",
)
SERVICES: Final = {"sqs": SQS_ACTIONS, "sns": SNS_ACTIONS, "s3": S3_ACTIONS}

JSON_MEDIA: Final = "application/x-amz-json-1.0"
XML_MEDIA: Final = "text/xml"


def _operation(service: str, action: str) -> Operation:
    return Operation(
        id=f"{service}.{action}",
        verb=action,
        method="POST",
        path=f"/{service}/{action}",
        request="",
        reply=JSON_MEDIA,
        replies=("*/*",),
        success=200,
        statuses=(200, 400, 403),
        quota="",
        client=False,
        scope=False,
        dialect="s3" if service == "s3" else "",
    )


AWS_OPERATIONS: Final = {
    f"{service}.{action}": _operation(service, action)
    for service, actions in SERVICES.items()
    for action in actions
}

AWS_CONTRACT: Final = Contract(
    name="aws",
    title="SQS, SNS and S3",
    family="aws",
    dialect="aws-json",
    operations=tuple(AWS_OPERATIONS.values()),
    shape="aws",
)
