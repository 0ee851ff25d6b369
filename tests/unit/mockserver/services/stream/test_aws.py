"""SQS and SNS in both protocols, without sockets: queues, messages, confirmation, policies."""

import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest

from adsmock.mockserver.services.stream.facts import extra
from tests.unit.mockserver.fixtures import FORM, value
from tests.unit.mockserver.services.stream.stream_calls import (
    PATH,
    aws,
    call,
    create_server,
    made,
    queue_arn,
    status,
)

NAME = "orders"


def sqs(own, action, **parameters):
    return aws(own, action, parameters)


def flat(own, action, parameters, region="us-east-1"):
    """Send a form with flat names, as the query protocol has them."""
    content = urlencode({"Action": action, "Version": "2012-11-05", **parameters}).encode()
    key = own.sandbox.credentials.client_id
    signed = f"AWS4-HMAC-SHA256 Credential={key}/20260701/{region}/sqs/aws4_request"
    headers = {"Content-Type": FORM, "Authorization": signed, "Host": "localhost:9087"}
    return own.send("POST", "/_aws/", content, headers)


def queue(own, name=NAME, **attributes):
    return value(sqs(own, "CreateQueue", QueueName=name, Attributes=attributes))["QueueUrl"]


def receive(own, url, **more):
    return value(sqs(own, "ReceiveMessage", QueueUrl=url, **more)).get("Messages", [])


def count(own, url):
    reply = sqs(own, "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
    held = value(reply)["Attributes"]
    return tuple(
        int(held[f"ApproximateNumberOfMessages{part}"]) for part in ("", "NotVisible", "Delayed")
    )


def test_a_queue_is_created_found_listed_and_deleted():
    own = create_server()
    url = queue(own, VisibilityTimeout="5")
    same = queue(own, VisibilityTimeout="5")
    other = sqs(own, "CreateQueue", QueueName=NAME, Attributes={"VisibilityTimeout": "6"})
    found = value(sqs(own, "GetQueueUrl", QueueName=NAME))
    listed = value(sqs(own, "ListQueues", QueueNamePrefix="ord"))
    shown = value(sqs(own, "GetQueueAttributes", QueueUrl=url, AttributeNames=["QueueArn"]))
    sqs(own, "DeleteQueue", QueueUrl=url)
    gone = sqs(own, "GetQueueUrl", QueueName=NAME)

    assert url == same == found["QueueUrl"]
    assert url.endswith(f"/111122223333/{NAME}")
    assert (other.status, value(other)["__type"]) == (400, "com.amazonaws.sqs#QueueNameExists")
    assert listed == {"QueueUrls": [url]}
    assert shown == {"Attributes": {"QueueArn": queue_arn(NAME)}}
    assert (gone.status, value(gone)["__type"]) == (400, "com.amazonaws.sqs#QueueDoesNotExist")
    assert gone.headers["x-amzn-query-error"] == ("AWS.SimpleQueueService.NonExistentQueue;Sender")


def test_a_received_message_is_hidden_on_the_sandboxs_clock_until_it_is_deleted():
    own = create_server()
    url = queue(own)
    sent = value(sqs(own, "SendMessage", QueueUrl=url, MessageBody="one"))
    (first,) = receive(own, url, MessageSystemAttributeNames=["All"])
    hidden = receive(own, url)
    own.sandbox.clock.advance(31)
    (second,) = receive(own, url, AttributeNames=["ApproximateReceiveCount"])
    sqs(own, "DeleteMessage", QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    kept = count(own, url)
    sqs(own, "DeleteMessage", QueueUrl=url, ReceiptHandle=second["ReceiptHandle"])

    assert first["MessageId"] == second["MessageId"] == sent["MessageId"]
    assert first["MD5OfBody"] == sent["MD5OfMessageBody"] == "f97c5d29941bfb1b2fdab0874906ab82"
    assert first["Attributes"]["SentTimestamp"] == "1782907200000"
    assert (first["Body"], hidden) == ("one", [])
    assert second["Attributes"] == {"ApproximateReceiveCount": "2"}
    assert kept == (0, 1, 0)  # an earlier receipt deletes nothing
    assert count(own, url) == (0, 0, 0)


def test_visibility_can_be_changed_while_a_message_is_in_flight():
    own = create_server()
    url = queue(own)
    sqs(own, "SendMessage", QueueUrl=url, MessageBody="one")
    (message,) = receive(own, url)
    changed = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
    sqs(own, "ChangeMessageVisibility", VisibilityTimeout=120, **changed)
    own.sandbox.clock.advance(60)
    held = receive(own, url)
    sqs(own, "ChangeMessageVisibility", VisibilityTimeout=0, **changed)
    late = sqs(own, "ChangeMessageVisibility", VisibilityTimeout=9, **changed)

    assert held == []
    assert len(receive(own, url)) == 1
    assert value(late)["__type"] == "com.amazonaws.sqs#MessageNotInflight"


def test_a_message_that_is_received_too_often_goes_to_the_dead_letter_queue():
    own = create_server()
    dead = queue(own, "dead")
    policy = json.dumps({"deadLetterTargetArn": queue_arn("dead"), "maxReceiveCount": 2})
    url = queue(own, RedrivePolicy=policy)
    sqs(own, "SendMessage", QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        assert len(receive(own, url)) == 1
        own.sandbox.clock.advance(31)

    assert receive(own, url) == []
    assert [each["Body"] for each in receive(own, dead)] == ["poison"]
    sources = value(sqs(own, "ListDeadLetterSourceQueues", QueueUrl=dead))
    assert sources == {"queueUrls": [url]}


def test_batches_answer_for_each_entry():
    own = create_server()
    url = queue(own)
    entries = [{"Id": str(number), "MessageBody": f"m{number}"} for number in range(3)]
    sent = value(sqs(own, "SendMessageBatch", QueueUrl=url, Entries=[*entries, {"Id": "bad"}]))
    found = receive(own, url, MaxNumberOfMessages=10)
    handles = [
        {"Id": each["Body"], "ReceiptHandle": each["ReceiptHandle"], "VisibilityTimeout": 5}
        for each in found
    ]
    sqs(own, "ChangeMessageVisibilityBatch", QueueUrl=url, Entries=handles)
    bad = {"Id": "bad", "ReceiptHandle": "x"}
    deleted = value(sqs(own, "DeleteMessageBatch", QueueUrl=url, Entries=[*handles[:2], bad]))
    own.sandbox.clock.advance(6)

    assert [row["Id"] for row in sent["Successful"]] == ["0", "1", "2"]
    assert [(row["Id"], row["Code"]) for row in sent["Failed"]] == [("bad", "MissingParameter")]
    assert [row["Code"] for row in deleted["Failed"]] == ["ReceiptHandleIsInvalid"]
    assert [each["Body"] for each in receive(own, url)] == ["m2"]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "EmptyBatchRequest"),
        ([{"Id": "a", "MessageBody": "x"}] * 2, "BatchEntryIdsNotDistinct"),
        (
            [{"Id": str(each), "MessageBody": "x"} for each in range(11)],
            "TooManyEntriesInBatchRequest",
        ),
    ],
)
def test_batches_that_are_refused(entries, code):
    own = create_server()
    reply = sqs(own, "SendMessageBatch", QueueUrl=queue(own), Entries=entries)
    assert (reply.status, value(reply)["__type"]) == (400, f"com.amazonaws.sqs#{code}")


@pytest.mark.parametrize(
    ("action", "parameters", "code"),
    [
        ("CreateQueue", {"QueueName": "a.fifo"}, "InvalidParameterValue"),
        ("CreateQueue", {"QueueName": "a b"}, "InvalidParameterValue"),
        ("CreateQueue", {"QueueName": "a", "Attributes": {"Nope": "1"}}, "InvalidAttributeName"),
        (
            "CreateQueue",
            {"QueueName": "a", "Attributes": {"VisibilityTimeout": "43201"}},
            "InvalidAttributeValue",
        ),
        ("CreateQueue", {"QueueName": "a", "Attributes": {"Policy": "x"}}, "InvalidAttributeValue"),
        (
            "CreateQueue",
            {"QueueName": "a", "Attributes": {"RedrivePolicy": "{}"}},
            "InvalidAttributeValue",
        ),
        ("ReceiveMessage", {}, "MissingParameter"),
        ("ReceiveMessage", {"QueueUrl": "http://x/1/none"}, "QueueDoesNotExist"),
        ("TagQueue", {}, "InvalidAction"),
    ],
)
def test_calls_that_are_refused_in_both_protocols(action, parameters, code):
    own = create_server()
    reply = aws(own, action, parameters)
    assert (reply.status, value(reply)["__type"]) == (400, f"com.amazonaws.sqs#{code}")
    plain = {name: held for name, held in parameters.items() if name != "Attributes"}
    for number, (name, held) in enumerate(parameters.get("Attributes", {}).items(), 1):
        plain |= {f"Attribute.{number}.Name": name, f"Attribute.{number}.Value": held}
    xml = flat(own, action, plain)
    assert xml.status == 400
    assert xml.content_type == "text/xml"
    assert code in xml.body.decode().replace("NonExistentQueue", "QueueDoesNotExist")


def test_the_query_protocol_has_the_same_queues_and_messages():
    own = create_server()
    made_at = flat(own, "CreateQueue", {"QueueName": NAME})
    url = re.search("<QueueUrl>(.*)</QueueUrl>", made_at.body.decode())[1]
    attribute = {
        "MessageAttribute.1.Name": "kind",
        "MessageAttribute.1.Value.DataType": "String",
        "MessageAttribute.1.Value.StringValue": "a",
    }
    flat(own, "SendMessage", {"QueueUrl": url, "MessageBody": "<one> & two", **attribute})
    wanted = {"MessageAttributeName.1": "All", "AttributeName.1": "SentTimestamp"}
    tree = ET.fromstring(flat(own, "ReceiveMessage", {"QueueUrl": url, **wanted}).body)
    tree = {each.tag.rpartition("}")[2]: each.text for each in tree.iter()}
    entry = own.entries()[-1]

    assert tree["Body"] == "<one> & two"
    assert (tree["DataType"], tree["StringValue"]) == ("String", "a")
    assert entry.operation == "sqs.ReceiveMessage"
    assert entry.request["QueueUrl"] == url
    assert json.loads(entry.reply)["Messages"][0]["Body"] == "<one> & two"
    assert own.sandbox.journal.dropped == 0


def test_an_access_key_of_no_sandbox_is_refused_with_what_to_use():
    own = create_server()
    signed = "AWS4-HMAC-SHA256 Credential=AKIAOTHER/20260701/us-east-1/sqs/aws4_request"
    headers = {"X-Amz-Target": "AmazonSQS.ListQueues", "Authorization": signed}
    reply = own.send("POST", "/_aws/", {}, headers)
    by_path = own.send("POST", f"/_s/{own.sandbox.id}/_aws/", {}, headers)

    assert reply.status == 403
    assert "Use the client id of a sandbox as AWS_ACCESS_KEY_ID" in value(reply)["message"]
    assert (by_path.status, value(by_path)) == (200, {})


def test_unreadable_bodies_are_refused():
    own = create_server()
    key = own.sandbox.credentials.client_id
    signed = f"AWS4-HMAC-SHA256 Credential={key}/20260701/us-east-1/sqs/aws4_request"
    headers = {"X-Amz-Target": "AmazonSQS.ListQueues", "Authorization": signed}
    assert own.send("POST", "/_aws/", b"{", headers).status == 400
    assert own.send("POST", "/_aws/", b"[]", headers).status == 400
    form = {"Content-Type": FORM, "Authorization": signed}
    assert own.send("POST", "/_aws/", b"Action=\xff", form).status == 400
    assert own.send("POST", "/_aws/", b"", form).status == 400


def confirmation(own, url):
    (message,) = receive(own, url)
    return json.loads(message["Body"])


def inbox(own, name=NAME):
    return value(sqs(own, "GetQueueUrl", QueueName=name))["QueueUrl"]


def test_the_confirmation_message_comes_into_the_queue_and_its_url_confirms():
    own = create_server()
    subscription_id = made(own)
    early = sqs(own, "GetQueueUrl", QueueName=NAME)
    own.sandbox.clock.advance(4)
    body = confirmation(own, inbox(own))
    target = urlsplit(body["SubscribeURL"])
    headers = {"Host": target.netloc}
    query = {name: held[0] for name, held in parse_qs(target.query).items()}
    wrong = own.send("GET", f"/?{urlencode(query | {'TopicArn': 'x'})}", b"", headers)
    before = status(own, subscription_id)
    right = own.send("GET", f"/?{target.query}", b"", headers)
    again = own.send("GET", f"/?{target.query}", b"", headers)

    account = next(row for row in extra()["datasets"] if row["id"] == "sp-traffic")["topics"]["NA"]
    assert early.status == 400
    assert set(body) == {
        "Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp",
        "SignatureVersion", "Signature", "SigningCertURL",
    }  # fmt: skip
    assert target.netloc == "sns.us-east-1.amazonaws.com"
    assert body["TopicArn"].startswith(f"arn:aws:sns:us-east-1:{account}:")
    assert subscription_id not in json.dumps(body)
    assert own.profile().id not in json.dumps(body)
    assert (wrong.status, before) == (400, "PENDING_CONFIRMATION")
    assert right.status == again.status == 200
    assert f"<SubscriptionArn>{body['TopicArn']}:" in right.body.decode()
    assert right.body == again.body
    assert status(own, subscription_id) == "ACTIVE"


def test_the_sdks_signed_form_confirms_too():
    own = create_server()
    subscription_id = made(own)
    own.sandbox.clock.advance(4)
    body = confirmation(own, inbox(own))
    reply = flat(own, "ConfirmSubscription", {name: body[name] for name in ("TopicArn", "Token")})

    assert reply.status == 200
    assert own.entries()[-1].operation == "sns.ConfirmSubscription"
    assert status(own, subscription_id) == "ACTIVE"


def test_a_confirmation_that_comes_too_late_changes_nothing():
    own = create_server()
    subscription_id = made(own)
    own.sandbox.clock.advance(4)
    body = confirmation(own, inbox(own))
    own.sandbox.clock.advance(4 * 86_400)
    reply = flat(own, "ConfirmSubscription", {name: body[name] for name in ("TopicArn", "Token")})

    assert reply.status == 400
    assert "<Code>InvalidParameter</Code>" in reply.body.decode()
    assert status(own, subscription_id) == "FAILED_CONFIRMATION"


def policy(account, **changes):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "SQS:SendMessage",
        "Resource": queue_arn(NAME),
        "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{account}:*"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | changes]})


@pytest.mark.parametrize(
    ("text", "is_sent"),
    [
        (policy("906013806264"), True),
        (policy("802324068763"), False),  # the account of another dataset
        (policy("906013806264", Effect="Deny"), False),
        (policy("906013806264", Principal={"Service": "events.amazonaws.com"}), False),
        (policy("906013806264", Action="sqs:*", Principal="*"), True),
        (policy("906013806264", Condition={"Unknown": {"aws:SourceArn": "*"}}), False),
        (policy("906013806264", Resource="arn:aws:sqs:us-east-1:111122223333:other"), False),
        ("", True),
    ],
)
def test_a_queues_policy_decides_whether_the_confirmation_message_comes(text, is_sent):
    own = create_server()
    url = queue(own, **({"Policy": text} if text else {}))
    subscription_id = made(own)
    own.sandbox.clock.advance(4)

    assert bool(receive(own, url)) is is_sent
    assert status(own, subscription_id) == "PENDING_CONFIRMATION"
    sqs(own, "SetQueueAttributes", QueueUrl=url, Attributes={"Policy": ""})
    own.sandbox.clock.advance(60)
    assert len(receive(own, url)) == is_sent  # it is not sent a second time
    assert call(own, "GET", PATH).status == 200
