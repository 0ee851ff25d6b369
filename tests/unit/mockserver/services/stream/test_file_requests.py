"""Subscriptions of Marketing Stream v2: states, limits, refusals, pages, owners."""

import json

import pytest

from adsmock.mockserver.services.stream.files import parquet, requests
from adsmock.mockserver.services.stream.subscription_table import Subscriptions
from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.stream.file_calls import (
    call,
    error,
    made,
    subscribe,
    subscription,
)
from tests.unit.mockserver.services.stream.s3_calls import s3
from tests.unit.mockserver.services.stream.stream_calls import aws, create_server


def test_a_subscription_is_active_at_once_and_archived_by_delete():
    own = create_server()
    subscription_id = made(own)
    row = value(call(own, "query", {}))["streamSubscriptions"]
    deleted = call(own, "delete", {"streamSubscriptionIds": [subscription_id]})
    again = call(own, "delete", {"streamSubscriptionIds": [subscription_id]})
    unknown = call(own, "retrieve", {"streamSubscriptionIds": ["none"]})

    assert [each["status"] for each in row] == ["ACTIVE"]
    assert row[0].items() >= subscription().items()
    assert value(deleted)["success"][0]["streamSubscription"]["status"] == "ARCHIVED"
    assert error(again) == ("INVALID_STATE", "$.streamSubscriptionIds[0]")
    assert error(unknown) == ("RESOURCE_ID_NOT_FOUND", "$.streamSubscriptionIds[0]")
    assert made(own) != subscription_id


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"dataset": "sp-traffic"}, "configuration.dataset.datasetId"),
        ({"dataset": "none"}, "configuration.dataset.datasetId"),
        ({"queue": "a.fifo"}, "destination.s3Destination.notification.queueArn"),
        ({"region": "eu-west-1"}, "destination.s3Destination.notification.queueArn"),
        ({"bucket": "No_Bucket"}, "destination.s3Destination.bucketArn"),
    ],
)
def test_a_destination_or_dataset_that_is_not_supported_is_refused(changes, refusal):
    assert error(subscribe(create_server(), **changes)) == ("INVALID_ARGUMENT", f".{refusal}")


def test_a_bucket_of_another_region_is_refused():
    own = create_server()
    s3(own, "PUT", "ads-data", region="eu-west-1")
    assert error(subscribe(own))[1] == ".destination.s3Destination.bucketArn"


def test_the_same_destination_is_refused_until_the_first_has_ended():
    own = create_server()
    first = made(own)
    again, other = subscribe(own), subscribe(own, queue="other")
    call(own, "delete", {"streamSubscriptionIds": [first]})

    assert error(again) == ("DUPLICATE_VALUE", "")
    assert "success" in value(other)
    assert subscribe(own).status == 207


def test_policies_must_let_the_publisher_in():
    own = create_server()
    closed = json.dumps({"Statement": []})
    allowed = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::926844853897:role/PublisherRole"},
        "Action": ["s3:PutObject", "sqs:SendMessage"],
        "Resource": "*",
    }
    opened = json.dumps({"Statement": [allowed]})
    s3(own, "PUT", "ads-data")
    s3(own, "PUT", "ads-data?policy", closed.encode())
    no_bucket = subscribe(own)
    s3(own, "PUT", "ads-data?policy", opened.encode())
    aws(own, "CreateQueue", {"QueueName": "files", "Attributes": {"Policy": closed}})
    no_queue = subscribe(own)
    url = value(aws(own, "GetQueueUrl", {"QueueName": "files"}))["QueueUrl"]
    aws(own, "SetQueueAttributes", {"QueueUrl": url, "Attributes": {"Policy": opened}})

    place = ".destination.s3Destination"
    assert error(no_bucket) == ("ACCESS_DENIED", f"{place}.bucketArn")
    assert error(no_queue) == ("ACCESS_DENIED", f"{place}.notification.queueArn")
    assert made(own)


def test_an_account_without_access_is_refused_and_pages_have_a_size():
    own = create_server()
    headers = own.headers("application/json", Amazon_Advertising_API_Scope=None)
    body = {
        "accessRequestedAccounts": [{"advertiserAccountId": "other"}],
        "streamSubscriptions": [subscription()],
    }
    assert own.send("POST", "/adsApi/v1/create/streamSubscriptions", body, headers).status == 403
    assert call(own, "query", {"maxResults": 0}).status == 400
    ids = [made(own, queue=f"q{number}") for number in range(3)]
    first = value(call(own, "query", {"maxResults": 2}))
    last = value(call(own, "query", {"maxResults": 2, "nextToken": first["nextToken"]}))
    found = [*first["streamSubscriptions"], *last["streamSubscriptions"]]

    assert [each["streamSubscriptionId"] for each in found] == ids
    assert "nextToken" not in last


def test_without_pyarrow_a_subscription_is_refused_with_the_way_to_install_it(monkeypatch):
    monkeypatch.setattr(requests, "is_available", lambda: False)
    reply = subscribe(create_server())
    assert reply.status == 500
    assert value(reply)["message"] == parquet.MISSING


def test_other_applications_and_users_see_nothing():
    own = create_server()
    subscription_id = made(own)
    own.sandbox.choices["stream.user"] = "other"
    assert value(call(own, "query", {}))["streamSubscriptions"] == []
    reply = call(own, "retrieve", {"streamSubscriptionIds": [subscription_id]})
    assert error(reply)[0] == "RESOURCE_ID_NOT_FOUND"
    found = Subscriptions(own.sandbox, own.sandbox.clock.now()).get(subscription_id)
    assert found.has_files
