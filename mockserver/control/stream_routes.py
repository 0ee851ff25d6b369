"""The routes of Marketing Stream's inbox: subscriptions, queues and their messages."""

from __future__ import annotations

from adsmock.mockserver.control.route import PREFIX, Query, Route

_ONE = PREFIX + "/sandboxes/{sandbox}/stream"
_SUBSCRIPTION = _ONE + "/subscriptions/{subscription}"

MESSAGES_QUERY = (
    Query("queue", "string", "name or ARN of one queue"),
    Query("limit", "integer", "maximum number", default="100", minimum=1, maximum=1_000),
)

REDELIVER_QUERY = (Query("queue", "string", "name or ARN of one queue or delivery stream"),)

STREAM_ROUTES: tuple[Route, ...] = (
    Route(
        "stream.subscriptions",
        "GET",
        _ONE + "/subscriptions",
        "List the subscriptions of Marketing Stream, of every user and account.",
        "StreamSubscriptionList",
    ),
    Route(
        "stream.confirm",
        "POST",
        _SUBSCRIPTION + "/confirm",
        "Confirm a subscription that waits for it.",
        "StreamSubscription",
    ),
    Route(
        "stream.suspend",
        "POST",
        _SUBSCRIPTION + "/suspend",
        "Suspend a subscription, as if its user lost access to the advertiser.",
        "StreamSubscription",
    ),
    Route(
        "stream.queues",
        "GET",
        _ONE + "/queues",
        "List the SQS queues with the numbers of their messages.",
        "StreamQueueList",
    ),
    Route(
        "stream.messages",
        "GET",
        _ONE + "/messages",
        "Show messages of the queues and leave them there.",
        "StreamMessageList",
        query=MESSAGES_QUERY,
        example="--sandbox default --queue orders --limit 10",
    ),
    Route(
        "stream.send",
        "POST",
        _ONE + "/messages",
        "Put messages into a queue, which is created if there is none of that name.",
        "StreamQueue",
        "StreamSending",
        is_body_required=True,
        success=201,
        example='--data \'{"queue":"orders","bodies":["{\\"dataset_id\\":\\"sp-traffic\\"}"]}\'',
    ),
    Route(
        "stream.destinations",
        "GET",
        _ONE + "/destinations",
        "List the queues and delivery streams whose messages go outside, with the last error.",
        "StreamDestinationList",
    ),
    Route(
        "stream.redeliver",
        "POST",
        _ONE + "/redeliver",
        "Send messages again that were set aside, and those that wait for the next attempt.",
        "StreamDestinationList",
        query=REDELIVER_QUERY,
    ),
)
