"""Marketing Stream's inbox over sockets: boto3 and the JavaScript SDK, both unmodified."""

import json
import os
import shutil
import subprocess
import sys
import threading
from itertools import count

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from adsmock.mockserver.app import Mock
from adsmock.mockserver.command.exec import aws_variables
from tests.wire.call_headers import headers_of

TOKENS = count()
SDK = "@aws-sdk/client-sqs@3"


@pytest.fixture(scope="module")
def mock():
    with Mock(seed=3, journal="full") as running:
        running.control.call("clock.put", {"mode": "frozen"}, sandbox="default")
        yield running


def client(mock, service="sqs", **more):
    variables = aws_variables(mock.aws_url, mock.default.credentials.client_id)
    return boto3.client(
        service,
        endpoint_url=variables[f"AWS_ENDPOINT_URL_{service.upper()}"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        region_name=variables["AWS_REGION"],
        config=Config(retries={"total_max_attempts": 1}, read_timeout=120),
        **more,
    )


def subscribe(mock, arn, dataset="budget-usage"):
    body = {
        "clientRequestToken": f"token-{next(TOKENS):022d}",
        "dataSetId": dataset,
        "destinationArn": arn,
    }
    reply = requests.post(
        f"{mock.urls['NA']['ads']}/streams/subscriptions",
        json=body,
        headers=headers_of(mock),
        timeout=60,
    )
    assert reply.status_code == 200, reply.text
    return reply.json()["subscriptionId"]


def status_of(mock, subscription_id):
    rows = mock.control.call("stream.subscriptions", sandbox="default")["subscriptions"]
    return next(row["status"] for row in rows if row["subscriptionId"] == subscription_id)


def advance(mock, seconds):
    mock.control.call("clock.advance", {"seconds": seconds}, sandbox="default")


def test_boto3_creates_receives_confirms_and_deletes(mock):
    sqs, sns = client(mock), client(mock, "sns")
    url = sqs.create_queue(QueueName="python")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    subscription_id = subscribe(mock, arn)
    advance(mock, 5)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    body = json.loads(message["Body"])
    pending = status_of(mock, subscription_id)
    confirmed = sns.confirm_subscription(TopicArn=body["TopicArn"], Token=body["Token"])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    assert pending == "PENDING_CONFIRMATION"
    assert confirmed["SubscriptionArn"].startswith(body["TopicArn"])
    assert status_of(mock, subscription_id) == "ACTIVE"
    assert body["SubscribeURL"].startswith(f"{mock.aws_url}/?Action=ConfirmSubscription")
    assert requests.get(body["SubscribeURL"], timeout=60).status_code == 200
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_boto3_sends_batches_and_reads_attributes(mock):
    sqs = client(mock)
    url = sqs.create_queue(QueueName="batches")["QueueUrl"]
    attribute = {"kind": {"DataType": "String", "StringValue": "a"}}
    entries = [
        {"Id": str(number), "MessageBody": f"é{number}", "MessageAttributes": attribute}
        for number in range(3)
    ]
    sent = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    found = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    handles = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(found)]
    deleted = sqs.delete_message_batch(QueueUrl=url, Entries=handles)
    sqs.purge_queue(QueueUrl=url)

    assert len(sent["Successful"]) == len(deleted["Successful"]) == 3
    assert {each["Body"] for each in found} == {"é0", "é1", "é2"}
    assert found[0]["MessageAttributes"] == attribute
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="none")


def test_a_long_poll_ends_when_a_message_comes(mock):
    sqs, other = client(mock), client(mock)
    url = sqs.create_queue(QueueName="polled")["QueueUrl"]
    found = []
    waiting = threading.Thread(
        target=lambda: found.append(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20))
    )
    waiting.start()
    while not any(  # the call is in the journal as soon as it has arrived
        each.operation == "sqs.ReceiveMessage" and b"polled" in json.dumps(each.request).encode()
        for each in mock.default.journal.rows()
    ):
        waiting.join(0.02)
    assert other.list_queues()["QueueUrls"]  # a waiting call does not block others
    other.send_message(QueueUrl=url, MessageBody="now")
    waiting.join(60)

    assert [each["Body"] for each in found[0]["Messages"]] == ["now"]
    entry = [
        each
        for each in mock.default.journal.rows()
        if each.operation.endswith("Receive") or each.operation == "sqs.ReceiveMessage"
    ][-1]
    assert json.loads(entry.reply)["Messages"][0]["Body"] == "now"


def test_a_fault_of_the_queue_reaches_the_sdk(mock):
    sqs = client(mock)
    rule = {
        "id": "sqs-down",
        "match": {"operation": ["sqs.ListQueues"]},
        "when": {"times": 1},
        "effect": {"kind": "http", "status": 503},
    }
    mock.control.call("faults.create", rule, sandbox="default")
    with pytest.raises(ClientError) as caught:
        client(mock).list_queues()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert sqs.list_queues()


def test_an_unmodified_program_reaches_the_inbox_by_amazons_host_names():
    code = (
        "import boto3\n"
        "sqs = boto3.client('sqs')\n"
        "url = sqs.create_queue(QueueName='hosts')['QueueUrl']\n"
        "sqs.send_message(QueueUrl=url, MessageBody='x')\n"
        "print(url, sqs.receive_message(QueueUrl=url)['Messages'][0]['Body'])\n"
    )
    command = [sys.executable, "-m", "adsmock.mockserver", "exec", "--"]
    program = ["env", "-u", "AWS_ENDPOINT_URL_SQS", sys.executable, "-c", code]
    plain = subprocess.run(
        [*command, sys.executable, "-c", code],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    done = subprocess.run(
        [*command, *program], capture_output=True, text=True, timeout=300, check=False
    )

    assert done.stdout.split() == ["https://sqs.us-east-1.amazonaws.com/111122223333/hosts", "x"], (
        done.stderr
    )
    assert plain.stdout.startswith("http://127.0.0.1:"), plain.stderr


NODE = """
import { SQSClient, CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand,
  DeleteMessageCommand } from "@aws-sdk/client-sqs";
const sqs = new SQSClient({});
const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "node" }));
await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "one" }));
const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle }));
const rest = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
console.log(Messages[0].Body, rest.Messages === undefined);
"""


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory):
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("NOT CHECKED with the JavaScript SDK: npm is not here")
    folder = tmp_path_factory.mktemp("node")
    done = subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--no-fund", SDK],
        cwd=folder, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"NOT CHECKED with the JavaScript SDK: npm cannot install it: {done.stderr}")
    return folder


def test_the_javascript_sdk_works_unmodified(mock, node_modules):
    program = node_modules / "consumer.mjs"
    program.write_text(NODE)
    variables = aws_variables(mock.aws_url, mock.default.credentials.client_id)
    done = subprocess.run(
        ["node", program.name],
        cwd=node_modules, env=os.environ | variables,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.stdout == "one true\n", done.stderr
