from adsmock.mockserver.services.faults.kinds.stream_reorder import StreamReorder
from tests.unit.mockserver.services.faults.stream_deliveries import (
    AT,
    DAY,
    advance,
    changed,
    journaled,
    subscribed,
)


def test_a_record_comes_at_a_random_time_that_the_seed_decides():
    times = {changed(StreamReorder(within=60.0))[1].messages[0].at for _ in range(3)}
    assert len(times) == 1
    assert AT < times.pop() <= AT + 60
    assert not changed(StreamReorder(within=0.0))[0]


def test_newer_records_come_before_older_ones_and_all_come():
    own, _ = subscribed()
    own.plan("stream-reorder", end=own.sandbox.clock.now() + DAY)
    advance(own)
    planned = own.sandbox.faults.find("stream-reorder")

    rows = [row["usage_updated_timestamp"] for row in advance(own, 3 * 3_600)]

    assert rows != sorted(rows)
    assert len(rows) >= planned.triggered > 20
    assert sum(each.items for each in journaled(own)) == planned.triggered
