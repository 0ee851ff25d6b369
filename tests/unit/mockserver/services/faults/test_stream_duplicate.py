from adsmock.mockserver.services.faults.kinds.stream_duplicate import StreamDuplicate
from tests.unit.mockserver.services.faults.stream_deliveries import (
    AT,
    DAY,
    advance,
    changed,
    journaled,
    queue,
    same,
    subscribed,
)


def test_copies_have_the_same_body_and_come_later():
    is_changed, delivery = changed(StreamDuplicate(copies=2, delay=60.0))

    first, *copies = delivery.messages
    assert is_changed
    assert [each.at for each in delivery.messages] == [AT, AT + 60, AT + 60]
    assert all(each.value == first.value for each in copies)


def test_each_record_comes_twice_under_two_message_ids():
    own, subscription = subscribed()
    own.plan("stream-duplicate")

    rows = advance(own)

    ids = [each.id for each in queue(own).peek(1_000, own.sandbox.clock.now())]
    texts = [str(row) for row in rows]
    assert len(set(ids)) == len(ids) == 2 * len(set(texts)) > 20
    assert all(texts.count(each) == 2 for each in set(texts))
    planned = own.sandbox.faults.find("stream-duplicate")
    assert planned.triggered == planned.selected == len(set(texts))
    entries = journaled(own)
    assert sum(each.items for each in entries) == planned.triggered
    assert {each.operation for each in entries} == {"delivery.budget-usage"}
    assert entries[0].request["subscriptionId"] == subscription
    assert {each for entry in entries for each in entry.request["messages"]} == set(ids)
    assert own.runtime.metrics.faults["stream-duplicate", "delivery"] == planned.triggered


def test_a_share_of_the_records_is_the_same_one_however_the_clock_moves():
    found = []
    for steps in (1, 24):
        own = same()
        own.plan("stream-duplicate", probability=0.3)
        for _ in range(steps):
            rows = advance(own, DAY / steps)
        found.append(sorted(map(str, rows)))

    extra = len(found[0]) - len(set(found[0]))
    assert found[0] == found[1]
    assert 0 < extra < len(set(found[0]))
