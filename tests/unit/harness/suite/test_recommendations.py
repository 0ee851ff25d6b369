"""What the checks of recommended budgets accept and notice beyond its sample journals."""

import pytest

from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.journal_rows import record
from tests.unit.harness.suite.sample_recommendation import (
    AGAIN,
    CHANGED,
    MANY,
    ONE,
    ask,
    ask_for,
    ir03_record,
    write,
)


def judged(*rows, tasks=ONE, ending=None):
    view = CaseView.of(record("IR02", *rows, tasks=tasks, ending=ending or Ending(exit_code=0)))
    return JUDGES["recommended_budgets_are_applied_once"](view)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([ask(1, 25), write(2, 26)], "was set to 26; the API recommends 25"),
        ([write(1, 25)], "no recommendation was asked for"),
        ([write(1, 25), ask(2, 25)], "no recommendation was asked for"),
        ([ask(1, 25)], "1 recommendation not applied"),
        ([ask(1, 25), write(2, 25, committed=False, status=429)], "1 recommendation not applied"),
    ],
)
def test_what_is_not_applied_as_recommended_is_noticed(rows, says):
    found = judged(*rows)

    assert found.outcome == "broken"
    assert says in found.sentence


def test_asking_twice_before_the_write_is_allowed():
    assert judged(ask(1, 25), ask(2, 26), write(3, 26)).outcome == "holds"


def test_a_failure_that_is_reported_loses_nothing():
    assert judged(ask(1, 25), ending=Ending(exit_code=1)).outcome == "unproven"
    assert judged(ask(1, 25), ending=Ending(timed_out=True)).outcome == "inconclusive"


def test_the_budget_of_another_task_needs_no_recommendation_and_ends_the_earlier_one():
    first = [ask(1, 25), write(2, 25), write(3, CHANGED), write(4, CHANGED)]

    assert judged(*first, ask(5, 15), write(6, 15), tasks=AGAIN).outcome == "holds"
    assert judged(*first, write(6, 15), tasks=AGAIN).outcome == "broken"


def batched(*rows):
    judge = JUDGES["recommendations_are_asked_in_batches"]
    return judge(CaseView.of(ir03_record(*rows)), least=4)


def test_small_batches_and_a_repeated_batch_are_allowed():
    by_five = [ask_for(at, *MANY[at * 5 : at * 5 + 5]) for at in range(3)]

    assert batched(*by_five).outcome == "holds"
    assert batched(ask_for(1, *MANY), ask_for(2, *MANY)).outcome == "holds"


def test_a_throttled_batch_that_is_sent_again_is_one_call():
    throttled = [ask_for(at, *MANY, status=429) for at in range(1, 9)]

    assert batched(*throttled, ask_for(9, *MANY)).numbers["calls"] == 1


def test_pairs_are_no_batches():
    pairs = [ask_for(at, *MANY[at * 2 : at * 2 + 2]) for at in range(6)]

    assert batched(*pairs).sentence == "6 calls asked for 12 campaigns; one call takes 100"


def test_a_program_that_asks_for_few_campaigns_proves_nothing():
    assert batched(ask_for(1, *MANY[:5])).outcome == "unproven"
    assert batched(ask_for(1, "99")).outcome == "unproven"
