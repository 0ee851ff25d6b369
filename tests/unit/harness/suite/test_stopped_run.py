"""A run that was stopped: what ended is judged, and nothing takes it for a whole run."""

import json

import pytest
from msgspec import structs

from adsmock.cli.main import main
from adsmock.harness.suite import baseline
from adsmock.harness.suite.case import load
from adsmock.harness.suite.diff import read_folder
from adsmock.harness.suite.journal import RunRecord, integrity, record
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import badge, folder, run_json
from adsmock.harness.suite.stopped_run import INTERRUPTED
from tests.unit.harness.suite.small_run import small_run


def stopped_run(status: str = "PASS", **facts: object) -> RunRecord:
    """Return a run of seven cases that was stopped when five of them had ended."""
    whole = small_run(status, stopped=INTERRUPTED, **facts)
    names = tuple(sorted({*whole.meta.cases, "T02", "I02"}))
    return RunRecord(structs.replace(whole.meta, cases=names), whole.cases)


def recorded() -> RunRecord:
    """Return a run of seven cases that was stopped, as a mock could have written it.

    Other samples have rows that contradict each other.
    """
    found = stopped_run()
    return RunRecord(found.meta, tuple(one for one in found.cases if one.case == "A01"))


def judged(found: RunRecord):
    return baseline.settle(judge_run(found, load()))


def statuses(found: RunRecord) -> dict[str, str]:
    return {one.case.id: one.status for one in judged(found).cases}


def test_cases_that_ended_keep_their_verdicts_and_the_others_are_undecided():
    found = statuses(stopped_run())

    assert {found[name] for name in ("A01", "E02", "T01", "V01", "X03")} == {"PASS"}
    assert (found["T02"], found["I02"]) == ("INCONCLUSIVE", "INCONCLUSIVE")


@pytest.mark.parametrize(("status", "word"), [("PASS", "incomplete"), ("FAIL", "non-conformant")])
def test_a_stopped_run_is_never_conformant(status, word):
    assert judged(stopped_run(status)).word == word


def test_a_baseline_that_lists_what_is_open_makes_no_whole_run_of_it():
    rows = [
        {"check": check.id, "expect": "inconclusive", "reason": "noise"}
        for name in ("T02", "I02")
        for check in load()[name].checks
    ]
    listing = {"file": "baseline.toml", "values": {"expect": rows}, "lines": {}}
    found = judged(stopped_run(baseline=listing))

    assert found.word == "incomplete"
    assert {one.standing for case in found.cases for one in case.verdicts} == {None, "open"}


def test_even_a_run_whose_cases_all_ended_is_not_whole():
    found = small_run("PASS", stopped=INTERRUPTED)

    assert judged(found).word == "incomplete"


def test_its_journal_can_be_judged_again_and_exits_3(tmp_path, capsys):
    record.write(recorded(), tmp_path / "journal.ndjson")
    words = ["judge", str(tmp_path / "journal.ndjson"), "--report-dir", str(tmp_path / "again")]

    assert main(words) == 3
    said = " ".join(capsys.readouterr().out.split())
    assert "This run was stopped (it was interrupted): 1 of 6 cases ended" in said
    assert "incomplete: the run was stopped before its end" in said
    assert "Run these cases again" not in said
    run = json.loads((tmp_path / "again/run.json").read_text("utf-8"))
    assert run["stopped"].startswith("This run was stopped")
    assert "Stopped early" in (tmp_path / "again/report.html").read_text("utf-8")


def test_a_journal_without_some_cases_is_refused_unless_it_was_stopped():
    found = recorded()
    cut = RunRecord(structs.replace(found.meta, stopped=""), found.cases)

    integrity.check_record(found, load())
    with pytest.raises(integrity.IntegrityError, match="the record of case E02 is missing"):
        integrity.check_record(cut, load())


def test_its_badge_says_so():
    document = run_json.render(judged(stopped_run()))

    assert badge.render(document)["message"].startswith("stopped early · ")
    assert badge.render(document)["color"] == "lightgrey"


def test_the_trend_leaves_it_out(tmp_path):
    folder.write(judged(stopped_run()), tmp_path / "1")
    runs, problems = read_folder(tmp_path)

    assert runs == []
    assert problems == [
        f"{tmp_path / '1' / 'run.json'}: left out, since the run was stopped before its end"
    ]


@pytest.mark.parametrize(("old", "new"), [("whole", "part"), ("part", "whole")])
def test_a_comparison_with_it_proves_nothing(tmp_path, capsys, old, new):
    folder.write(judged(small_run("PASS")), tmp_path / "whole")
    folder.write(judged(stopped_run()), tmp_path / "part")

    assert main(["diff", str(tmp_path / old), str(tmp_path / new)]) == 3
    assert "was stopped" in capsys.readouterr().out
