"""What a run reports to its mock: cases as they start and end, then the verdicts."""

import pytest

from adsmock.harness.command.announcement import (
    AT_THE_END,
    LONG_CASE,
    MAX_TEXT,
    Announcement,
    Subject,
    announced,
    shown_name,
)
from adsmock.harness.suite import case
from adsmock.harness.suite.control import PlaneError
from adsmock.harness.suite.control.plane import Plane
from adsmock.harness.suite.journal import RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_case, judge_run
from adsmock.harness.suite.runner import Step
from adsmock.mockserver.control.schema import check
from tests.unit.harness.suite.samples import SAMPLES

CASES = case.load()
NAMES = ("A01", "T01", "I01")
PASSED, FAILED = SAMPLES["A01.headers"]["PASS"], SAMPLES["T01.early"]["FAIL"]


@pytest.fixture
def news():
    cases = tuple(CASES[name] for name in NAMES)
    subject = Subject("command-7-1", "nightly.py", "core", 7, 1_782_907_200.0, cases)
    return Announcement(subject, lambda record: judge_case(CASES[record.case], record))


def rows(news):
    news.changed()
    report = news.report()
    check("RunReport", report)
    return [(row["case"], row["state"], row.get("status")) for row in report["cases"]]


def test_cases_are_reported_as_they_start_and_end(news):
    assert rows(news) == [(name, "waiting", None) for name in NAMES]
    news.note(Step("T01", "started", "command-7-t01"))
    assert news.changed()
    assert not news.changed()
    assert rows(news)[-1] == ("T01", "running", None)
    assert news.report()["cases"][-1]["sandbox"] == "command-7-t01"
    news.note(Step("T01", "ended", record=FAILED))
    news.note(Step("A01", "started", "command-7-a01"))
    news.note(Step("A01", "ended", record=PASSED))
    news.note(Step("I01", "ended"))
    assert rows(news) == [
        ("I01", "waiting", None),
        ("T01", "ended", "FAIL"),
        ("A01", "ended", "PASS"),
    ]
    invariant, early, _ = news.report()["cases"]
    assert invariant["sentence"] == AT_THE_END
    assert "Retry-After" in early["sentence"]
    assert "sandbox" not in early


def test_a_long_case_is_judged_at_the_end(news):
    record = type(FAILED)("T01", 1, "monotonic", entries=LONG_CASE + 1)
    news.note(Step("T01", "ended", record=record))
    assert rows(news)[-1] == ("T01", "ended", None)


def test_the_verdicts_of_the_whole_run_replace_those_on_the_way(news):
    news.say("x" * 2 * MAX_TEXT)
    assert len(news.report()["note"]) == MAX_TEXT
    meta = RunMeta("command", "sh", "sh", "core", 7, NAMES)
    news.finish(judge_run(RunRecord(meta, (PASSED, FAILED)), CASES))
    report = news.report()
    check("RunReport", report)
    assert (report["state"], report["exitCode"]) == ("ended", 1)
    assert {row["state"] for row in report["cases"]} == {"ended"}
    assert "note" not in report


@pytest.mark.parametrize("status", [0, 404])
def test_a_mock_that_takes_no_reports_disturbs_no_run(news, monkeypatch, status):
    sent = []

    def refuse(_, name, report):
        sent.append((name, report["state"]))
        raise PlaneError(status, "no such route")

    monkeypatch.setattr(Plane, "put_run", refuse)
    with announced(news, "http://127.0.0.1:1"):
        news.say("a round")
    expected = [("command-7-1", "running")] * (2 if status == 0 else 1)
    assert sent in (expected, expected[:1])  # both may be in one report


def test_an_interrupted_run_is_reported_as_stopped(news, monkeypatch):
    sent = []
    monkeypatch.setattr(Plane, "put_run", lambda _, _name, report: sent.append(report["state"]))
    with pytest.raises(KeyboardInterrupt), announced(news, "http://127.0.0.1:1"):
        raise KeyboardInterrupt
    assert sent[-1] == "stopped"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("python nightly.py --key s3cret", "python nightly.py"),
        ("TOKEN=s3cret node sync.js", "node sync.js"),
        ("--x", "program"),
    ],
)
def test_a_name_has_no_options_or_values(line, shown):
    assert shown_name(line.split()) == shown
