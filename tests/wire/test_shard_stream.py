"""SQS and SNS of several shards: an unmodified SDK reaches the queues of its own sandbox."""

import json
import os
import shutil
from itertools import count

import boto3
import pytest
import requests
from botocore.config import Config

from adsmock.mockserver.command.exec import aws_variables
from tests.wire.installation import control_of, create, serving, total

if shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
    pytest.skip("SQS AND SNS OF SHARDS ARE NOT TESTED: install haproxy", allow_module_level=True)

NUMBERS = count()
MISSES = ("adsmock_orphans_total", "adsmock_misdirected_total")


@pytest.fixture(scope="module")
def where():
    with serving() as where:
        yield where


@pytest.fixture
def clients(where):
    """Return clients of two sandboxes, which are in two shards, on frozen clocks."""
    found = [create(where, clock={"mode": "frozen"}) for _ in range(2)]
    assert {each.id.split("-")[1] for each in found} == {"01", "02"}
    for each in found:
        each.authorize()
    return found


def sdk(url, key, service="sqs"):
    variables = aws_variables(url, key)
    return boto3.client(
        service,
        endpoint_url=url,
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        region_name=variables["AWS_REGION"],
        config=Config(retries={"total_max_attempts": 1}, read_timeout=120),
    )


def subscribe(where, client, sqs):
    """Subscribe a new queue; return its URL and the confirmation that arrives there."""
    url = sqs.create_queue(QueueName=f"ads-{next(NUMBERS)}")["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    profile = next(each for each, region in client.profiles.items() if region == "NA")
    body = {
        "clientRequestToken": f"token-{next(NUMBERS):022d}",
        "dataSetId": "budget-usage",
        "destinationArn": found["Attributes"]["QueueArn"],
    }
    reply = requests.post(
        f"{where['regions']['NA']['ads']}/streams/subscriptions",
        json=body,
        headers=client.headers | {"Amazon-Advertising-API-Scope": profile},
        timeout=60,
    )
    assert reply.status_code == 200, reply.text
    control_of(where).call("clock.advance", {"seconds": 5}, sandbox=client.id)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    return url, json.loads(message["Body"])


def by_key(where, client, confirmation):
    sns = sdk(where["aws"], client.row["client"]["clientId"], "sns")
    sns.confirm_subscription(TopicArn=confirmation["TopicArn"], Token=confirmation["Token"])


def by_url(where, client, confirmation):
    url = confirmation["SubscribeURL"]
    assert url.startswith(f"{where['aws']}/?Action=ConfirmSubscription")
    assert requests.get(url, timeout=60).status_code == 200


def by_another_key(where, client, confirmation):
    sns = sdk(where["aws"], "AKIAIOSFODNN7EXAMPLE", "sns")
    sns.confirm_subscription(TopicArn=confirmation["TopicArn"], Token=confirmation["Token"])


@pytest.mark.parametrize("confirm", [by_key, by_url, by_another_key])
def test_a_subscription_is_confirmed_in_the_shard_of_its_sandbox(where, clients, confirm):
    control = control_of(where)
    before = [total(where, name) for name in MISSES]
    for client in clients:
        sqs = sdk(where["aws"], client.row["client"]["clientId"])
        _, confirmation = subscribe(where, client, sqs)
        confirm(where, client, confirmation)
        rows = control.call("stream.subscriptions", sandbox=client.id)["subscriptions"]
        assert [row["status"] for row in rows] == ["ACTIVE"]
    assert [total(where, name) for name in MISSES] == before


def test_queues_are_reached_by_every_address(where, clients):
    before = [total(where, name) for name in MISSES]
    for client in clients:
        key = client.row["client"]["clientId"]
        sdk(where["aws"], key).create_queue(QueueName="own")
        addresses = [
            (where["aws"], key),
            (where["main"] + "/_aws", key),
            (where["regions"]["EU"]["ads"] + "/_aws", key),
            (f"{where['main']}/_s/{client.id}/_aws", "AKIAIOSFODNN7EXAMPLE"),
        ]
        for address, given in addresses:
            sqs = sdk(address, given)
            (url,) = sqs.list_queues()["QueueUrls"]
            assert url.startswith(address.partition("/_aws")[0])
            sqs.send_message(QueueUrl=url, MessageBody=client.id)
            (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
            assert message["Body"] == client.id
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert [total(where, name) for name in MISSES] == before


def test_a_presigned_url_leads_to_the_shard_of_its_key(where, clients):
    for client in clients:
        key = client.row["client"]["clientId"]
        sdk(where["aws"], key).create_queue(QueueName=f"signed-{client.id}")
        scope = f"{key}/20260101/us-east-1/sqs/aws4_request"
        query = {"Action": "ListQueues", "X-Amz-Credential": scope}
        reply = requests.get(where["aws"], params=query, timeout=60)
        assert reply.status_code == 200, reply.text
        assert f"signed-{client.id}<" in reply.text


def test_the_well_known_credentials_lead_to_the_queues_of_the_default_sandbox(where):
    key = control_of(where).call("sandboxes.get", sandbox="default")["client"]["clientId"]
    sqs = sdk(where["aws"], key)
    sqs.create_queue(QueueName="default")
    rows = control_of(where).call("stream.queues", sandbox="default")["queues"]
    assert [row["name"] for row in rows] == ["default"]
