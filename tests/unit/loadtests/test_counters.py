import json

from hypothesis import given
from hypothesis import strategies as st

from adsmock.loadtests.counters import MOST_TEXTS, OTHER, Counters, bucket, percentile

CALL = st.tuples(
    st.integers(0, 5),
    st.sampled_from(["NA", "EU"]),
    st.sampled_from(["sp.campaigns.list", "lwa.token"]),
    st.sampled_from([200, 207, 429, 500, 0]),
    st.floats(0, 5000),
)


def test_counters_distinguish_outcomes():
    counters = Counters()
    for status in (200, 207, 202, 429, 500, 0):
        counters.called(3, "NA", "sp.keywords.update", status, 12.0)
    assert counters.totals() == {"accepted": 3, "throttled": 1, "failed": 2}
    assert dict(counters.of("status")) == {
        ("sp.keywords.update", 500): 1,
        ("sp.keywords.update", 0): 1,
    }
    assert dict(counters.of("late")) == {("sp.keywords.update", 12): 3}


def test_texts_of_a_program_use_bounded_memory_and_all_count():
    counters = Counters()
    for number in range(3 * MOST_TEXTS):
        said = Counters()
        said.add("error", "builder", f"campaign {number} exists")
        counters.merge(said.drain())
    kept = dict(counters.of("error"))
    assert len(kept) == MOST_TEXTS + 1
    assert kept["builder", OTHER] == 2 * MOST_TEXTS


@given(st.lists(st.lists(CALL)))
def test_drained_payloads_add_up_to_all_counts(parcels):
    whole, part, total = Counters(), Counters(), Counters()
    for calls in parcels:
        for call in calls:
            whole.called(*call)
            part.called(*call)
        total.merge(json.loads(json.dumps(part.drain())))
    assert total.counts == whole.counts
    assert not part.counts


def test_what_the_store_should_hold_travels_too():
    part, total = Counters(), Counters()
    part.note("1", [("sp.campaigns", "c1")], {"k1": 0.5})
    total.merge(part.drain())
    part.note("1", [], {"k1": 0.7})
    total.merge(part.drain())
    assert total.bids == {"k1": 0.7}
    assert total.made == [("1", "sp.campaigns", "c1")]


@given(st.floats(0, 1e6))
def test_a_bucket_is_near_its_value(value):
    assert abs(bucket(value) - value) <= max(0.5, value * 0.051)


@given(st.lists(st.integers(0, 1000), min_size=1), st.floats(0.01, 1.0))
def test_percentile_has_its_part_below_it(values, part):
    found = percentile([(value, 1) for value in values], part)
    assert sum(value <= found for value in values) >= part * len(values)
    assert found in values
