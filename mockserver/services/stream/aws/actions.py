"""The endpoint of SQS, SNS and S3: one function for each action, replies in each protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from adsmock.mockserver.catalog.aws import JSON_MEDIA, XML_MEDIA
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.aws_request import AwsRequest
from adsmock.mockserver.core.outcome import File, Pending
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.stream import confirmation, delivery
from adsmock.mockserver.services.stream.aws import (
    bucket_actions,
    message_actions,
    query_protocol,
    queue_actions,
)
from adsmock.mockserver.services.stream.aws.error import AwsError, missing
from adsmock.mockserver.services.stream.aws.queue_actions import AwsContext, Body

_RECEIVE = "ReceiveMessage"


def serve(context: RequestContext) -> File | Pending:
    """Serve an action of SQS, SNS or S3.

    Raises:
        ApiError: it is refused.
    """
    request = context.aws
    assert request is not None
    try:
        delivery.catch_up(context.sandbox, context.sandboxes, context.now)
        if request.service == "s3":
            return bucket_actions.serve(context, request)
        if request.action == "ConfirmSubscription":
            return _file(context, request, _confirm(context))
        aws = AwsContext(request, context.body, context.sandbox, context.now)
        value = _ACTIONS[request.action](aws)
        if request.action == _RECEIVE and not value:
            return _waiting(context, request, aws)
        return _file(context, request, value)
    except AwsError as error:
        raise error.worded(request.protocol) from None


def _waiting(context: RequestContext, request: AwsRequest, aws: AwsContext) -> File | Pending:
    """Return an empty reply, or one that waits for a message."""
    seconds = message_actions.wait_seconds(aws)
    if not seconds or not context.can_wait:
        return _file(context, request, {})

    def make(*, is_last: bool) -> File | None:
        aws.now = context.sandbox.clock.now()
        delivery.catch_up(context.sandbox, context.sandboxes, aws.now)
        try:
            value = message_actions.receive(aws)
        except AwsError:  # the queue was deleted meanwhile
            value = {}
        return _file(context, request, value) if value or is_last else None

    return Pending(seconds, make)


def _confirm(context: RequestContext) -> Body:
    """Confirm a subscription by its token.

    Raises:
        AwsError: the token or the topic is missing or not valid.
    """
    topic, token = context.body.get("TopicArn"), context.body.get("Token")
    if not topic or not token:
        raise missing("Token" if topic else "TopicArn")
    signer = context.sandboxes.signer
    arn = confirmation.confirm(context.sandbox, signer, context.now, str(topic), str(token))
    if arn is None:
        raise AwsError("InvalidParameter", "Invalid parameter: Token")
    return {"SubscriptionArn": arn}


def _file(context: RequestContext, request: AwsRequest, value: dict[str, Any]) -> File:
    plain = orjson.dumps(value)
    if request.protocol == "json":
        return File(plain, JSON_MEDIA)
    request_id = seeded_random.uuid(context.sandbox.seed, request.action, context.now)
    body = query_protocol.render(request.service, request.action, value, request_id)
    return File(body, XML_MEDIA, kept=plain)


_ACTIONS: Mapping[str, Callable[[AwsContext], Body]] = {
    "ChangeMessageVisibility": message_actions.change_visibility,
    "ChangeMessageVisibilityBatch": message_actions.change_visibility_batch,
    "CreateQueue": queue_actions.create_queue,
    "DeleteMessage": message_actions.delete_message,
    "DeleteMessageBatch": message_actions.delete_batch,
    "DeleteQueue": queue_actions.delete_queue,
    "GetQueueAttributes": queue_actions.get_attributes,
    "GetQueueUrl": queue_actions.get_queue_url,
    "ListDeadLetterSourceQueues": queue_actions.list_sources,
    "ListQueues": queue_actions.list_queues,
    "PurgeQueue": queue_actions.purge_queue,
    _RECEIVE: message_actions.receive,
    "SendMessage": message_actions.send_message,
    "SendMessageBatch": message_actions.send_batch,
    "SetQueueAttributes": queue_actions.set_attributes,
}
