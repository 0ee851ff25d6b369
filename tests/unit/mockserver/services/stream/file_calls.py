"""Calls of Marketing Stream v2 in memory."""

from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.reporting.by_field.field_requests import account_of
from tests.unit.mockserver.services.stream.stream_calls import queue_arn

DATASET = "ads-performance-v1"


def subscription(queue="files", bucket="ads-data", dataset=DATASET, region="us-east-1"):
    target = {
        "bucketArn": f"arn:aws:s3:::{bucket}",
        "notification": {"queueArn": queue_arn(queue, region)},
    }
    return {
        "configuration": {"dataset": {"datasetId": dataset}},
        "destination": {"s3Destination": target},
    }


def call(own, verb, body, endpoint=None):
    headers = own.headers("application/json", Amazon_Advertising_API_Scope=None)
    accounts = [{"advertiserAccountId": account_of(own)}]
    content = {"accessRequestedAccounts": accounts, **body}
    path = f"/adsApi/v1/{verb}/streamSubscriptions"
    return own.send("POST", path, content, headers, endpoint)


def subscribe(own, **changes):
    return call(own, "create", {"streamSubscriptions": [subscription(**changes)]})


def made(own, **changes):
    reply = subscribe(own, **changes)
    assert reply.status == 207, reply.body
    return value(reply)["success"][0]["streamSubscription"]["streamSubscriptionId"]


def error(reply):
    row = value(reply)["error"][0]["errors"][0]
    return row["code"], row["fieldLocation"].removeprefix("$.streamSubscriptions[0]")


def status(own, subscription_id):
    reply = call(own, "retrieve", {"streamSubscriptionIds": [subscription_id]})
    return value(reply)["success"][0]["streamSubscription"]["status"]
