"""The pace of polls, on both sides of each limit."""

from itertools import accumulate

import pytest

from adsmock.harness.suite.checks.any_traffic import job_polls_are_spaced
from adsmock.harness.suite.checks.poll_pace import Pace, pace_of
from adsmock.harness.suite.journal import CaseView, Entry
from tests.unit.harness.suite.journal_rows import record
from tests.unit.harness.suite.sample_export import DONE, made, poll, polled
from tests.unit.harness.suite.test_samples import verdict_of


def paced(*gaps: float) -> Pace:
    """Return the pace of a creation and one poll after each gap."""
    rows = [made(0, took=0.0), *(poll(at, took=0.0) for at in accumulate(gaps))]
    calls = [Entry.read(row | {"seq": seq}, "sandbox") for seq, row in enumerate(rows)]
    return pace_of(calls, from_create=True)


def test_wait_before_the_first_poll_does_not_count_as_growth():
    assert not paced(0.01, 2, 2, 2, 2, 2).grows
    assert not paced(8, 2, 2, 2, 2, 2).grows


@pytest.mark.parametrize(("last", "grows"), [(3.0, True), (2.98, False)])
def test_intervals_grow_from_a_factor_of_one_and_a_half(last, grows):
    assert paced(1, 2, 2, 2, last, last).grows is grows


def test_two_polls_show_no_growth():
    assert not paced(1, 9).grows
    assert paced(1, 4, 6).grows


@pytest.mark.parametrize(("gap", "kept"), [(1.001, True), (0.98, False)])
def test_limit_of_a_minute_is_sixty_polls_anywhere(gap, kept):
    pace = paced(*[10.0] * 7, *[gap] * 70)

    assert (pace.busiest <= 60) is kept
    assert pace.is_at_least(1.0) is kept


@pytest.mark.parametrize(("gap", "kept"), [(5.0, True), (4.9, False)])
def test_later_polls_keep_the_minimum_too(gap, kept):
    assert paced(*[6.0] * 6, *[gap] * 6).is_at_least(5.0) is kept


def test_few_later_polls_are_not_averaged():
    assert paced(*[6.0] * 6, *[0.5] * 5).is_at_least(5.0)
    assert not paced(*[6.0] * 6, *[0.5] * 6).is_at_least(5.0)


def test_growing_intervals_may_be_shorter_than_the_minimum_but_not_shrink_later():
    growing = [1.0, 1.0, 1.5, 2.2, 3.3, 5.0]

    assert paced(*growing, *[5.0] * 6).is_at_least(5.0, or_growing=True)
    assert not paced(*growing, *[5.0] * 6).is_at_least(5.0)
    assert not paced(*growing, *[1.5] * 6).is_at_least(5.0, or_growing=True)


def test_poll_that_renews_the_address_after_completion_does_not_count():
    calls = polled(5.1, 10.2, 15.3, 20.4)
    verdict = verdict_of("X02.growth", record("X02", *calls, poll(20.41, DONE)))

    assert verdict.status == "PASS"


def test_sentence_names_the_busiest_minute():
    calls = [made(0), *(poll(6.0 * n) for n in range(1, 8)), *(poll(50 + n / 2) for n in range(80))]
    verdict = verdict_of("X02.pace", record("X02", *calls))

    assert verdict.status == "FAIL"
    assert verdict.sentence == (
        "83 polls came in one minute; the limit is 60, and the minimum between two polls is 1 s"
    )


@pytest.mark.parametrize(
    ("gap", "said"), [(0.2, "100 polls came in 20 s"), (0.6, "100 polls came in one minute")]
)
def test_both_checks_count_the_same_polls_and_name_a_span_below_a_minute(gap, said):
    calls = [made(0), *(poll(1 + n * gap) for n in range(100))]
    found = [verdict_of(check, record("X02", *calls)) for check in ("X02.pace", "X02.growth")]

    assert [one.sentence.partition(";")[0] for one in found] == [said, said]


def test_jobs_may_be_polled_at_the_same_pace():
    rows = [
        row
        for start, name in ((0.0, "e1"), (0.5, "e2"))
        for row in (made(start, name), *(poll(start + 2.0 * n, name=name) for n in range(1, 9)))
    ]
    rows.sort(key=lambda row: row["tArrive"])
    view = CaseView.of(record("X02", *rows))

    assert job_polls_are_spaced(view, 1.0, 5).outcome == "holds"
    assert job_polls_are_spaced(view, 3.0, 5).outcome == "broken"
