from adsmock.mockserver.core.fault import Match
from tests.unit.mockserver.services.faults.stream_deliveries import (
    advance,
    journaled,
    same,
    subscribed,
)


def test_a_selected_record_never_comes():
    own = same()
    whole = advance(own)
    own = same()
    own.plan("stream-drop", times=4)

    rows = advance(own)

    lost = set(map(str, whole)) - set(map(str, rows))
    assert len(lost) == 4
    assert [each.request["messages"] for each in journaled(own)] == [[]] * len(journaled(own))
    assert sum(each.items for each in journaled(own)) == 4


def test_a_rule_matches_by_dataset_and_by_members_of_the_record():
    own = same()
    campaign_id = advance(own)[0]["budget_scope_id"]
    own = same()
    own.plan("stream-drop", match=Match(body={"budget_scope_id": campaign_id}))

    rows = advance(own)

    assert rows
    assert campaign_id not in {row["budget_scope_id"] for row in rows}


def test_a_queue_that_refuses_everything_gives_it_nothing_to_lose():
    own, _ = subscribed()
    own.plan("stream-drop")
    queue = next(iter(own.sandbox.queues.values()))
    queue.change_policy('{"Statement": []}')

    assert advance(own) == []
    assert own.sandbox.faults.find("stream-drop").matched == 0
    assert journaled(own) == []
