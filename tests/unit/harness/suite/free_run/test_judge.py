"""The verdicts of a free run: opportunities, lost work, exit codes."""

import re
from io import StringIO

import pytest
from msgspec.structs import replace
from rich.console import Console

from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks.lost_work import work_is_not_lost
from adsmock.harness.suite.checks.work import work_is_done_once
from adsmock.harness.suite.journal import CaseView, Ending, RunMeta, RunRecord, Work
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import run_json, terminal
from tests.unit.harness.suite.journal_rows import call, met, record

LOST = Work("created", "sp.campaigns.create", "NA.US", "Night 1", 1, 1, 0)
DOUBLED = Work("created", "sp.campaigns.create", "NA.US", "Night 1", 1, 1, 2)
DONE = Work("created", "sp.campaigns.create", "NA.US", "Night 1", 1, 1, 1)


def throttled(**more):
    rows = (
        call("sp.campaigns.list", 1, 429, retryAfter="3", fault=met("wait-3"), chain="a"),
        call("sp.campaigns.list", 5, chain="a"),
    )
    facts = {"timebase": "monotonic", "ending": Ending(exit_code=0), **more}
    found = record("T01", *rows, **facts)
    return replace(found, faults=tuple(one for one in found.faults if one.met))


def verdicts(*records, **meta):
    names = tuple(one.case for one in records)
    run = RunRecord(RunMeta("free", "sh", "sh", "full", 7, names, filtered=True, **meta), records)
    judged = judge_run(run, load())
    return judged, {one.check: one for case in judged.cases for one in case.verdicts}


def outcome(*work, exit_code, timed_out=False):
    ending = Ending(exit_code=exit_code, timed_out=timed_out)
    return work_is_done_once(CaseView.of(throttled(work=work, ending=ending)))


@pytest.mark.parametrize(
    ("work", "exit_code", "expected"),
    [
        (DONE, 0, "holds"),
        (DONE, 1, "holds"),
        (LOST, 0, "broken"),
        (LOST, 1, "holds"),
        (DOUBLED, 0, "broken"),
        (DOUBLED, 1, "broken"),
    ],
)
def test_lost_work_needs_an_exit_code_and_doubled_work_always_fails(work, exit_code, expected):
    assert outcome(work, exit_code=exit_code).outcome == expected


@pytest.mark.parametrize("exit_code", [-15, -9, 0, 1, None])
@pytest.mark.parametrize(
    ("work", "expected"), [(LOST, "unproven"), (DONE, "unproven"), (DOUBLED, "broken")]
)
def test_program_that_the_suite_stopped_has_reported_nothing(work, exit_code, expected):
    assert outcome(work, exit_code=exit_code, timed_out=True).outcome == expected


def test_run_of_a_program_that_hangs_is_incomplete():
    hanging = throttled(work=(LOST,), ending=Ending(exit_code=-15, timed_out=True))
    run, found = verdicts(hanging)

    assert found["x.work"].status == "UNPROVEN"
    assert found["x.work"].sentence == (
        "adsmock stopped the program at its time limit, before it ended or reported a failure: 1 "
        "of 1 intended entities were never created with sp.campaigns.create for NA.US, such as "
        '"Night 1"; let it end by itself, or give it more time with --timeout (10 min without a '
        "call are a failure)"
    )
    assert run.exit_code == 3


@pytest.mark.parametrize("work", [LOST, DONE])
@pytest.mark.parametrize(("ran", "status"), [(603, "UNPROVEN"), (605, "FAIL"), (None, "UNPROVEN")])
def test_program_without_a_call_for_ten_minutes_hangs(work, ran, status):
    """Its calls took four seconds."""
    ending = Ending(exit_code=-15, timed_out=True, stopped_after=ran)
    run, found = verdicts(throttled(work=(work,), ending=ending))

    assert found["x.work"].status == status
    assert run.exit_code == {"FAIL": 1, "UNPROVEN": 3}[status]
    assert status == "UNPROVEN" or "no call in its last 10 min" in found["x.work"].sentence


@pytest.mark.parametrize(("ran", "names"), [(63, False), (65, True), (605, True)])
def test_program_that_never_ended_is_shown_with_its_last_call(ran, names):
    ending = Ending(exit_code=-15, timed_out=True, stopped_after=ran)
    _, found = verdicts(throttled(work=(LOST,), ending=ending))

    last = f"its last call, sp.campaigns.list with status 200, ended {ran - 4} s before the stop"
    assert (last in found["x.work"].sentence) == names


def test_hang_that_a_check_of_the_case_shows_leaves_nothing_to_prove():
    """N05 is a SHOULD: a program that waits for its slow body is not incomplete."""
    ending = Ending(exit_code=-15, timed_out=True, stopped_after=600.0)
    slow = call(
        LIST, 1, fault=met("dripping", "drip"), ended="client-closed", tEnd=1100, cEnd=1782907800
    )
    hung = record("N05", slow, timebase="monotonic", ending=ending, work=(LOST,))
    proven = throttled(work=(DONE,))
    run, found = verdicts(hung, proven)

    works = [one for case in run.cases for one in case.verdicts if one.check == "x.work"]
    assert found["N05.ends"].status == "WARN"
    assert [one.status for one in works] == ["N/A", "PASS"]
    assert "the program hung, see N05.ends" in works[0].sentence
    assert run.exit_code == 0


def test_sentence_names_what_was_lost():
    assert outcome(LOST, DONE, exit_code=0).sentence == (
        "1 of 2 intended entities were never created with sp.campaigns.create for NA.US, such as "
        '"Night 1"; the program ended with exit code 0, which says that all is done'
    )


def test_sentence_counts_the_first_kind_of_work_and_the_rest():
    lost = [LOST, replace(LOST, name="Night 2"), replace(DONE, name="Night 3")]
    page = Work("read", "sp.campaigns.list", "NA.US", "", 6, None, 4)

    assert outcome(*lost, page, exit_code=0).sentence.startswith(
        "2 of 3 intended entities were never created with sp.campaigns.create for NA.US, such as "
        '"Night 1" (and 2 pieces of other work); '
    )


CREATE, LIST = "sp.campaigns.create", "sp.campaigns.list"
REFUSED = call(CREATE, 1, 406, region="EU", fault=met("wait-3"), chain="a")
READ_HERE, LATER = call(LIST, 2, chain="b"), call("reporting.get", 9, chain="r")
MADE_HERE = call(CREATE, 3, chain="c")


@pytest.mark.parametrize(
    ("rows", "about"),
    [
        ((MADE_HERE, REFUSED, LATER), (CREATE, "11", "last call of this work")),
        ((READ_HERE, REFUSED), (LIST, "11", "last call for this profile")),
        (
            (call(CREATE, 0, 500, fault=met("wait-3")), REFUSED),
            (CREATE, "11", "fault wait-3 of T01"),
        ),
        ((REFUSED,), (CREATE, "22", "fault wait-3 of T01")),
    ],
)
def test_call_of_lost_work_is_of_its_operation_and_profile(rows, about):
    found = replace(record("T01", *rows, ending=Ending(exit_code=0)), work=(LOST,))
    view = CaseView.of(found)
    last = work_is_done_once(view).rows[-1]
    entry = next(one for one in view.entries if one.seq == last.seq)

    assert (entry.operation, entry.profile_id, last.note) == about


def test_call_of_a_lost_file_is_that_with_the_fault_not_the_download_of_another_file():
    lost = Work("fetched", "storage.get", "", "", 2, None, 1)
    rows = (REFUSED, call("storage.get", 5, profileId=None))
    found = replace(record("T01", *rows, ending=Ending(exit_code=0)), work=(lost,))

    assert [row.seq for row in work_is_done_once(CaseView.of(found)).rows] == [1]


def test_lost_work_whose_own_call_got_a_fault_is_named_first():
    elsewhere = replace(LOST, profile="EU.UK", name="Night 2")
    found = replace(record("T01", READ_HERE, REFUSED, ending=Ending(exit_code=0)))
    finding = work_is_done_once(CaseView.of(replace(found, work=(LOST, elsewhere))))

    assert 'EU.UK, such as "Night 2" (and 1 piece of other work)' in finding.sentence


def test_lost_work_of_a_free_run_is_no_numbered_task():
    refused = call(CREATE, 1, 500, chain="a", request={"campaigns": [{"name": "Night 1"}]})
    args = {"resource": "sp.campaigns", "profile": "11", "items": [{"name": "Night 1"}]}
    own = {"verb": "create", "args": args}
    found = record("B01", refused, LATER, ending=Ending(exit_code=0))
    finding = work_is_not_lost(CaseView.of(replace(found, tasks=(own,), numbers={})))

    assert finding.sentence == (
        'the create of sp.campaigns of profile NA.US (11) lost "Night 1": never done, not refused '
        "for good and not reported as failed"
    )
    assert [row.seq for row in finding.rows] == [1]


def test_check_of_every_case_names_its_case_on_the_terminal():
    run, _ = verdicts(throttled(work=(LOST,)))
    printed = StringIO()
    terminal.show(run_json.render(run), Console(file=printed, width=200))

    assert "FAIL x.work (T01) MUST: " in printed.getvalue()


@pytest.mark.parametrize(
    ("work", "lost", "doubled"),
    [
        ([replace(LOST, name="", least=7, most=7, seen=4)], 3, 0),
        ([LOST, Work("read", "sp.campaigns.list", "NA.US", "", 6, None, 4), DONE], 3, 0),
        ([DOUBLED, replace(DOUBLED, name="Night 2", seen=4)], 0, 4),
    ],
)
def test_numbers_count_what_the_sentence_counts(work, lost, doubled):
    finding = outcome(*work, exit_code=0)

    assert (finding.numbers["lost"], finding.numbers["doubled"]) == (lost, doubled)
    named = sum(
        int(number)
        for number in re.findall(r"(\d+)(?: of \d+ intended| pieces? of other)", finding.sentence)
    )
    assert named == lost
    assert ("4 too many in all" in finding.sentence) is bool(doubled)


def test_evidence_of_lost_work_names_its_case_and_ends_with_the_operation_of_the_work():
    created = call("sp.campaigns.create", 1, 500, fault=met("wait-3"), chain="b")
    listed = call("sp.campaigns.list", 2, 429, fault=met("wait-3"), chain="a")
    ending = Ending(exit_code=0)
    found = record("T01", created, listed, timebase="monotonic", ending=ending, work=(LOST,))

    finding = work_is_done_once(CaseView.of(found))
    assert [(row.seq, row.case, row.note) for row in finding.rows] == [
        (2, "T01", "fault wait-3 of T01"),
        (1, "T01", "fault wait-3 of T01"),
    ]


def test_one_throttled_call_is_enough_to_judge():
    run, found = verdicts(throttled(work=(DONE,)))

    assert found["T01.early"].status == "PASS"
    assert found["x.work"].status == "PASS"
    assert (run.word, run.exit_code) == ("passed", 0)


def test_lost_work_fails_the_run():
    run, found = verdicts(throttled(work=(LOST,)))

    assert found["x.work"].status == "FAIL"
    assert run.exit_code == 1


def test_case_without_opportunity_is_not_applicable_with_its_reason():
    _, found = verdicts(throttled(), record("R01", lacks="your program would have to report"))

    assert found["R01.version"].status == "N/A"
    assert found["R01.version"].sentence == "your program would have to report"


def test_fault_that_reached_no_call_is_not_applicable():
    _, found = verdicts(throttled(), record("E05", call("sp.campaigns.list", 1)))

    assert found["E05.early"].status == "N/A"
    assert "no call got the fault" in found["E05.early"].sentence


def test_round_without_a_call_is_not_applicable_when_the_program_calls_in_others():
    _, found = verdicts(throttled(), record("G02"))

    assert found["G02.found"].status == "N/A"
    assert found["G02.found"].sentence == "no opportunity in this run: the client made no call"


def test_program_that_never_calls_is_incomplete():
    run, found = verdicts(record("T01"))

    assert found["T01.early"].status == "UNPROVEN"
    assert run.exit_code == 3


def test_program_that_fails_without_faults_is_incomplete():
    ending = Ending(exit_code=1, output="start\n\nbudget.csv is missing\n")
    run, _ = verdicts(throttled(ending=ending), clean_exit=1)

    assert run.exit_code == 3
    assert "exit code 1 without any fault, so no round with faults was played" in str(run.hint)
    assert "Its last lines:\n  start\n  budget.csv is missing\n" in str(run.hint)
    assert "adsmock exec --invent 50 -- sh" in str(run.hint)


def test_program_that_never_ends_without_faults_is_incomplete():
    ending = Ending(exit_code=0, timed_out=True, output="start\n")
    run, _ = verdicts(throttled(ending=ending), clean_exit=1)

    assert run.exit_code == 3
    assert "running at the time limit without any fault" in str(run.hint)
    assert "exit code" not in str(run.hint)


def test_hint_for_a_program_without_a_token_names_the_variables():
    ending = Ending(exit_code=1, output="Error: login failed: 401\n")
    run, _ = verdicts(throttled(ending=ending), clean_exit=1, clean_refused_tokens=2)

    assert "got no access token: 2 token requests refused, without any fault" in str(run.hint)
    assert "CLIENT_ID, CLIENT_SECRET and REFRESH_TOKEN" in str(run.hint)
    assert str(run.hint).endswith("Error: login failed: 401")


def test_run_without_a_proven_must_is_incomplete():
    waited = record(
        "E05",
        call("sp.campaigns.list", 1, 503, retryAfter="3", fault=met("wait-3"), chain="a"),
        call("sp.campaigns.list", 5, chain="a"),
    )
    run, found = verdicts(waited)

    assert found["E05.early"].status == "PASS"
    assert run.exit_code == 3


def test_declared_verbs_do_not_explain_what_a_free_run_left_open():
    values = {"name": "acme", "verbs": ["modify"], "resources": ["sp.keywords"]}
    manifest = {"path": "ads-client.toml", "sha256": "0" * 64, "values": values}
    raised = call("sp.keywords.update", 1, 207, request={"keywords": [{"keywordId": "5"}]})
    plain = replace(record("D02", raised, timebase="monotonic"), tasks=())

    _, found = verdicts(plain, manifest=manifest)

    assert found["D02.types"].status == "N/A"
    assert "declared in the manifest" not in found["D02.types"].sentence


def test_case_has_not_passed_when_only_its_work_was_judged():
    judged, found = verdicts(unjudged := replace(throttled(work=(DONE,)), faults=(), numbers={}))

    assert unjudged.case == "T01"
    assert {one.status for name, one in found.items() if name != "x.work"} == {"N/A"}
    assert found["x.work"].status == "PASS"
    assert judged.cases[0].status == "N/A"


def test_last_line_says_that_a_free_run_is_never_conformant():
    run = run_json.render(verdicts(throttled(work=(DONE,)))[0])
    console = Console(record=True, width=200, file=StringIO())

    terminal.show(run, console)

    last = console.export_text().splitlines()[-1]
    assert last.startswith("passed: every MUST check that the calls of your program")
    assert "a free run is never conformant" in last
