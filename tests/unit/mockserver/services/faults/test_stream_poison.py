import json

import pytest

from adsmock.mockserver.services.faults.kinds.stream_poison import (
    UNKNOWN_DATASET,
    UNKNOWN_MEMBER,
    StreamPoison,
)
from tests.unit.mockserver.services.faults.stream_deliveries import (
    changed,
    delta,
    journaled,
    queue,
    subscribed,
)
from tests.unit.mockserver.services.stream.test_delivery import DAY, catch_up


def test_an_unknown_dataset_comes_before_the_record_under_an_id_of_its_own():
    poison, record = changed(StreamPoison(form="unknown-dataset"))[1].messages
    assert record.value == delta()
    assert poison.value["dataset_id"] == UNKNOWN_DATASET
    assert poison.value["idempotency_id"] != "one"


def test_an_unknown_member_changes_nothing_else():
    (message,) = changed(StreamPoison(form="unknown-member"))[1].messages
    assert UNKNOWN_MEMBER in message.value
    assert {name: message.value[name] for name in delta()} == delta()


@pytest.mark.parametrize("style", ["raw", "sns"])
def test_truncated_json_comes_before_the_record_in_any_envelope(style):
    own, _ = subscribed(choices={"stream.envelope": style})
    own.plan("stream-poison", times=1)
    own.sandbox.clock.advance(DAY)
    catch_up(own)

    texts = [each.body for each in queue(own).peek(1_000, own.sandbox.clock.now())]
    broken = [place for place, text in enumerate(texts) if not is_json(text)]

    assert len(broken) == 1
    assert texts[broken[0] + 1].startswith(texts[broken[0]])
    assert own.sandbox.faults.find("stream-poison").triggered == 1
    assert journaled(own)[0].items == 1


def is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
