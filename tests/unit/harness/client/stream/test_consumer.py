"""The consumer of Marketing Stream: duplicates, corrections, crashes and unknown messages."""

import json
from decimal import Decimal

import pytest

from adsmock.harness.client.stream import Consumer, Message, StreamStore, lost_subscriptions

HOUR = "2026-07-01T10:00:00-07:00"
OWNER = {"advertiser_id": "A1", "marketplace_id": "M1"}


def delta(name, **more):
    own = {"idempotency_id": name, "dataset_id": "sp-traffic", "time_window_start": HOUR}
    return {**own, **OWNER, "campaign_id": "1", "clicks": 1, "cost": 0.1, **more}


def usage(percentage, minute, **more):
    own = {"dataset_id": "budget-usage", "budget_scope_type": "CAMPAIGN", "budget_scope_id": "1"}
    at = f"2026-07-01T10:{minute:02}:00Z"
    return {
        **own,
        **OWNER,
        "budget_usage_percentage": percentage,
        "usage_updated_timestamp": at,
        **more,
    }


class FakeQueue:
    """Returns everything that is not deleted, each time; ``delete`` may fail like a crash."""

    def __init__(self, *values):
        self.messages = []
        self.crashes = False
        self.add(*values)

    def add(self, *values):
        for value in values:
            body = value if isinstance(value, str) else json.dumps(value)
            self.messages.append(Message(body, str(len(self.messages))))

    def receive(self):
        return list(self.messages)

    def delete(self, messages):
        if self.crashes:
            raise ConnectionError
        self.messages = [each for each in self.messages if each not in messages]


class Confirmations(list):
    def __call__(self, topic, token):
        if token == "expired":
            raise RuntimeError("refused")
        self.append((topic, token))


@pytest.fixture
def store(tmp_path):
    found = StreamStore(tmp_path / "stream.db")
    yield found
    found.close()


def totals(store, dataset="sp-traffic"):
    return {row.metric: row.value for row in store.sums(dataset)}


def consume(store, *values):
    queue, confirmed = FakeQueue(*values), Confirmations()
    Consumer(queue, store, confirm=confirmed).step()
    return queue, confirmed


def test_duplicates_count_once_and_corrections_are_subtracted(store):
    consume(store, delta("a"), delta("b"), delta("a"), delta("c", clicks=-1, cost=-0.1))
    assert totals(store) == {"clicks": 1, "cost": Decimal("0.1")}


def test_unknown_members_do_not_split_a_sum_and_hours_do(store):
    later = delta("c", time_window_start="2026-07-01T11:00:00-07:00")
    consume(store, delta("a"), delta("b", mood="good", match_type="BROAD"), later)
    clicks = [row.value for row in store.sums("sp-traffic") if row.metric == "clicks"]
    assert sorted(clicks) == [1, 2]


def test_a_crash_before_the_deletion_counts_nothing_twice(store, tmp_path):
    queue = FakeQueue(delta("a"), delta("b"))
    queue.crashes = True
    with pytest.raises(ConnectionError):
        Consumer(queue, store, confirm=Confirmations()).step()
    queue.crashes = False
    again = StreamStore(tmp_path / "stream.db")
    Consumer(queue, again, confirm=Confirmations()).step()
    assert totals(again)["clicks"] == 2
    assert queue.messages == []
    again.close()


def test_a_crash_while_storing_keeps_nothing_and_deletes_nothing(store, monkeypatch):
    queue = FakeQueue(delta("a"), delta("b"))
    add = store.add

    def crash(dataset, record):
        if record["idempotency_id"] == "b":
            raise KeyboardInterrupt
        return add(dataset, record)

    monkeypatch.setattr(store, "add", crash)
    consumer = Consumer(queue, store, confirm=Confirmations())
    with pytest.raises(KeyboardInterrupt):
        consumer.step()
    assert totals(store) == {}
    assert len(queue.messages) == 2
    monkeypatch.undo()
    consumer.step()
    assert totals(store)["clicks"] == 2


def test_a_refused_confirmation_stays_in_the_queue_and_stops_no_data(store):
    rows = [
        {"Type": "SubscriptionConfirmation", "TopicArn": "t", "Token": each}
        for each in ("expired", "ok")
    ]
    queue, confirmed = consume(store, rows[0], delta("a"), rows[1])
    assert confirmed == [("t", "ok")]
    assert totals(store)["clicks"] == 1
    assert [json.loads(each.body)["Token"] for each in queue.messages] == ["expired"]


def test_what_it_does_not_know_is_parked_and_deleted(store):
    bad_time = usage(5, 0, usage_updated_timestamp="soonTish")
    unknown = {"dataset_id": "sq-traffic", "clicks": 3}
    nameless = {key: value for key, value in delta("a").items() if key != "idempotency_id"}
    queue, _ = consume(store, "no JSON", "3", "[" * 5000, unknown, nameless, bad_time, delta("b"))
    assert queue.messages == []
    assert len(store.parked()) == 6
    assert "unknown dataset sq-traffic" in {reason for _, reason in store.parked()}
    assert totals(store)["clicks"] == 1


@pytest.mark.parametrize("number", ["1e999999999999999999", "1e99999999999999999999"])
def test_a_record_with_a_number_out_of_range_is_parked_whole(store, number):
    body = json.dumps(delta("a")).replace("0.1", number)
    consume(store, body, delta("b"))
    assert totals(store) == {"clicks": 1, "cost": Decimal("0.1")}
    assert len(store.parked()) == 1


def test_the_newest_budget_usage_counts_whatever_the_order(store):
    consume(store, usage(50, 10), usage(45, 5), usage(50, 10), usage(55, 20))
    (state,) = store.states("budget-usage")
    assert state["budget_usage_percentage"] == 55
    consume(store, usage(30, 1), usage(10, 30, budget_scope_id="2"))
    found = {
        each["budget_scope_id"]: each["budget_usage_percentage"]
        for each in store.states("budget-usage")
    }
    assert found == {"1": 55, "2": 10}


def test_arrays_and_envelopes_contain_records(store):
    envelope = {"Type": "Notification", "Message": json.dumps(delta("c"))}
    consume(store, [delta("a"), delta("b")], envelope)
    assert totals(store)["clicks"] == 3


def test_a_lost_subscription_is_one_that_nothing_replaces():
    def row(status, dataset):
        return {"status": status, "dataSetId": dataset, "destinationArn": "q"}

    rows = [
        row("SUSPENDED", "sp-traffic"),
        row("ACTIVE", "sp-traffic"),
        row("FAILED_CONFIRMATION", "sp-conversion"),
        row("ARCHIVED", "budget-usage"),
    ]
    assert lost_subscriptions(rows) == [rows[2]]


def test_sums_of_a_day_are_those_of_the_advertiser(tmp_path):
    store = StreamStore(tmp_path / "stream.db")
    for number, hour in enumerate(("10-31T23:00:00-07:00", "11-01T23:00:00-08:00")):
        record = {"idempotency_id": str(number), "time_window_start": f"2026-{hour}", "clicks": 1}
        store.add("sp-traffic", record)

    assert store.totals("2026-11-01") == {"sp-traffic": {"clicks": 1}}
    assert store.totals() == {"sp-traffic": {"clicks": 2}}
    store.close()
