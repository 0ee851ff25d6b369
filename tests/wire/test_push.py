"""Messages that go outside over sockets: to SQS, S3 and Firehose of moto, and to a web hook."""

import gzip
import hmac
import json
import threading
from base64 import b64decode, b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import SimpleNamespace

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from adsmock.mockserver.app import Mock
from adsmock.mockserver.core.push import PushTargets
from tests.wire.call_headers import headers_of
from tests.wire.edge_server import wait_until

SECONDS = 120
NAMES = (f"ads-{number}" for number in count())
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(scope="module")
def moto():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def mock(moto):
    with serving(PushTargets(dict.fromkeys(("sqs", "s3", "firehose"), moto))) as running:
        yield running


def serving(targets, **settings):
    mock = Mock(seed=3, journal="full", push=targets, **settings)
    mock.in_process_control.call("clock.put", {"mode": "frozen"}, sandbox="default")
    return mock


def sdk(service, url):
    return boto3.client(
        service,
        endpoint_url=url,
        aws_access_key_id="partner",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )


def subscribe(mock, **destination):
    token = f"token-for-{next(NAMES)}".ljust(32, "0")
    reply = requests.post(
        f"{mock.urls['NA']['ads']}/streams/subscriptions",
        json={"clientRequestToken": token, "dataSetId": "budget-usage", **destination},
        headers=headers_of(mock),
        timeout=SECONDS,
    )
    assert reply.status_code == 200, reply.text


def call(mock, operation, body=None, **names):
    return mock.control.call(operation, body, sandbox="default", **names)


def advance(mock, seconds):
    call(mock, "clock.advance", {"seconds": seconds})


def destination(mock, name):
    rows = call(mock, "stream.destinations")["destinations"]
    return next(row for row in rows if row["name"] == name)


def is_empty(mock, name):
    row = destination(mock, name)
    return row["delivered"] > 0 and row["waiting"] == 0


def received(sqs, url):
    """Return the bodies of all messages and delete them."""
    bodies = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for each in found:
            bodies.append(each["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return bodies


def test_messages_of_a_queue_come_to_another_sqs_with_the_confirmation(mock, moto):
    sqs, name = sdk("sqs", moto), next(NAMES)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = found["Attributes"]["QueueArn"]
    subscribe(mock, destinationArn=arn)
    advance(mock, 5)
    wait_until(lambda: is_empty(mock, name), SECONDS)
    (body,) = received(sqs, url)
    assert requests.get(json.loads(body)["SubscribeURL"], timeout=SECONDS).status_code == 200
    rows = call(mock, "stream.subscriptions")["subscriptions"]
    assert [row["status"] for row in rows if row["destination"] == arn] == ["ACTIVE"]

    bodies = [json.dumps({"number": number}) for number in range(12)]
    call(mock, "stream.send", {"queue": arn, "bodies": bodies})
    wait_until(lambda: is_empty(mock, name), SECONDS)
    assert sorted(received(sqs, url)) == sorted(bodies)
    row = destination(mock, name)
    assert (row["delivered"], row["lastError"]) == (13, None)


def test_a_queue_that_is_missing_outside_is_named_and_gets_everything_later(mock, moto):
    name = next(NAMES)
    subscribe(mock, destinationArn=f"arn:aws:sqs:us-east-1:111122223333:{name}")
    advance(mock, 5)
    wait_until(lambda: destination(mock, name)["lastError"] is not None, SECONDS)
    row = destination(mock, name)
    assert moto in row["lastError"]
    assert "NonExistentQueue" in row["lastError"]
    assert (row["waiting"], row["delivered"], row["undelivered"]) == (1, 0, 0)
    assert row["nextAttempt"] is not None

    sqs = sdk("sqs", moto)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    call(mock, "stream.redeliver", queue=name)
    wait_until(lambda: is_empty(mock, name), SECONDS)
    assert [json.loads(body)["Type"] for body in received(sqs, url)] == ["SubscriptionConfirmation"]


def test_a_delivery_stream_outside_gets_a_line_for_each_record(mock, moto):
    firehose, s3, name = sdk("firehose", moto), sdk("s3", moto), next(NAMES)
    s3.create_bucket(Bucket=name)
    role = "arn:aws:iam::111122223333:role/{}"
    firehose.create_delivery_stream(
        DeliveryStreamName=name,
        ExtendedS3DestinationConfiguration={
            "RoleARN": role.format("firehose"),
            "BucketARN": f"arn:aws:s3:::{name}",
        },
    )
    arn = f"arn:aws:firehose:us-east-1:111122223333:deliverystream/{name}"
    target = {
        "deliveryStreamArn": arn,
        "subscriberRoleArn": role.format("subscriber"),
        "subscriptionRoleArn": role.format("subscription"),
    }
    call(mock, "state.invent", {"campaigns": 2})
    subscribe(mock, destination={"firehoseDestination": target})
    advance(mock, 6 * 3_600)
    wait_until(lambda: is_empty(mock, name), SECONDS)
    keys = [row["Key"] for row in s3.list_objects_v2(Bucket=name)["Contents"]]
    files = [s3.get_object(Bucket=name, Key=key)["Body"].read() for key in keys]
    text = b"".join(gzip.decompress(each) if each[:2] == b"\x1f\x8b" else each for each in files)
    rows = [json.loads(line) for line in text.splitlines()]
    assert len(rows) == destination(mock, name)["delivered"]
    assert {row["dataset_id"] for row in rows} == {"budget-usage"}


def subscribe_files(mock, name):
    media = "application/vnd.listaccountsresource.v1+json"
    headers = headers_of(mock)
    del headers["Amazon-Advertising-API-Scope"]
    listed = requests.post(
        f"{mock.urls['NA']['ads']}/adsAccounts/list",
        "{}",
        headers=headers | {"Content-Type": media},
        timeout=SECONDS,
    ).json()
    queue_arn = f"arn:aws:sqs:us-east-1:111122223333:{name}"
    s3_destination = {
        "bucketArn": f"arn:aws:s3:::{name}",
        "notification": {"queueArn": queue_arn},
    }
    subscription = {
        "configuration": {"dataset": {"datasetId": "ads-performance-v1"}},
        "destination": {"s3Destination": s3_destination},
    }
    account = listed["adsAccounts"][0]["adsAccountId"]
    body = {
        "accessRequestedAccounts": [{"advertiserAccountId": account}],
        "streamSubscriptions": [subscription],
    }
    made = requests.post(
        f"{mock.urls['NA']['ads']}/adsApi/v1/create/streamSubscriptions",
        json=body,
        headers=headers,
        timeout=SECONDS,
    )
    assert made.status_code == 207, made.text


def test_a_file_comes_to_the_bucket_before_its_notification(mock, moto):
    s3, sqs, name = sdk("s3", moto), sdk("sqs", moto), next(NAMES)
    s3.create_bucket(Bucket=name)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    call(mock, "state.invent", {"campaigns": 2})
    subscribe_files(mock, name)
    now = mock.default.clock.now()
    advance(mock, 900 - now % 900)  # the first file of the past days is due
    wait_until(lambda: is_empty(mock, name), SECONDS)

    for text in received(sqs, url):
        stored = json.loads(text)["Records"][0]["s3"]
        found = s3.get_object(Bucket=name, Key=stored["object"]["key"])["Body"].read()
        assert len(found) == stored["object"]["size"]
        assert found[:4] == b"PAR1"


@pytest.fixture
def hook():
    """A receiver that checks signatures; it answers with ``statuses`` first."""
    state = SimpleNamespace(ids=[], bodies=[], statuses=[])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not is_signed(self.headers, body):
                status = 401
            elif state.statuses:
                status = state.statuses.pop(0)
            else:
                status = 204
                state.ids.append(self.headers["webhook-id"])
                state.bodies.append(body.decode())
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield state
    server.shutdown()
    server.server_close()


def is_signed(headers, body):
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = b64decode(SECRET.removeprefix("whsec_"))
    expected = "v1," + b64encode(hmac.digest(key, content, sha256)).decode()
    return hmac.compare_digest(headers["webhook-signature"], expected)


def test_a_web_hook_gets_signed_messages_in_order_after_it_was_busy(hook):
    arn = "arn:aws:sqs:us-east-1:111122223333:hook"
    hook.statuses = [503, 400]
    with serving(PushTargets(webhook=hook.url, secret=SECRET)) as mock:
        subscribe(mock, destinationArn=arn)
        advance(mock, 5)
        for failures in (1, 2):
            wait_until(lambda n=failures: destination(mock, "hook")["failures"] == n, SECONDS)
            advance(mock, 60)
        wait_until(lambda: is_empty(mock, "hook"), SECONDS)
        (body,) = hook.bodies
        assert requests.get(json.loads(body)["SubscribeURL"], timeout=SECONDS).ok
        bodies = [str(number) for number in range(30)]
        call(mock, "stream.send", {"queue": arn, "bodies": bodies})
        wait_until(lambda: destination(mock, "hook")["delivered"] == 31, SECONDS)
        found = mock.control.call("journal.get", sandbox="default", operation="delivery.webhook")

    assert hook.bodies[1:] == bodies
    assert len(set(hook.ids)) == 31
    assert [each["request"]["attempt"] for each in found["entries"][:4]] == [1, 2, 3, 1]
    assert found["entries"][0]["request"]["problem"] == f"{hook.url} answered 503"
    assert list(found["entries"][1]["request"]["refused"].values()) == [f"{hook.url} answered 400"]
    assert [each["request"]["messages"][0] for each in found["entries"][2:]] == hook.ids


def test_a_web_hook_gets_after_a_restart_what_it_did_not_accept_before(hook, tmp_path):
    arn = "arn:aws:sqs:us-east-1:111122223333:hook"
    targets = PushTargets(webhook=hook.url, secret=SECRET)
    hook.statuses = [503]
    with serving(targets, data_dir=str(tmp_path)) as mock:
        subscribe(mock, destinationArn=arn)
        advance(mock, 5)
        wait_until(lambda: destination(mock, "hook")["failures"] == 1, SECONDS)
        call(mock, "stream.send", {"queue": arn, "bodies": ["1", "2"]})
    assert hook.bodies == []
    with Mock(seed=3, push=targets, data_dir=str(tmp_path)) as mock:
        wait_until(lambda: is_empty(mock, "hook"), SECONDS)
    assert json.loads(hook.bodies[0])["Type"] == "SubscriptionConfirmation"
    assert hook.bodies[1:] == ["1", "2"]


def test_a_web_hook_that_is_not_there_is_named_and_blocks_nothing():
    with serving(PushTargets(webhook="http://127.0.0.1:1/hook", secret=SECRET)) as mock:
        subscribe(mock, destinationArn="arn:aws:sqs:us-east-1:111122223333:hook")
        advance(mock, 5)
        wait_until(lambda: destination(mock, "hook")["failures"] == 1, SECONDS)
        row = destination(mock, "hook")
    assert row["waiting"] == 1
    assert "http://127.0.0.1:1/hook does not answer" in row["lastError"]
    assert "Connection refused" in row["lastError"]
