"""Limits of checks, exactly at the limit and just beyond it."""

import pytest

from adsmock.harness.suite.checks.export_poll import (
    LEAST_PAUSE,
    expired_export_is_created_again,
    failed_export_is_not_polled,
)
from adsmock.harness.suite.checks.recovery import work_resumes
from adsmock.harness.suite.checks.retry import retry_after_is_kept
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.journal_rows import call, met, record

READ = "sp.campaigns.list"
CREATE, STATUS = "exports.campaigns.create", "exports.get"


def view(case, *rows, **more):
    return CaseView.of(record(case, *rows, **more))


def asked(at, wait):
    """Return two attempts: a 429 that asks for 4 s, and one ``wait`` seconds after its answer."""
    first = call(READ, at, 429, retryAfter="4", fault=met("wait-3"), chain="a", took=0)
    return first, call(READ, at + wait, chain="a")


@pytest.mark.parametrize(("wait", "outcome"), [(3.5, "holds"), (3.4375, "broken"), (4.0, "holds")])
def test_retry_may_come_as_early_as_the_tolerance(wait, outcome):
    found = retry_after_is_kept(view("T01", *asked(1, wait)), 500)

    assert found.outcome == outcome
    assert found.numbers["smallest_margin"] == round(wait - 4, 3)


def test_retry_at_the_moment_of_the_answer_is_early():
    assert retry_after_is_kept(view("T01", *asked(1, 0.0)), 500).outcome == "broken"


def test_attempts_are_counted_from_the_last_success():
    found = retry_after_is_kept(view("T01", *asked(1, 4), *asked(9, 1)), 500)

    assert found.sentence == "attempt 2 came 1.00 s after the 429, but Retry-After was 4"


@pytest.mark.parametrize(("back", "outcome"), [(120.0, "holds"), (120.0625, "broken")])
def test_work_may_resume_at_the_objective(back, outcome):
    dark = call(READ, 1, 503, region="EU", fault=met("dark", "outage"), chain="a", took=0)
    found = work_resumes(view("O01", dark, call(READ, 1 + back, region="EU")), "EU", "dark", 120)

    assert found.outcome == outcome


def export(at, number, **more):
    return call(CREATE, at, 202, reply={"exportId": f"e{number}"}, chain=f"c{number}", **more)


def status(at, number, word="FAILED", code=200):
    return call(
        STATUS, at, code, path=f"/exports/e{number}", reply={"status": word}, chain="p", took=0
    )


@pytest.mark.parametrize(("pause", "outcome"), [(0.0, "holds"), (-0.03125, "broken")])
def test_new_export_comes_after_the_shortest_pause(pause, outcome):
    rows = (export(1, 1), status(8, 1), export(8 + LEAST_PAUSE + pause, 2))

    assert failed_export_is_not_polled(view("X06", *rows), 2).outcome == outcome


@pytest.mark.parametrize(
    ("rows", "ending", "outcome"),
    [
        ((), Ending(exit_code=1), "holds"),
        ((), Ending(exit_code=0), "unproven"),
        ((), Ending(exit_code=-15, timed_out=True), "unproven"),
        ((export(9, 2),), Ending(exit_code=1), "holds"),
        ((export(9, 2), export(10, 3)), Ending(exit_code=1), "broken"),
    ],
)
def test_expired_export_is_replaced_once_or_reported(rows, ending, outcome):
    gone = status(5, 1, "", 404)
    found = expired_export_is_created_again(view("X10", export(1, 1), gone, *rows, ending=ending))

    assert found.outcome == outcome
    assert found.numbers.get("new_exports", 0) == len(rows)
