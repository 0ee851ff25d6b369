"""The model consumer counts each row once: from the inbox of a mock, and from SQS of moto."""

import json
from decimal import Decimal

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from adsmock.harness.client.stream import Aws, Consumer, SdkQueue, SqsQueue, StreamStore
from adsmock.mockserver.app import Mock
from adsmock.mockserver.command.exec import aws_variables
from tests.wire.call_headers import headers_of


@pytest.fixture
def mock():
    with Mock(seed=3, journal="full") as running:
        running.control.call("clock.put", {"mode": "frozen"}, sandbox="default")
        yield running


def subscribe(mock, arn):
    made = requests.post(
        f"{mock.urls['NA']['ads']}/streams/subscriptions",
        json={
            "clientRequestToken": "3f9d6a52-5a1e-4c0f-8d5f-0d8a1c5b7e21",
            "dataSetId": "sp-traffic",
            "destinationArn": arn,
        },
        headers=headers_of(mock),
        timeout=60,
    )
    assert made.status_code == 200, made.text


def call(aws, action, **members):
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"AmazonSQS.{action}"}
    body = json.dumps(members).encode()
    return json.loads(aws.send("sqs", aws.region, aws.sqs_endpoint, headers, body) or b"{}")


def sdk(aws):
    return boto3.client(
        "sqs",
        endpoint_url=aws.sqs_endpoint,
        aws_access_key_id=aws.key_id,
        aws_secret_access_key=aws.secret,
        region_name=aws.region,
    )


def statuses(mock):
    found = requests.get(
        f"{mock.urls['NA']['ads']}/streams/subscriptions", headers=headers_of(mock), timeout=60
    )
    return [each["status"] for each in found.json()["subscriptions"]]


def test_the_consumer_confirms_and_counts_a_duplicate_once(mock, tmp_path):
    variables = aws_variables(mock.aws_url, mock.default.credentials.client_id)
    aws = Aws.from_environment(variables)

    url = call(aws, "CreateQueue", QueueName="ads")["QueueUrl"]
    arn = call(aws, "GetQueueAttributes", QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    subscribe(mock, arn["QueueArn"])
    mock.control.call("clock.advance", {"seconds": 10}, sandbox="default")
    assert statuses(mock) == ["PENDING_CONFIRMATION"]

    store = StreamStore(tmp_path / "stream.db")
    consumer = Consumer(SqsQueue(url, aws), store, confirm=aws.confirm)
    assert consumer.step() == 1
    assert statuses(mock) == ["ACTIVE"]

    count_each_message_once(url, aws, store, consumer)
    store.close()


def test_the_consumer_works_the_same_at_another_sqs(tmp_path):
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        aws = Aws.from_environment(aws_variables(f"http://{host}:{port}", "partner"))
        url = call(aws, "CreateQueue", QueueName="ads")["QueueUrl"]
        store = StreamStore(tmp_path / "stream.db")
        count_each_message_once(
            url, aws, store, Consumer(SqsQueue(url, aws), store, confirm=aws.confirm)
        )
        store.close()
    finally:
        server.stop()


def count_each_message_once(url, aws, store, consumer):
    """Send a duplicate and a correction, and read them by both queues of the consumer."""
    row = {"dataset_id": "sp-traffic", "campaign_id": "1", "clicks": 2, "cost": 0.1}
    for name in ("a", "a", "b"):
        text = json.dumps({**row, "idempotency_id": name})
        call(aws, "SendMessage", QueueUrl=url, MessageBody=text)
    assert consumer.step() == 3
    totals = {each.metric: each.value for each in store.sums("sp-traffic")}
    assert totals == {"clicks": 4, "cost": Decimal("0.2")}

    text = json.dumps({**row, "idempotency_id": "c", "clicks": -1})
    call(aws, "SendMessage", QueueUrl=url, MessageBody=text)
    assert Consumer(SdkQueue(url, sdk(aws)), store, confirm=aws.confirm).step() == 1
    assert {each.metric: each.value for each in store.sums("sp-traffic")}["clicks"] == 3
    left = call(aws, "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == "0"
    assert left["ApproximateNumberOfMessagesNotVisible"] == "0"
