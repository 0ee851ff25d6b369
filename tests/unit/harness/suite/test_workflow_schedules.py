"""What the checks of routine queries accept, and what they notice, beyond their sample journals."""

import pytest

from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.journal import CaseView
from tests.unit.harness.suite.sample_workflow import (
    DAY,
    ROUTINE,
    create,
    looked,
    mc06,
    routine,
    scheduled,
    stored,
)


def judged(name, *rows):
    return JUDGES[f"routine_query_{name}"](CaseView.of(mc06(*rows)))


def is_scheduled(*rows):
    return judged("is_scheduled", *rows)


def has_one(*rows):
    return judged("has_one_schedule", *rows)


def test_a_trial_on_the_first_day_is_allowed():
    assert is_scheduled(create(1, "e1", ROUTINE), stored(2), scheduled(3), looked(4)).outcome == (
        "holds"
    )


def test_a_scheduled_query_that_the_client_executes_later_is_noticed():
    found = is_scheduled(stored(), scheduled(), create(4 * DAY, "e1", ROUTINE))

    assert (found.outcome, found.sentence) == (
        "broken",
        "the query has a schedule, and the client executed it itself 1 time on later days",
    )


def test_executions_of_other_queries_are_not_judged():
    other = create(4 * DAY, "e1", "SELECT campaign FROM sponsored_ads_traffic")

    assert is_scheduled(stored(), scheduled(), other).outcome == "holds"


def test_another_period_than_that_of_the_task_is_noticed():
    found = is_scheduled(stored(), scheduled(aggregationPeriod="Weekly"), looked(4))

    assert found.sentence == "the schedule is weekly; the task asks for daily"


@pytest.mark.parametrize(
    "end",
    [
        routine("schedules.delete", 3, under="/daily"),
        routine("schedules.update", 3, under="/daily", workflowId="reach", scheduleEnabled=False),
    ],
    ids=["deleted", "disabled"],
)
def test_a_schedule_that_has_ended_does_not_count(end):
    own = create(4 * DAY, "e1", ROUTINE)

    assert is_scheduled(stored(), scheduled(), end, own).outcome == "broken"
    assert has_one(stored(), scheduled(), end, looked(4)).outcome == "unproven"
    assert has_one(stored(), scheduled(), end, scheduled(4 * DAY, "new"), looked(5)).outcome == (
        "holds"
    )


def test_a_refused_second_creation_is_no_second_schedule():
    again = scheduled(4 * DAY, status=400)

    assert has_one(stored(), scheduled(), again, looked(4.1)).outcome == "holds"


def test_a_schedule_that_is_replaced_under_its_id_stays_one():
    again = routine("schedules.update", 4 * DAY, under="/daily", workflowId="reach")

    assert has_one(stored(), scheduled(), again).outcome == "holds"


def test_a_client_that_never_comes_back_proves_nothing():
    assert is_scheduled(stored(), scheduled()).outcome == "unproven"
    assert has_one(stored(), scheduled()).outcome == "unproven"
