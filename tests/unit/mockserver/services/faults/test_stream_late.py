import json

from adsmock.mockserver.services.faults.kinds.stream_late import StreamLate
from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state
from tests.unit.mockserver.fixtures import contract_set
from tests.unit.mockserver.services.faults.stream_deliveries import (
    AT,
    DAY,
    advance,
    changed,
    journaled,
    queue,
    subscribed,
)
from tests.unit.mockserver.services.stream.test_delivery import bodies


def test_a_record_comes_six_hours_late_or_as_late_as_the_rule_says():
    assert [each.at for each in changed(StreamLate())[1].messages] == [AT + 21_600]
    assert [each.at for each in changed(StreamLate(delay=5.0))[1].messages] == [AT + 5]
    assert not changed(StreamLate(delay=0.0))[0]


def test_nobody_sees_a_record_before_it_comes_and_its_time_of_sending_is_late():
    own, _ = subscribed()
    own.plan("stream-late", effect={"delay": 2 * DAY}, end=own.sandbox.clock.now() + DAY)

    first = advance(own)
    counts = queue(own).counts(own.sandbox.clock.now())
    planned = own.sandbox.faults.find("stream-late")
    second = advance(own, 3 * DAY)
    sent = [each.sent for each in queue(own).peek(1_000, own.sandbox.clock.now())]
    due = [row["usage_updated_timestamp"] for row in second]

    assert (first, counts) == ([], (0, 0, 0))
    assert planned.triggered > 20
    assert sum(each.items for each in journaled(own)) == planned.triggered
    assert len(second) > planned.triggered
    assert sent == sorted(sent)
    assert due != sorted(due)


def test_a_late_record_survives_a_snapshot():
    own, _ = subscribed()
    own.plan("stream-late", end=own.sandbox.clock.now() + DAY)
    advance(own, DAY / 2)
    held = len(queue(own))
    own.sandbox.faults.clear()
    kept = json.loads(json.dumps(dump_state(own.sandbox)))
    own.sandbox.queues.clear()
    restore_state(own.sandbox, kept, contract_set(), own.runtime.sandboxes.source)
    own.sandbox.clock.set("frozen")
    before = bodies(own)
    own.sandbox.clock.advance(21_600)

    assert len(before) < held
    assert len(bodies(own)) == held
