from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.services.faults.kinds.stream_burst import StreamBurst
from tests.unit.mockserver.services.faults.stream_deliveries import AT, changed, delta, totals


@given(st.integers(-20, 99), st.integers(-20, 999), st.integers(-99, 9_999), st.integers(2, 100))
def test_the_parts_have_the_sums_of_the_record_and_ids_of_their_own(
    clicks, impressions, cents, factor
):
    value = delta(clicks=clicks, impressions=impressions, cost=cents / 100)
    is_changed, delivery = changed(StreamBurst(factor=factor), value)

    assert is_changed
    assert len({each.value["idempotency_id"] for each in delivery.messages}) == factor
    assert {each.at for each in delivery.messages} == {AT}
    assert totals(delivery.messages) == {
        "clicks": clicks, "impressions": impressions, "cost": cents,
    }  # fmt: skip


def test_a_record_that_is_not_added_up_stays_as_it_is():
    value = {"dataset_id": "budget-usage", "budget": 10.0}
    is_changed, delivery = changed(StreamBurst(), value)
    assert not is_changed
    assert [each.value for each in delivery.messages] == [value]
