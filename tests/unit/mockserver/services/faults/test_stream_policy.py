import json

import pytest

from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.faults.stream_deliveries import (
    advance,
    journaled,
    queue,
    subscribed,
)
from tests.unit.mockserver.services.stream.stream_calls import aws, create_server, made, status

OPEN = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "SQS:SendMessage",
        }
    ]
}


def test_without_permission_no_confirmation_comes():
    own = create_server()
    own.plan("stream-policy")
    subscription = made(own, dataset="budget-usage")

    assert advance(own, 60) == []
    assert status(own, subscription) == "PENDING_CONFIRMATION"
    assert own.sandbox.faults.find("stream-policy").triggered == 1
    assert journaled(own)[0].operation == "delivery.confirmation"


def test_records_are_lost_until_the_owner_sets_a_policy():
    own, _ = subscribed()
    own.plan("stream-policy", skip=3, times=1)
    rows = advance(own)
    url = value(aws(own, "GetQueueUrl", {"QueueName": "orders"}))["QueueUrl"]
    shown = value(aws(own, "GetQueueAttributes", {"QueueUrl": url, "AttributeNames": ["Policy"]}))
    aws(own, "SetQueueAttributes", {"QueueUrl": url, "Attributes": {"Policy": json.dumps(OPEN)}})

    assert len(rows) == 3
    assert "000000000000" in shown["Attributes"]["Policy"]
    assert len(advance(own)) > 3
    assert own.sandbox.faults.find("stream-policy").triggered == 1


def test_a_policy_that_permits_the_topic_is_no_fault():
    own, _ = subscribed()
    own.plan("stream-policy", effect={"policy": OPEN})

    assert advance(own)
    assert json.loads(queue(own).settings["Policy"]) == OPEN
    assert own.sandbox.faults.find("stream-policy").triggered == 0


@pytest.mark.parametrize(("effect", "pointer"), [
    ({"policy": {}}, "/effect/policy"),
    ({"latencyMs": 5}, "/effect/latencyMs"),
])  # fmt: skip
def test_a_policy_without_statements_and_settings_of_calls_are_refused(control, effect, pointer):
    rule = {"effect": {"kind": "stream-policy", **effect}}
    assert control.refuse("faults.create", rule)["pointer"] == pointer
