"""How long a call was open: limits, and calls that ended because the suite stopped the program."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks.timeouts import (
    silent_call_is_waited_for,
    silent_call_times_out,
    slow_body_is_limited,
)
from adsmock.harness.suite.journal import CaseView, Ending, RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_run
from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.test_samples import verdict_of

ENDED = Ending()
STOPPED = Ending(exit_code=-15, timed_out=True)

SLOW = ("N05", "dripping", "drip")
SILENT = ("N01", "never-answered", "timeout-after-commit")


def waited(fault, seconds, *later, ended="client-closed", ending=STOPPED):
    """Return a record with one call that was open for some seconds, and what followed."""
    case, name, kind = fault
    end = {"tEnd": 501 + seconds, "cEnd": 1782907201 + seconds} if seconds else {}
    struck = call("sp.campaigns.list", 1, fault=met(name, kind), ended=ended, **end)
    if not seconds:
        struck |= {"tEnd": 0, "cEnd": 0}
    return record(case, struck, *later, ending=ending, timebase="monotonic")


@pytest.mark.parametrize(("seconds", "status"), [(99, "UNPROVEN"), (301, "WARN")])
def test_slow_body_that_ends_with_the_program_is_no_limit_of_the_program(seconds, status):
    verdict = verdict_of("N05.ends", waited(SLOW, seconds))

    assert verdict.status == status
    assert "the suite stopped the program" in verdict.sentence


def test_unproven_slow_body_says_how_much_time_the_program_needs():
    verdict = verdict_of("N05.ends", waited(SLOW, 99))

    assert verdict.sentence == (
        "the suite stopped the program after 99 s of the slow body; the limit is 300 s: give the "
        "program more time, such as --timeout 420"
    )


def test_call_in_progress_of_a_stopped_program_is_unproven_not_inconclusive():
    assert verdict_of("N05.ends", waited(SLOW, 0, ended="open")).status == "UNPROVEN"


@pytest.mark.parametrize("ending", [STOPPED, Ending(exit_code=0)])
def test_body_that_the_program_left_before_its_next_call_was_limited_by_the_program(ending):
    later = call("sp.campaigns.list", 130, chain="next")

    assert verdict_of("N05.ends", waited(SLOW, 99, later, ending=ending)).status == "PASS"


def test_silent_call_that_ends_with_the_program_was_not_left_too_early():
    assert verdict_of("N01.waits", waited(SILENT, 20)).status == "UNPROVEN"
    assert verdict_of("N01.waits", waited(SILENT, 20, ending=Ending(exit_code=1))).status == "WARN"


def test_free_run_shows_a_check_that_its_time_limit_left_open():
    found = waited(SLOW, 99)
    judged = judge_run(
        RunRecord(RunMeta("free", "sh", "sh", "full", 7, ("N05",), filtered=True), (found,)), load()
    )

    statuses = {one.check: one.status for case in judged.cases for one in case.verdicts}
    assert statuses["N05.ends"] == "UNPROVEN"


def open_for(seconds, timebase="sandbox", ending=ENDED):
    """Return the view of a client whose silent call was open for some seconds."""
    return CaseView.of(replace(waited(SILENT, seconds, ending=ending), timebase=timebase))


@pytest.mark.parametrize(
    ("judge", "limit", "timebase", "seconds", "outcome"),
    [
        (silent_call_times_out, 60, "sandbox", 58.9375, "holds"),
        (silent_call_times_out, 60, "sandbox", 59.0, "broken"),
        (silent_call_times_out, 60, "monotonic", 59.9375, "holds"),
        (silent_call_times_out, 60, "monotonic", 59.96875, "broken"),
        (silent_call_is_waited_for, 30, "sandbox", 29.0, "holds"),
        (silent_call_is_waited_for, 30, "sandbox", 28.9375, "broken"),
        (silent_call_is_waited_for, 30, "monotonic", 29.96875, "holds"),
        (silent_call_is_waited_for, 30, "monotonic", 29.9375, "broken"),
        (slow_body_is_limited, 300, "sandbox", 301.0, "holds"),
        (slow_body_is_limited, 300, "sandbox", 301.0625, "broken"),
        (slow_body_is_limited, 300, "monotonic", 300.03125, "holds"),
        (slow_body_is_limited, 300, "monotonic", 300.0625, "broken"),
    ],
)
def test_limit_of_a_wait_allows_for_the_error_of_its_clock(
    judge, limit, timebase, seconds, outcome
):
    assert judge(open_for(seconds, timebase), "never-answered", limit).outcome == outcome


@pytest.mark.parametrize(("seconds", "outcome"), [(59.0, "broken"), (58.5, "inconclusive")])
def test_client_that_was_stopped_while_it_waited_is_judged_at_the_limit(seconds, outcome):
    view = open_for(seconds, ending=STOPPED)

    assert silent_call_times_out(view, "never-answered", 60).outcome == outcome
