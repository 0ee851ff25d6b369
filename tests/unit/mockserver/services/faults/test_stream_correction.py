import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.services.faults.kinds.stream_correction import StreamCorrection
from tests.unit.mockserver.services.faults.stream_deliveries import (
    AT,
    advance,
    changed,
    delta,
    subscribed,
    totals,
)


def test_the_excess_is_taken_back_a_day_later_under_a_new_id():
    is_changed, delivery = changed(StreamCorrection())
    raised, correction = delivery.messages

    assert is_changed
    assert (raised.value["clicks"], raised.value["impressions"], raised.value["cost"]) == (
        5,
        71,
        1.85,
    )
    assert correction.value == delta(
        idempotency_id=correction.value["idempotency_id"], clicks=-2, impressions=-24, cost=-0.62
    )
    assert correction.value["idempotency_id"] != "one"
    assert (raised.at, correction.at) == (AT, AT + 86_400)


@given(st.integers(0, 99), st.integers(0, 999), st.integers(0, 9_999), st.floats(0.01, 10))
def test_all_records_together_have_the_sums_of_the_record(clicks, impressions, cents, share):
    value = delta(clicks=clicks, impressions=impressions, cost=cents / 100)
    is_changed, delivery = changed(StreamCorrection(share=share), value)

    assert is_changed is (clicks + impressions + cents > 0)
    assert len(delivery.messages) == 1 + is_changed
    assert totals(delivery.messages) == {
        "clicks": clicks, "impressions": impressions, "cost": cents,
    }  # fmt: skip


@pytest.mark.parametrize("numbers", [(0, 0, 0.0), (-2, -5, -0.5)])
def test_a_record_without_positive_numbers_stays_as_it_is(numbers):
    value = delta(**dict(zip(("clicks", "impressions", "cost"), numbers, strict=True)))
    is_changed, delivery = changed(StreamCorrection(), value)
    assert not is_changed
    assert [each.value for each in delivery.messages] == [value]


def test_records_that_are_not_added_up_stay_as_they_are():
    own, _ = subscribed()
    own.plan("stream-correction")
    rows = advance(own)
    planned = own.sandbox.faults.find("stream-correction")
    assert rows
    assert (planned.selected > 0, planned.triggered) == (True, 0)
