"""What the checks of Marketing Cloud accept, and what they notice, beyond their sample journals."""

from base64 import b64encode

import pytest

from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.journal_rows import call, record, tasks_of
from tests.unit.harness.suite.sample_workflow import (
    BASE,
    FAILED,
    FRESH,
    HIDDEN,
    PLAIN,
    QUERY,
    create,
    look,
    refused,
)

DAY = 86_400


def settled(*rows):
    view = CaseView.of(record("MC01", *rows))
    return JUDGES["executions_read_settled_data"](view)


def left(*rows, most=3, ending=FAILED):
    view = CaseView.of(record("MC02", *rows, ending=ending))
    return JUDGES["ended_execution_is_left"](view, status="FAILED", most=most)


def varied(*rows, ending=FAILED):
    view = CaseView.of(record("MC03", *rows, tasks=tasks_of("MC03"), ending=ending))
    return JUDGES["refused_query_is_not_varied"](view)


def with_window(at, **members):
    row = create(at, "e1")
    return row | {"request": {"workflow": {"sqlQuery": QUERY}, **members}}


@pytest.mark.parametrize(
    "rows",
    [
        [with_window(1, timeWindowType="MOST_RECENT_WEEK")],
        [create(1, "e1", span=FRESH), create(1.5 * DAY, "e2", span=FRESH)],
        [create(1, "e1", span=("2026-06-22T17:00:00+05:00", "2026-06-29T17:00:00+05:00"))],
        [create(1, "e1", span=FRESH, status=429), create(2, "e2")],
    ],
    ids=["relative", "executed again when complete", "offset", "early one was throttled"],
)
def test_complete_data_are_read_in_several_ways(rows):
    assert settled(*rows).outcome == "holds"


@pytest.mark.parametrize(
    ("zone", "end", "outcome"),
    [
        ("America/Los_Angeles", "2026-06-29T05:00:00", "holds"),
        ("America/Los_Angeles", "2026-06-29T06:00:00", "broken"),
        ("Asia/Tokyo", "2026-06-29T21:00:00", "holds"),
    ],
)
def test_the_end_of_a_window_is_read_in_its_time_zone(zone, end, outcome):
    start = end.replace("29T", "22T")
    more = {"timeWindowStart": start, "timeWindowEnd": end, "timeWindowTimeZone": zone}

    assert settled(with_window(1, timeWindowType="EXPLICIT", **more)).outcome == outcome


def test_early_execution_that_is_not_repeated_later_is_noticed():
    found = settled(create(1, "e1", span=FRESH), create(2, "e2", "SELECT 1"))

    assert (found.outcome, found.numbers["early"]) == ("broken", 1)


def test_a_window_that_cannot_be_read_proves_nothing():
    assert settled(with_window(1, timeWindowType="EXPLICIT")).outcome == "unproven"
    assert settled(with_window(1, timeWindowType="PREVIOUS_MONTH")).outcome == "unproven"


def test_a_failed_execution_may_be_replaced_after_a_wait():
    start = [create(1, "e1"), look(11, "e1", "FAILED")]

    assert left(*start, create(311, "e2")).outcome == "holds"
    assert left(*start, create(11.5, "e2")).outcome == "broken"
    assert left(*start, create(311, "e2"), most=0).outcome == "broken"
    assert left(*start, create(311, "e2", "SELECT 1"), most=0).outcome == "holds"


def test_a_failure_that_nobody_hears_of_proves_nothing():
    start = [create(1, "e1"), look(11, "e1", "FAILED")]

    assert left(*start, ending=Ending(exit_code=0)).outcome == "unproven"


def test_urls_of_a_failed_execution_are_not_asked_for():
    urls = call("amc.workflowExecutions.download", 12, 400, path=f"{BASE}/e1/downloadUrls")

    assert left(create(1, "e1"), look(11, "e1", "FAILED"), urls).outcome == "broken"


def test_a_wrapped_execution_is_read_too():
    shown = look(11, "e1", "FAILED")
    shown["reply"] = {"workflowExecution": shown["reply"]}

    assert left(create(1, "e1"), shown).outcome == "holds"


@pytest.mark.parametrize(
    "query",
    [f"{PLAIN} ;", PLAIN.replace(" ", "\n  "), PLAIN.lower(), f"/* report 7 */ {PLAIN} -- done"],
)
def test_the_spelling_of_a_query_is_no_variation(query):
    assert varied(refused(1), create(2, "e1", query)).outcome == "holds"


def test_what_a_program_adds_to_each_query_is_no_variation():
    first = refused(1, f"{HIDDEN} LIMIT 500")

    assert varied(first, create(2, "e1", f"{PLAIN} LIMIT 500")).outcome == "holds"
    assert varied(first, create(2, "e1", f"{HIDDEN} LIMIT 50")).outcome == "broken"


def test_queries_of_a_program_that_writes_them_itself_are_not_judged():
    assert varied(refused(1, "SELECT user_id FROM t")).outcome == "unproven"


def test_a_stored_workflow_is_known_by_its_id():
    text = b64encode(HIDDEN.encode()).decode()
    store = call("amc.workflows.create", 1, 400, path="/amc/reporting/amcone/workflows")
    store |= {"request": {"workflowId": "one", "query": [text]}, "chain": "one"}
    store |= {"reply": {"details": "threshold very high"}, "profileId": None}
    run = create(2, "e1") | {"request": {"workflowId": "one"}}

    assert varied(store, run).outcome == "holds"
    assert varied(store, refused(2, f"{HIDDEN} LIMIT 1")).outcome == "broken"
