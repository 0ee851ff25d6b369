"""Delivery of a dataset: what is due, in which order, once, and no more than fits."""

import json
from collections import Counter

import pytest

from adsmock.contracts.iso8601 import parse_utc
from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state
from adsmock.mockserver.services.stream import queues
from adsmock.mockserver.services.stream.delivery import engine
from adsmock.mockserver.services.stream.subscription_table import Subscriptions
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import CAMPAIGN, NOON, campaign, contract_set, ids, value
from tests.unit.mockserver.services.stream.stream_calls import (
    PATH,
    aws,
    call,
    create_server,
    made,
    queue_arn,
)

DAY = 86_400.0


def catch_up(own):
    """Deliver what is due, and return how many messages were sent."""
    sent = 0
    while part := catch_up_once(own):
        sent += part
    return sent


def catch_up_once(own):
    with own.sandbox.lock:
        return engine.catch_up(own.sandbox, own.runtime.sandboxes, own.sandbox.clock.now())


def subscribed(own, dataset="budget-usage", queue="orders"):
    subscription_id = made(own, dataset=dataset, destinationArn=queue_arn(queue))
    own.sandbox.clock.advance(4)
    catch_up(own)
    subscriptions = Subscriptions(own.sandbox, own.sandbox.clock.now())
    subscriptions.confirm(subscriptions.get(subscription_id))
    own.sandbox.queues[queue_arn(queue)].purge()
    return subscription_id


def campaigns(own, count=3):
    rows = [campaign(f"Campaign {number}") for number in range(count)]
    reply = own.call("/sp/campaigns", {"campaigns": rows}, "POST", media=CAMPAIGN)
    return ids(reply)


def bodies(own, queue="orders"):
    found = own.sandbox.queues[queue_arn(queue)].peek(100_000, own.sandbox.clock.now())
    return [json.loads(each.body) for each in found]


def usage_of(own, wanted):
    media = "application/vnd.spcampaignbudgetusage.v1+json"
    reply = own.call("/sp/campaigns/budget/usage", {"campaignIds": wanted}, media=media)
    return {row["campaignId"]: row["budgetUsagePercent"] for row in value(reply)["success"]}


def test_a_record_comes_at_each_step_of_a_budget_and_agrees_with_the_usage_operation():
    own = create_server()
    wanted = list(campaigns(own))
    subscribed(own)
    own.sandbox.clock.advance(DAY / 2)
    catch_up(own)
    rows = bodies(own)
    usage = usage_of(own, wanted)

    assert rows
    for campaign_id in wanted:
        own_rows = [row for row in rows if row["budget_scope_id"] == campaign_id]
        steps = [int(row["budget_usage_percentage"] // 5) for row in own_rows]
        assert steps == sorted(set(steps))
        today = [row for row in own_rows if row["usage_updated_timestamp"] >= "2026-07-01T07"]
        assert (
            max((row["budget_usage_percentage"] for row in today), default=0) <= usage[campaign_id]
        )
    row = rows[0]
    assert set(row) == {
        "advertiser_id", "marketplace_id", "dataset_id", "budget_scope_id", "budget_scope_type",
        "advertising_product_type", "budget", "budget_usage_percentage", "usage_updated_timestamp",
    }  # fmt: skip
    assert row["dataset_id"] == "budget-usage"
    assert (row["budget"], row["advertising_product_type"]) == (10.0, "sp")
    assert parse_utc(row["usage_updated_timestamp"]) > NOON


def test_the_same_records_come_whether_the_clock_moves_in_one_step_or_in_many():
    found = []
    for steps in (1, 48):
        own = fixtures.create_server(fixtures.runtime(), "same", seed=5)
        list(campaigns(own))
        subscribed(own)
        for _ in range(steps):
            own.sandbox.clock.advance(2 * DAY / steps)
            catch_up(own)
        found.append(bodies(own))
    assert Counter(map(str, found[0])) == Counter(map(str, found[1]))
    assert len(found[0]) > 10


def test_nothing_is_delivered_before_confirmation_after_the_end_or_twice():
    own = create_server()
    list(campaigns(own))
    subscription_id = made(own, dataset="budget-usage")
    own.sandbox.clock.advance(DAY)
    catch_up(own)
    waiting = bodies(own)
    own.sandbox.queues[queue_arn()].purge()
    subscriptions = Subscriptions(own.sandbox, own.sandbox.clock.now())
    subscriptions.confirm(subscriptions.get(subscription_id))
    own.sandbox.clock.advance(DAY / 2)
    first, again = catch_up(own), catch_up(own)
    call(own, "PUT", f"{PATH}/{subscription_id}", {"status": "ARCHIVED"})
    own.sandbox.clock.advance(DAY)

    assert [row["Type"] for row in waiting] == ["SubscriptionConfirmation"]
    assert first > 0
    assert (again, catch_up(own)) == (0, 0)
    assert len(bodies(own)) == first


def test_what_was_due_before_the_end_is_delivered_after_it():
    own = create_server()
    list(campaigns(own))
    subscription_id = subscribed(own)
    own.sandbox.clock.advance(DAY / 2)
    call(own, "PUT", f"{PATH}/{subscription_id}", {"status": "ARCHIVED"})
    own.sandbox.clock.advance(DAY)
    assert catch_up(own) == len(bodies(own)) > 0


def test_bursts_come_in_order_of_time():
    own = create_server()
    list(campaigns(own, 20))
    subscribed(own)
    own.sandbox.clock.advance(DAY)
    catch_up(own)
    times = [row["usage_updated_timestamp"] for row in bodies(own)]
    sent = [each.sent for each in own.sandbox.queues[queue_arn()].peek(1_000, NOON + 2 * DAY)]

    assert times == sorted(times)
    assert sent == sorted(sent)
    assert len(set(times)) < len(times)  # there are bursts of several records


def test_a_full_queue_gets_no_more_until_a_consumer_has_deleted(monkeypatch):
    monkeypatch.setattr(engine, "BUFFER", 5)
    own = create_server()
    list(campaigns(own, 10))
    subscribed(own)
    own.sandbox.clock.advance(3 * DAY)
    catch_up(own)
    held, seen = len(bodies(own)), []
    while bodies(own):
        seen += bodies(own)
        own.sandbox.queues[queue_arn()].purge()
        catch_up(own)

    assert held < 5 + 10
    assert len(seen) == len(set(map(str, seen))) > 50


def test_a_part_is_delivered_at_once_and_everything_by_an_advance(monkeypatch):
    def server():
        own = fixtures.create_server(fixtures.runtime(), "slices", seed=3)
        list(campaigns(own, 10))
        subscribed(own)
        own.sandbox.clock.advance(3 * DAY)
        return own

    whole, parts, wholly = server(), server(), server()
    catch_up(whole)
    monkeypatch.setattr(engine, "SLICE", 20)
    counts = []
    while part := catch_up_once(parts):
        counts.append(part)
    engine.catch_up_wholly(wholly.sandbox, wholly.runtime.sandboxes, wholly.sandbox.clock.now())

    assert len(counts) > 3
    assert max(counts) < 20 + 10
    assert bodies(parts) == bodies(whole) == bodies(wholly)


def test_messages_of_a_sandbox_have_a_limit(monkeypatch):
    own = create_server()
    list(campaigns(own, 10))
    subscribed(own)
    monkeypatch.setattr(queues, "MAX_CHARACTERS", 2_000)
    own.sandbox.clock.advance(3 * DAY)
    catch_up(own)
    held = len(bodies(own))
    url = value(aws(own, "GetQueueUrl", {"QueueName": "orders"}))["QueueUrl"]
    refused = aws(own, "SendMessage", {"QueueUrl": url, "MessageBody": "x" * 1_000})
    monkeypatch.undo()
    taken = aws(own, "SendMessage", {"QueueUrl": url, "MessageBody": "x" * 1_000})

    assert 0 < held < 20
    assert refused.status == 400
    assert value(refused)["__type"].endswith("#OverLimit")
    assert "purge a queue" in value(refused)["message"]
    assert taken.status == 200
    assert len(own.sandbox.queues[queue_arn()]) > held + 1


def test_a_full_queue_is_refilled_when_half_is_deleted_and_blocks_no_other(monkeypatch):
    monkeypatch.setattr(engine, "BUFFER", 40)
    own = create_server()
    list(campaigns(own, 10))
    for queue in ("full", "free"):
        subscribed(own, queue=queue)
    own.sandbox.clock.advance(3 * DAY)
    catch_up(own)
    held = {name: len(bodies(own, name)) for name in ("full", "free")}
    own.sandbox.queues[queue_arn("free")].purge()
    freed = catch_up(own)
    asked = []
    monkeypatch.setattr(engine, "_bursts", lambda *given: asked.append(given) or iter(()))
    again = catch_up(own)

    assert held["full"] >= 40
    assert freed > 0
    assert len(bodies(own, "full")) == held["full"]
    assert len(bodies(own, "free")) == freed
    assert (again, asked) == (0, [])


@pytest.mark.parametrize("style", ["raw", "array", "sns"])
def test_the_envelope_is_a_switch(style):
    own = create_server(choices={"stream.envelope": style})
    list(campaigns(own))
    subscribed(own)
    own.sandbox.clock.advance(DAY)
    catch_up(own)
    body = bodies(own)[0]

    record = body[0] if style == "array" else body
    record = json.loads(body["Message"]) if style == "sns" else record
    assert record["dataset_id"] == "budget-usage"
    assert style != "sns" or body["Type"] == "Notification"


def test_queues_and_deliveries_survive_a_snapshot():
    own = create_server()
    list(campaigns(own))
    subscribed(own)
    own.sandbox.clock.advance(DAY)
    catch_up(own)
    url = value(aws(own, "GetQueueUrl", {"QueueName": "orders"}))["QueueUrl"]
    value(aws(own, "ReceiveMessage", {"QueueUrl": url}))
    kept, before = dump_state(own.sandbox), bodies(own)
    own.sandbox.queues.clear()
    restore_state(
        own.sandbox, json.loads(json.dumps(kept)), contract_set(), own.runtime.sandboxes.source
    )

    assert bodies(own) == before
    assert own.sandbox.queues[queue_arn()].counts(own.sandbox.clock.now())[1] == 1
    own.sandbox.clock.set("frozen")
    assert catch_up(own) == 0
