"""Subscriptions: what is missing or ended is created, with a token that attempts share."""

import json

import pytest

from adsmock.harness.client.api import load_api
from adsmock.harness.client.call import Call
from adsmock.harness.client.errors import GaveUp
from adsmock.harness.client.retry.context import Kind
from adsmock.harness.client.stream import Subscriber
from adsmock.harness.client.transport import Reply

ARN = "arn:aws:sqs:us-east-1:111122223333:ads"


class FakeSender:
    """Answers lists with pages of subscriptions, and creations with the id of the dataset."""

    def __init__(self, *pages, refused=()):
        self.pages, self.refused = list(pages) or [[]], refused
        self.calls: list[Call] = []
        self.router = self

    def region_of(self, profile):
        return {"11": "NA"}[profile]

    def send(self, call):
        self.calls.append(call)
        if call.body is None:
            number = int(call.query.get("startingToken", 0))
            more = {"nextToken": str(number + 1)} if number + 1 < len(self.pages) else {}
            body = {"subscriptions": self.pages[number], **more}
        elif call.body["dataSetId"] in self.refused:
            raise GaveUp("429")
        else:
            body = {"subscriptionId": "new-" + call.body["dataSetId"]}
        return Reply(200, {}, json.dumps(body).encode())

    @property
    def created(self):
        return [call.body["dataSetId"] for call in self.calls if call.body]

    @property
    def tokens(self):
        return [call.body["clientRequestToken"] for call in self.calls if call.body]


def row(dataset, status, arn=ARN):
    return {
        "subscriptionId": f"{dataset}-{status}",
        "dataSetId": dataset,
        "status": status,
        "destinationArn": arn,
    }


def subscribe(sender, *datasets):
    return Subscriber(load_api(), sender).subscribe("11", datasets, ARN)


def test_live_subscriptions_are_kept_and_others_created():
    sender = FakeSender(
        [row("sp-traffic", "ACTIVE"), row("sb-traffic", "SUSPENDED")],
        [row("sp-conversion", "PENDING_CONFIRMATION"), row("sd-traffic", "ACTIVE", ARN + "2")],
    )

    found = subscribe(sender, "sp-traffic", "sb-traffic", "sp-conversion", "sd-traffic")

    assert sender.created == ["sb-traffic", "sd-traffic"]
    assert [each.subscription for each in found] == [
        "sp-traffic-ACTIVE",
        "new-sb-traffic",
        "sp-conversion-PENDING_CONFIRMATION",
        "new-sd-traffic",
    ]


@pytest.mark.parametrize("status", ["SUSPENDED", "FAILED_CONFIRMATION", "ARCHIVED"])
def test_a_subscription_after_an_ended_one_has_another_token(status):
    first, again, later = FakeSender(), FakeSender(), FakeSender([row("sp-traffic", status)])
    for sender in (first, again, later):
        subscribe(sender, "sp-traffic")

    assert first.tokens == again.tokens
    assert later.tokens != first.tokens
    assert 22 <= len(first.tokens[0]) <= 36


def test_a_dataset_that_fails_stops_no_other():
    sender = FakeSender(refused=("sp-traffic",))

    found = subscribe(sender, "sp-traffic", "sp-conversion", "sp-conversion")

    assert [(each.dataset, each.subscription, bool(each.error)) for each in found] == [
        ("sp-traffic", "", True),
        ("sp-conversion", "new-sp-conversion", False),
    ]


def test_a_creation_may_be_repeated_and_names_its_profile():
    sender = FakeSender()
    subscribe(sender, "sp-traffic")
    creation = sender.calls[-1]

    assert (creation.kind, creation.names_profile) == (Kind.REPEATABLE, True)
