"""Calls of a program are counted from the journal of the mock."""

import pytest

from adsmock.loadtests.counters import Counters
from adsmock.loadtests.journal_counter import UNKNOWN, JournalCounter


def row(**changes):
    members = {
        "cArrive": 1003.6,
        "tArrive": 10.0,
        "tEnd": 10.25,
        "region": "NA",
        "operation": "sp.campaigns.list",
        "status": 200,
        "ended": "complete",
    }
    return members | changes


def count(*rows):
    counters = Counters()
    JournalCounter(counters, 1000.0, 2).count(rows)
    return counters


def test_a_call_counts_in_its_interval_with_its_time():
    counters = count(row())
    assert dict(counters.of("call")) == {(2, "NA", "sp.campaigns.list", "accepted"): 1}
    assert dict(counters.of("late")) == {("sp.campaigns.list", 250): 1}


def test_a_clock_that_runs_faster_counts_in_the_seconds_of_the_run():
    counters = Counters()
    JournalCounter(counters, 1000.0, 2, rate=60).count([row(cArrive=1000.0 + 60 * 7)])
    assert dict(counters.of("call")) == {(6, "NA", "sp.campaigns.list", "accepted"): 1}


REPORT, OTHER = (f"8c30e3bf-c635-4254-ac00-{number:012d}" for number in (1, 2))


def duplicate(report):
    detail = {"code": "425", "detail": f"The Request is a duplicate of : {report}"}
    return row(operation="reporting.create", status=425, reply=detail)


def poll(report, status=200):
    return row(operation="reporting.get", path=f"/reporting/reports/{report}", status=status)


@pytest.mark.parametrize(
    ("later", "failed"),
    [
        ([poll(REPORT)], 0),
        ([poll(OTHER)], 1),
        ([poll(REPORT, 429)], 1),
        ([], 1),
    ],
    ids=["polled", "other report", "throttled poll", "not polled"],
)
def test_a_refused_duplicate_fails_unless_the_report_that_it_names_is_polled(later, failed):
    counters = count(duplicate(REPORT), *later)

    assert counters.totals()["failed"] == failed
    assert sum(counters.totals().values()) == 1 + len(later)
    assert dict(counters.of("status"))["reporting.create", 425] == failed


def test_a_refused_duplicate_is_no_failure_while_the_event_runs():
    counters = Counters()
    counter = JournalCounter(counters, 1000.0, 2)
    counter.count([duplicate(REPORT), row(status=500)])
    assert counter.totals() == {"accepted": 1, "throttled": 0, "failed": 1}

    counter.count([poll(REPORT)])
    assert counter.totals() == counters.totals() == {"accepted": 2, "throttled": 0, "failed": 1}


def test_creates_of_what_exists_are_counted():
    error = {"errorType": "duplicateValueError"}
    reply = {"campaigns": {"success": [], "error": [{"index": 0, "errors": [error]}]}}
    create = {"operation": "sp.campaigns.create", "status": 207, "items": 1}
    counters = count(row(**create, reply=reply), row(**create, reply={"campaigns": {}}))

    assert dict(counters.of("taken")) == {(): 1}


def test_a_poll_before_a_refused_duplicate_does_not_follow_it():
    assert count(poll(REPORT), duplicate(REPORT)).totals()["failed"] == 1


def test_a_broken_connection_is_a_failed_call():
    assert count(row(ended="reset")).totals() == {"accepted": 0, "throttled": 0, "failed": 1}


def test_refusals_and_unknown_paths_count_and_handshakes_and_deliveries_do_not():
    counters = count(
        row(status=429),
        row(operation=None, status=404),
        row(operation="tls.handshake", tEnd=None),
        row(operation="delivery.sp-traffic", status=0),
    )
    assert counters.totals() == {"accepted": 0, "throttled": 1, "failed": 1}
    assert {name for (_second, _region, name, _result), _times in counters.of("call")} == {
        "sp.campaigns.list",
        UNKNOWN,
    }
