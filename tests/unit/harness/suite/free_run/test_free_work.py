"""The verdict on the work of a case whose faults were played again alone."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import Ending, RunMeta, RunRecord
from adsmock.harness.suite.journal.integrity import IntegrityError, check_record
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report.html.check import evidence
from adsmock.harness.suite.report.html.view import evidence_lookup
from tests.unit.harness.suite.free_run.test_judge import DONE, DOUBLED, LOST, throttled


def replayed(*works, exit_code=1, **more):
    """Return a record whose failure may be another's, and one replay for each piece of work."""
    first = throttled(work=(LOST,), ending=Ending(exit_code=1), **more)
    replays = [
        throttled(work=(work,), ending=Ending(exit_code=exit_code), replay_of="T01")
        for work in works
    ]
    named = [replace(one, case=f"T01:wait-{place}") for place, one in enumerate(replays)]
    return first, *named


def work_of(*records):
    run = RunRecord(RunMeta("free", "sh", "sh", "full", 7, ("T01",), filtered=True), records)
    (case,) = judge_run(run, load()).cases
    return next(one for one in case.verdicts if one.check == "x.work")


@pytest.mark.parametrize(
    ("works", "exit_code", "status", "words"),
    [
        ((LOST, LOST), 1, "PASS", "; 2 faults played alone, and no work lost silently"),
        ((DONE,), 0, "PASS", "; 1 fault played alone, and no work lost silently"),
        ((DONE, LOST), 0, "FAIL", "with the fault T01:wait-1 alone, 1 of 1 intended entities"),
        ((DOUBLED,), 1, "FAIL", 'with the fault T01:wait-0 alone, sp.campaigns "Night 1" exists'),
    ],
)
def test_replays_of_single_faults_decide_what_a_shared_exit_code_reports(
    works, exit_code, status, words
):
    found = work_of(*replayed(*works, exit_code=exit_code))

    assert found.status == status
    assert words in found.sentence


def test_evidence_of_a_replay_is_in_its_own_calls():
    found = work_of(*replayed(LOST, exit_code=0))

    assert {row.case for row in found.rows} == {"T01:wait-0"}
    assert "fault wait-3 of T01" in {row.note for row in found.rows}


def test_stopped_replay_leaves_the_work_open():
    first, again = replayed(LOST)
    stopped = replace(again, ending=Ending(exit_code=-15, timed_out=True))

    assert work_of(first, stopped).status == "UNPROVEN"


def test_replay_that_the_suite_could_not_play_is_an_error():
    first, again = replayed(LOST)

    assert work_of(first, replace(again, failure="no answer")).status == "ERROR"


def test_faults_that_were_not_replayed_are_named():
    (first,) = replayed(not_replayed=("read-400", "read-404"), no_replay="--rounds is small")
    found = work_of(first)

    assert found.status == "N/A"
    assert found.sentence.startswith(
        "not judged: the exit code may report another fault, and read-400, read-404 were not "
        "played again alone: --rounds is small; the program ended with exit code 1"
    )


def test_record_with_replays_does_not_contradict_itself():
    first, again = replayed(LOST)
    names = (first.case,)
    run = RunRecord(RunMeta("free", "sh", "sh", "full", 7, names, filtered=True), (first, again))

    check_record(run, load())
    with pytest.raises(IntegrityError, match="T01:wait-0, which is no case of the run"):
        check_record(replace(run, cases=(first, replace(again, replay_of=""))), load())


def test_page_finds_the_calls_of_a_replay_and_marks_none_of_its_case():
    check = {"id": "x.work", "status": "FAIL", "rows": [{"seq": 2, "case": "T01:wait-0"}]}
    rows = {"T01": [{"seq": 1}, {"seq": 2}], "T01:wait-0": [{"seq": 2, "path": "/sp"}]}
    known = evidence_lookup([{"id": "T01", "checks": [check]}], rows)

    assert known["T01:wait-0"].entries[2]["path"] == "/sp"
    assert not known["T01:wait-0"].shown
    assert not evidence([check], "T01")
