"""Calls that ended because the suite stopped the program: no timeout of the program."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import Ending, RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_run
from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.test_samples import verdict_of

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
