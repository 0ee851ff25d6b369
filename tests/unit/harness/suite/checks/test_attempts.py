"""The number of attempts, on both sides of each limit."""

import pytest

from adsmock.harness.suite.checks.attempts import (
    attempts_are_bounded,
    attempts_do_not_multiply,
    garbled_success_is_not_believed,
    later_trouble_starts_afresh,
    waits_stay_below,
    wilson,
)
from adsmock.harness.suite.journal import CaseView
from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.sample_retry import failing, many

READ = "sp.campaigns.list"


def view(*rows, case="E06"):
    return CaseView.of(record(case, *rows))


def tried(*waits, key="c", start=0.0, fault="for-ever", success=False):
    return failing(key, start, waits, fault, 500, success=success)


@pytest.mark.parametrize(("most", "outcome"), [(4, "holds"), (3, "broken")])
def test_attempts_up_to_the_limit_are_allowed(most, outcome):
    found = attempts_are_bounded(view(*tried(1, 1), *tried(2, 2, 2, key="d")), most)

    assert (found.outcome, found.numbers["attempts"], found.numbers["chains"]) == (outcome, 4, 2)
    assert [one.seq for one in found.rows] == ([7] if outcome == "broken" else [])


@pytest.mark.parametrize(("within", "outcome"), [(30.0, "holds"), (29.9, "broken")])
def test_last_attempt_comes_within_the_time(within, outcome):
    many = tried(*[2] * 10, 10, key="d")
    found = attempts_are_bounded(view(*tried(1), *many), 14, within_s=within)

    assert found.outcome == outcome
    if outcome == "broken":
        assert found.sentence == (
            f"{READ} was attempted 30 s after the first failure; the limit is 29.9 s"
        )
        assert [(one.seq, one.note) for one in found.rows] == [(14, "too late")]
        assert found.numbers == {"attempts": 12, "most": 14, "chains": 2}


@pytest.mark.parametrize(
    ("wait", "runs"),
    [(299.9, 1), (300.0, 2), (301.0, 2)],
)
def test_wait_of_five_minutes_starts_a_new_run(wait, runs):
    found = attempts_are_bounded(view(*tried(10, wait, 10)), 9)

    assert found.numbers["chains"] == runs


@pytest.mark.parametrize(
    ("before", "runs"),
    [(240.0, 2), (239.9, 1), (75.0, 1), (74.9, 2)],
    ids=["too-little-growth", "growth", "most-growth", "more-than-growth"],
)
def test_long_wait_that_grew_out_of_the_one_before_belongs_to_the_same_run(before, runs):
    assert attempts_are_bounded(view(*tried(before, 300.0)), 9).numbers["chains"] == runs


@pytest.mark.parametrize(("longest", "outcome"), [(60.0, "broken"), (60.1, "holds")])
def test_longest_wait_is_below_the_limit(longest, outcome):
    found = waits_stay_below(view(*tried(60, 12.344), *tried(60, 5, key="d", start=9)), longest)

    assert (found.outcome, found.numbers["waits"]) == (outcome, 4)
    assert [one.seq for one in found.rows] == ([2, 5] if outcome == "broken" else [2])


@pytest.mark.parametrize(("fresh", "outcome"), [(4.0, "holds"), (4.001, "broken")])
def test_second_burst_begins_with_a_wait_of_the_first(fresh, outcome):
    rows = [*tried(1, 2, 9, success=True), *tried(fresh, 5, key="d", start=99)]

    found = later_trouble_starts_afresh(view(*rows), 2.0)

    assert (found.outcome, found.numbers["early"]) == (outcome, 2.0)


def garbled(times, *later):
    rows = [
        call(READ, n, 200, fault=met("page", "html"), reply="<html>", chain="c")
        for n in range(times)
    ]
    return CaseView.of(record("E09", *rows, *later))


@pytest.mark.parametrize(("times", "outcome"), [(4, "holds"), (5, "broken")])
def test_unreadable_success_is_retried_within_the_limit(times, outcome):
    found = garbled_success_is_not_believed(garbled(times), "page", 3)

    assert found.outcome == outcome
    if outcome == "broken":
        assert found.sentence == (
            "the call with the unreadable answer was sent 5 times; the limit is 3 retries"
        )
        assert [(one.seq, one.note) for one in found.rows] == [(5, "sent again")]
        assert found.numbers == {"calls": 5, "writes": 0}


WRITE = "sp.keywords.update"
KEYWORDS = call("sp.keywords.list", 8)


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        ([call("reporting.create", 9)], "holds"),
        ([call("exports.campaigns.create", 9)], "holds"),
        ([call("sb.campaigns.create", 9)], "holds"),
        ([call(WRITE, 9, profileId="44")], "holds"),
        ([call(READ, 8, chain="c"), call(WRITE, 9)], "holds"),
        ([KEYWORDS, call(WRITE, 9)], "holds"),
        ([KEYWORDS | {"status": 500}, call(WRITE, 9)], "broken"),
        ([KEYWORDS | {"profileId": "44"}, call(WRITE, 9)], "broken"),
        ([call(WRITE, 9), KEYWORDS], "broken"),
        ([KEYWORDS, call("sp.campaigns.create", 9)], "broken"),
        ([call(READ, 8, chain="other"), call(WRITE, 9)], "broken"),
        ([call(READ, 8, chain="other"), call("sp.campaigns.create", 9)], "broken"),
        ([call(WRITE, 9)], "broken"),
    ],
)
def test_only_a_write_that_may_depend_on_the_unreadable_answer_counts(later, outcome):
    found = garbled_success_is_not_believed(garbled(2, *later), "page", 3)

    assert found.outcome == outcome


def test_sentence_names_the_unreadable_call_and_the_write():
    found = garbled_success_is_not_believed(garbled(2, call(WRITE, 9)), "page", 3)

    assert found.sentence == (
        "sp.keywords.update (call 3) was sent, although the answer of sp.campaigns.list (call 1) "
        "could not be read"
    )


def pieces(count, repeated):
    rows = [call(READ, n, 503, chain=f"c{n}", fault=met("for-ever")) for n in range(count)]
    return view(*rows, *(call(READ, 500 + n, chain=f"c{n}") for n in range(repeated)))


@pytest.mark.parametrize(
    ("repeated", "outcome"), [(50, "holds"), (51, "inconclusive"), (100, "broken")]
)
def test_attempts_for_each_piece_of_work_are_judged_by_their_lower_bound(repeated, outcome):
    found = attempts_do_not_multiply(pieces(100, repeated), 1.5, 100)

    assert (found.outcome, found.numbers["attempts"]) == (outcome, 100 + repeated)


@pytest.mark.parametrize(("calls", "outcome"), [(20, "holds"), (21, "unproven")])
def test_enough_attempts_are_needed(calls, outcome):
    assert attempts_do_not_multiply(pieces(20, 0), 1.5, calls).outcome == outcome


@pytest.mark.parametrize(("each", "outcome"), [(2, "holds"), (1, "broken")])
def test_no_piece_of_work_has_more_attempts_than_allowed(each, outcome):
    assert attempts_do_not_multiply(pieces(20, 1), 1.5, 20, each=each).outcome == outcome


def test_wilson_bounds_are_those_of_the_tables():
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert many(0, [], "for-ever") == []
