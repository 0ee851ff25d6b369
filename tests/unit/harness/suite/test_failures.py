"""Refused calls, crashes and the call of a finding, as every report shows them."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import Ending, RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_case, judge_run
from adsmock.harness.suite.report import failures, junit, run_json
from adsmock.harness.suite.report.html.header import page_view
from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.sample_security import FLAWED, shake
from tests.unit.harness.suite.samples import SAMPLES

SCHEMA = json.loads(
    (Path(__file__).parents[4] / "contracts/meta/run.schema.json").read_text("utf-8")
)
REFUSAL = {
    "code": "INVALID_ARGUMENT",
    "message": "1 validation error detected: Value 'ten' at 'campaigns.1.member.budget.budget' "
    "failed to satisfy constraint: Member must be of type number",
}
REASON = "campaigns[0].budget.budget must be of type number"
TRACEBACK = "Traceback (most recent call last):\n  File \"sync.py\", line 3\nKeyError: 'code'"


def refused(at):
    return call("sp.campaigns.create", at, 400, reply=REFUSAL)


def document(*cases, driver="command", invariants=()):
    names = (*(one.case for one in cases), *invariants)
    meta = RunMeta(driver, "sh", "sh", "core", 7, names)
    found = run_json.render(judge_run(RunRecord(meta, cases), load()))
    jsonschema_rs.validate(SCHEMA, found)
    return found


def crashed(case="D03", ending=None):
    return record(case, refused(0), ending=ending or Ending(exit_code=1, output=TRACEBACK))


def test_refused_calls_are_grouped_by_the_path_that_the_client_wrote():
    found = document(record("D03", refused(0), refused(1), call("sp.campaigns.list", 2)))
    (case,) = found["cases"]

    assert case["refused"] == [
        {"operation": "sp.campaigns.create", "status": 400, "reason": REASON, "count": 2}
    ]
    assert failures.refused_sentence(case["refused"]) == f"2 calls refused by validation: {REASON}"
    assert found["refused"] is None


def test_refusals_in_several_cases_are_summarized():
    found = document(record("D03", refused(0)), record("A03", refused(0)))

    assert found["refused"] == (
        f"2 calls in 2 cases refused by validation; most often (2 times): {REASON}"
    )


def test_planned_refusal_is_no_refusal_by_validation():
    planned = call("sp.campaigns.list", 0, 400, fault=met("busy"))

    assert failures.refused_calls(replace(record("D03"), rows=(planned | {"seq": 1},))) == []


@pytest.mark.parametrize(
    "reply", [None, [], {}, "text", {"message": "budget is too low"}, {"details": "no name"}]
)
def test_any_reply_gives_a_reason(reply):
    row = call("sp.campaigns.create", 0, 422, reply=reply)
    (one,) = failures.refused_calls(replace(record("D03"), rows=(row | {"seq": 1},)))

    assert one["reason"] in {"no reason in the reply", "budget is too low", "no name"}


def test_crash_after_contact_is_the_headline_of_every_report():
    found = document(crashed())
    page = page_view(found, [])
    suite = ET.fromstring(junit.render(found)).find("testsuite")

    assert found["hint"].startswith("The program crashed in 1 of 1 case after it had called")
    assert "D03 it ended with exit code 1, after sp.campaigns.create in NA at" in found["hint"]
    assert found["hint"].endswith("KeyError: 'code'")
    assert page.hint.startswith("The program crashed")
    assert page.last_lines.endswith("KeyError: 'code'")
    assert "KeyError: 'code'" in suite.findtext("system-err")


@pytest.mark.parametrize(
    ("ending", "driver", "has_crashed"),
    [
        (Ending(exit_code=1, output="2 items failed"), "command", False),
        (Ending(exit_code=0, output=TRACEBACK), "command", False),
        (Ending(exit_code=-11), "command", True),
        (Ending(exit_code=139), "command", True),
        (Ending(exit_code=2, output="panic: nil map\n"), "command", True),
        (Ending(exit_code=1, output="    at sync (/app/sync.js:3:9)\n"), "command", True),
        (Ending(exit_code=0), "adapter", True),
        (Ending(exit_code=-9, timed_out=True), "command", False),
        (Ending(error="HTTPError: 400"), "reference", False),
    ],
)
def test_crash_is_an_error_that_nothing_caught(ending, driver, has_crashed):
    assert failures.has_crashed(crashed(ending=ending), driver) is has_crashed


def test_program_that_made_no_call_has_its_own_hint():
    empty = record("D03", ending=Ending(exit_code=1, output=TRACEBACK))

    assert not failures.has_crashed(empty, "command")
    assert "never reached the mock" in document(empty)["hint"]


def test_breach_names_its_call_and_its_own_fix():
    found = document(SAMPLES["T01.early"]["FAIL"])
    check = next(one for one in found["cases"][0]["checks"] if one["id"] == "T01.early")

    assert check["call"]["operation"] == "sp.campaigns.list"
    assert check["call"]["region"] == "NA"
    assert check["call"]["time"].startswith("2026-07-01T12:00:")
    words = failures.call_words(check["call"] | {"requestId": "r-1"})
    assert words.startswith("sp.campaigns.list in NA at 2026-07-01T12:00:")
    assert words.endswith("request id r-1")
    fixes = {one["id"]: one["howToFix"] for one in found["cases"][0]["checks"]}
    assert fixes == {one.id: one.how_to_fix for one in load()["T01"].checks}
    assert fixes["T01.early"] != fixes["T01.resumes"]


def test_breach_of_an_invariant_names_a_call_of_the_case_in_its_sentence():
    asked = call("sp.campaigns.list", 0, 429, retryAfter="3")
    first = record("E05", asked, call("sp.campaigns.list", 1))
    second = record("P01", asked, call("sp.campaigns.list", 2), client_id="another")
    cases = document(first, second, invariants=("I05",))["cases"]
    check = next(one for case in cases for one in case["checks"] if one["id"] == "I05.early")

    assert check["sentence"].startswith("in case E05, attempt 2")
    assert {row["case"] for row in check["rows"]} == {"E05", "P01"}
    assert check["call"]["time"].endswith("12:00:01.000Z")


def test_unproven_check_says_what_the_program_has_to_do():
    found = document(record("T01"))
    check = found["cases"][0]["checks"][0]

    assert check["status"] == "UNPROVEN"
    assert check["toProve"] == (
        "the program has to repeat the call that got Retry-After after that wait; "
        "the work: list sp.campaigns in NA"
    )
    assert all(failures.work_words(case) for case in load().values() if case.tasks)


def test_advice_after_a_stop_does_not_blame_trust():
    rows = [shake(n, FLAWED, "unknown-ca", error="TLSV1_ALERT_UNKNOWN_CA") for n in range(3)]
    stopped = replace(record("S01", *rows), ending=Ending(timed_out=True, exit_code=-15))
    check = document(stopped)["cases"][0]["checks"][0]

    assert check["toProve"] == (
        "the program has to end by itself, or get a longer --timeout; "
        "the work: list sp.campaigns in NA and EU"
    )


def to_prove_simultaneous(calls):
    """Return the advice after so many calls that overlap, and one long after them."""
    at_once = [call("sp.campaigns.list", 0.1 * at, took=3) for at in range(calls)]
    found = record("A04", *at_once, call("sp.campaigns.list", 60))
    return document(found)["cases"][0]["checks"][0]["toProve"]


@pytest.mark.parametrize(("calls", "most"), [(0, 1), (1, 1), (3, 3)])
def test_unproven_check_of_simultaneous_calls_says_what_a_program_with_fewer_declares(calls, most):
    assert to_prove_simultaneous(calls).endswith(
        ". A program that never makes 4 calls at the same time says so in the manifest "
        f"(--manifest ads-client.toml), such as: concurrent_calls = {most}. Then A04 is N/A"
    )


def test_program_that_made_as_many_calls_at_once_gets_no_such_advice():
    assert "concurrent_calls" not in to_prove_simultaneous(4)


def test_fault_that_no_call_got_names_the_operation_it_waits_for():
    found = judge_case(load()["B01"], record("B01", call("sp.keywords.list", 0)))

    assert "which waits for sp.campaigns.create" in found.verdicts[1].sentence


@pytest.mark.parametrize(
    ("code", "output"),
    [
        (127, "/bin/sh: 1: no-such-program: not found\n"),
        (126, "/bin/sh: 1: ./sync.php: Permission denied\n"),
        (2, "/bin/sh: 1: Syntax error: Unterminated quoted string\n"),
        (1, "/bin/sh: -c: line 1: unexpected EOF while looking for matching `\"'\n"),
    ],
)
def test_command_that_no_shell_can_run_gets_no_hint_about_credentials(code, output):
    hint = document(record("A01", ending=Ending(exit_code=code, output=output)))["hint"]

    assert "could not be run" in hint
    assert output.strip().splitlines()[-1] in hint
    assert "CLIENT_ID" not in hint
    assert "base URLs" not in hint


def test_program_that_fails_before_its_first_call_gets_the_hint_about_credentials():
    hint = document(record("A01", ending=Ending(exit_code=2, output="syntax error in config\n")))

    assert "CLIENT_ID" in hint["hint"]
