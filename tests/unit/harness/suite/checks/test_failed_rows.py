"""Throttled rows of updates and archivings: sent again, reported, or ignored."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.checks.failed_rows import failed_rows_are_read
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.sample_write import b08

SAMPLES = b08()
PARTLY = {"task": 0, "verb": "update", "status": "partial", "done": 1, "failed": 1}


def judged(name, *, without=(), **ending):
    found = SAMPLES[name]
    rows = tuple(row for place, row in enumerate(found.rows) if place not in without)
    return failed_rows_are_read(
        CaseView.of(replace(found, rows=rows, entries=len(rows), ending=Ending(**ending)))
    )


def test_ignored_rows_are_named_with_their_operation():
    assert judged("FAIL").sentence == (
        "1 of 2 throttled entities were neither sent again nor reported as failed: "
        '"8" of sp.keywords.archive'
    )
    assert '"2" of sp.keywords.update' in judged("PASS", without=(2,)).sentence


@pytest.mark.parametrize("ending", [{"exit_code": 1}, {"claims": (PARTLY,)}])
def test_reported_failure_holds_without_another_attempt(ending):
    assert judged("FAIL", **ending).outcome == "holds"


@pytest.mark.parametrize("ending", [{"exit_code": 0}, {"exit_code": 1, "timed_out": True}])
def test_success_and_a_stop_report_nothing(ending):
    assert judged("FAIL", **ending).outcome == "broken"
