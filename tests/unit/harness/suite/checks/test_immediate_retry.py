"""Retries without a wait: a few are enough to judge, and nothing else is taken for them."""

from itertools import accumulate

import pytest
from msgspec.structs import replace

from adsmock.harness.suite import invariants
from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks.immediate_retry import probability
from tests.unit.harness.suite.journal_rows import call, record

READ = "sp.campaigns.list"
AT_ONCE = (0.006, 0.005, 0.006, 0.01, 0.006)


def judged(*rows, timebase="monotonic", tasks=()):
    found = replace(record("T06", *rows), timebase=timebase, tasks=tasks)
    verdicts = invariants.judge_invariants([found], load())
    return next(one for case in verdicts for one in case.verdicts if one.check == "I14.waits")


def attempts(waits, status=503, *, success=True, **more):
    """Return one failure before each wait, then a success or one more failure."""
    times = list(accumulate(waits, initial=0.0))
    failed = {"took": 0.0} | more
    rows = [call(READ, at, status, **failed) for at in times[:-1]]
    last = call(READ, times[-1], **more) if success else call(READ, times[-1], status, **failed)
    return [*rows, last]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("success", [True, False])
def test_five_retries_at_once_are_enough(status, success):
    found = judged(*attempts(AT_ONCE, status, success=success))

    assert found.status == "FAIL"
    assert "Retry-After, with a mean wait of 7 ms and a median of 6 ms" in found.sentence


@pytest.mark.parametrize(
    "waits",
    [
        AT_ONCE[:2],
        (0.004, 1.3, 2.6, 4.1, 8.3),  # one wait of full jitter is near zero
        (0.004, 2.0, 4.0),  # an immediate first retry, then growing waits
        (0.051,) * 40,
        (0.02, 0.04, 0.09, 0.15, 0.3),
    ],
)
def test_waits_of_a_compliant_client_are_not_accused(waits):
    assert judged(*attempts(waits)).status in {"PASS", "N/A"}


@pytest.mark.parametrize(
    ("mean", "status"), [(0.04, "FAIL"), (0.06, "N/A"), (0.24, "N/A"), (0.26, "PASS")]
)
def test_average_decides_between_accused_unproven_and_proven(mean, status):
    assert judged(*attempts((mean,) * 10)).status == status


def test_one_long_pause_between_immediate_retries_proves_no_backoff():
    assert judged(*attempts((*AT_ONCE, 10.0, *AT_ONCE))).status == "N/A"


def test_first_retries_of_many_calls_count_together():
    rows = [
        row
        for number in range(9)
        for row in (
            call(READ, number, 500, took=0.0, chain=f"c{number}"),
            call(READ, number + 0.006, chain=f"c{number}"),
        )
    ]

    assert judged(*rows).status == "FAIL"
    assert judged(*rows[:8]).status == "UNPROVEN", "four are too few"


@pytest.mark.parametrize(
    ("wait", "status"), [(0.002, "UNPROVEN"), (0.012, "UNPROVEN"), (0.02, "N/A")]
)
def test_three_retries_at_once_are_no_pass(wait, status):
    found = judged(*attempts((wait,) * 3))

    assert found.status == status
    assert found.status == "N/A" or "at once, but too few retries to judge" in found.sentence


def test_backoff_in_another_journal_outweighs_a_suspicion():
    """A wait of full jitter may be short; a client that never waits proves no backoff anywhere."""
    few = replace(record("T06", *attempts(AT_ONCE[:3])), tasks=(), client_id="a")
    many = replace(record("T03", *attempts((1.0, 2.0, 4.0))), tasks=(), client_id="b")
    verdicts = invariants.judge_invariants([few, many], load())

    assert (
        next(one for case in verdicts for one in case.verdicts if one.check == "I14.waits").status
        == "PASS"
    )


@pytest.mark.parametrize(
    "more",
    [
        {"status": 0},  # the connection was dropped without an answer
        {"ended": "cut"},
        {"retryAfter": "1"},  # judged by I05
        {"status": 401},
        {"profileId": None},  # all calls without their scope look the same
        {"took": 0.5},  # the next one was on its way before the answer
    ],
)
def test_only_retries_of_a_complete_answer_that_leaves_the_wait_open_count(more):
    found = judged(*attempts(AT_ONCE, **{"status": 503} | more))

    assert found.status == "N/A"
    assert "no call was repeated after a 429 or 5xx without Retry-After" in found.sentence


def test_equal_calls_of_several_threads_are_not_judged():
    later = [call(READ, 1 + number / 10) for number in range(5)]

    assert judged(*attempts(AT_ONCE), *later).status == "N/A"


def test_equal_calls_of_users_who_take_turns_are_counted_for_each():
    rows = [
        call(READ, start + 0.005 * user, 503, took=0.0, connection=user)
        for start in (0.0, 1.2, 3.5)
        for user in range(1, 6)
    ]

    assert judged(*rows).status == "PASS"


def in_turn(*gaps, took=0.0):
    """Return attempts on two connections in turn, as a pool of connections may make them."""
    rows = attempts(gaps, took=took)
    return [row | {"connection": place % 2 + 1} for place, row in enumerate(rows)]


def test_retries_on_two_connections_in_turn_are_no_pass():
    """Node's fetch uses two connections in turn, so that each seems to wait twice as long."""
    found = judged(*in_turn(0.004, 0.004, 0.004))

    assert found.status == "UNPROVEN"
    assert "at once, but too few retries to judge" in found.sentence
    assert judged(*in_turn(1.0, 2.0, 4.0)).status == "PASS"


def test_two_users_whose_calls_overlap_are_not_suspected():
    assert judged(*in_turn(0.02, 0.02, 0.02, took=0.021)).status == "N/A"
    assert judged(*in_turn(0.003, 0.003, 0.003, took=0.0)).status == "UNPROVEN"


@pytest.mark.parametrize("letter", ["c", "t"])
def test_wait_on_either_clock_counts(letter):
    """A frozen clock shows no wait; a client with a virtual clock sleeps only there."""
    rows = attempts((1.0, 2.0, 4.0, 8.0, 16.0))
    for row in rows:
        row |= {f"{letter}Arrive": 9.0, f"{letter}Send": 9.0}

    for timebase in ("monotonic", "sandbox"):
        assert judged(*rows, timebase=timebase).status == "PASS"


def test_time_that_a_slow_machine_takes_is_no_wait_in_virtual_time():
    rows = attempts((0.0,) * 8)
    for number, row in enumerate(rows):
        row |= {"tArrive": 2.0 * number, "tSend": 2.0 * number}
    task = {"verb": "list", "args": {"resource": "sp.campaigns", "profile": "1"}}

    assert judged(*rows, timebase="sandbox", tasks=(task,)).status == "FAIL"
    assert judged(*rows, timebase="sandbox").status == "PASS", "a program may sleep in real time"
    assert judged(*rows, timebase="monotonic", tasks=(task,)).status == "PASS"


def test_call_to_another_region_is_no_retry():
    rows = attempts(AT_ONCE)
    for row, region in zip(rows, ("NA", "EU", "FE") * 2, strict=True):
        row["region"] = region

    assert judged(*rows).status == "N/A"


def test_bound_is_exact_for_small_sums():
    assert probability(0.05, [0.1]) == pytest.approx(0.5)
    assert probability(0.1, [0.1, 0.2]) == pytest.approx(0.25)
    assert probability(9.0, [0.1, 0.2]) == 1.0
