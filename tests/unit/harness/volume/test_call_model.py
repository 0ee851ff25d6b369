"""The call model: whole calls, never fewer than the work needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.harness.client.export import Exporter
from adsmock.harness.client.report import Reporter
from adsmock.harness.volume import call_model
from adsmock.harness.volume.call_model import EXPORT_POLLING, REPORT_POLLING, Polling


@given(st.integers(0, 10**6), st.integers(1, 1000))
def test_batches_carry_all_items_and_none_is_idle(items, most):
    calls = call_model.batches(items, most)
    assert calls * most >= items
    assert (calls - 1) * most < items or calls == 0


@given(st.integers(0, 10**6), st.integers(1, 1000))
def test_a_list_takes_one_look_even_when_it_is_empty(entities, size):
    assert call_model.pages(entities, size) == max(1, call_model.batches(entities, size))


@pytest.mark.parametrize(
    ("seconds", "polling", "count"),
    [
        (0, Polling(5), 1),
        (5, Polling(5), 1),
        (5.1, Polling(5), 2),
        (60, Polling(5), 12),
        (60, Polling(5, 2.0, 60), 4),
        (3600, Polling(10, 1.5, 60), 63),
    ],
)
def test_looks_count_the_gaps_until_the_job_is_done(seconds, polling, count):
    assert call_model.polls(seconds, polling) == count


@given(st.floats(0, 20_000), st.floats(1, 60), st.floats(1, 3))
def test_growing_gaps_never_take_more_looks_than_even_ones(seconds, first, growth):
    growing = call_model.polls(seconds, Polling(first, growth, max(60, first)))
    assert growing <= call_model.polls(seconds, Polling(first, 1.0, first))


def test_renewals_come_when_the_last_has_run_out_and_something_is_done():
    assert call_model.renewals([], 59) == []
    assert call_model.renewals([0, 58], 59) == [0]
    assert call_model.renewals([0, 59, 300], 59) == [0, 59, 300]
    assert len(call_model.renewals(range(1440), 59)) == 25


@pytest.mark.parametrize(
    ("polling", "patience"),
    [(EXPORT_POLLING, Exporter.schedule), (REPORT_POLLING, Reporter.schedule)],
)
def test_the_reference_client_polls_as_the_model_says(polling, patience):
    shown = (patience.first_gap, patience.growth, patience.longest_gap)
    assert shown == (polling.first, polling.growth, polling.longest)
