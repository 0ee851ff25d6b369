"""From verdicts to one word and one exit code."""

import pytest
from msgspec.structs import replace

from adsmock.harness.proof import ProofClient, deviation
from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.journal import CaseRecord, Ending, RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.verdict import WORST_FIRST, worst
from tests.unit.harness.suite.journal_rows import call, grant, met, record
from tests.unit.harness.suite.sample_read import t01_resumes
from tests.unit.harness.suite.samples import SAMPLES
from tests.unit.harness.suite.test_samples import verdict_of


def run_of(*cases: CaseRecord, **facts):
    meta = RunMeta("command", "sh", "sh", "core", 7, tuple(one.case for one in cases))
    return judge_run(RunRecord(replace(meta, **facts), cases), load())


T01, T03 = SAMPLES["T01.early"], SAMPLES["T03.growth"]


@pytest.mark.parametrize(
    ("cases", "facts", "word", "code"),
    [
        ((T01["PASS"],), {}, "conformant", 0),
        ((T01["PASS"],), {"filtered": True}, "passed", 0),
        ((T01["FAIL"],), {}, "non-conformant", 1),
        ((T01["PASS"], T03["WARN"]), {}, "conformant", 0),
        ((T01["PASS"], T03["WARN"]), {"strict": True}, "non-conformant", 1),
        ((T01["UNPROVEN"],), {}, "incomplete", 3),
        ((T03["UNPROVEN"],), {}, "conformant", 0),
        ((T01["FAIL"], SAMPLES["E02.once"]["UNPROVEN"]), {}, "non-conformant", 1),
        ((T01["FAIL"], replace(T03["PASS"], failure="no disk")), {}, "error", 4),
        ((), {}, "nothing", 5),
    ],
)
def test_run_has_one_outcome_and_exit_code(cases, facts, word, code):
    found = run_of(*cases, **facts)

    assert (found.word, found.exit_code) == (word, code)


def test_client_that_was_never_seen_gets_a_hint_and_exit_3():
    found = run_of(replace(T03["PASS"], rows=(), entries=0))

    assert found.exit_code == 3
    assert "--through-proxy" in found.hint
    assert "ADS_NA" in found.hint


def test_program_that_failed_before_its_first_call_is_quoted():
    ending = Ending(exit_code=1, output="sync:\nsync: 1: no configuration found\n")
    found = run_of(replace(T03["PASS"], rows=(), entries=0, ending=ending))

    assert found.hint.startswith("The program ended with exit code 1; it printed: sync: 1: no conf")
    assert "--through-proxy" in found.hint


def test_program_that_hangs_before_its_first_call_was_stopped_and_did_not_end():
    ending = Ending(exit_code=-15, timed_out=True, stopped_after=6.0, output="waiting\n")
    found = run_of(replace(T03["PASS"], rows=(), entries=0, ending=ending))

    assert found.hint.startswith(
        "The program was stopped at its time limit of 6 s; it printed: waiting\n"
    )
    assert "exit code" not in found.hint
    assert found.hint.index("ADS_NA") < found.hint.index("CLIENT_ID")


@pytest.mark.parametrize(
    ("code", "proxy", "first", "last"),
    [
        (1, False, "CLIENT_ID, CLIENT_SECRET and REFRESH_TOKEN", "--through-proxy"),
        (2, True, "CLIENT_ID, CLIENT_SECRET and REFRESH_TOKEN", "HTTPS_PROXY"),
        (0, False, "ADS_NA", "start script"),
        (0, True, "HTTPS_PROXY", "start script"),
    ],
)
def test_hint_without_a_call_names_the_credentials_and_no_option_that_was_given(
    code, proxy, first, last
):
    ending = Ending(exit_code=code, output="missing AMZ_CLIENT_ID\nPicked up JAVA_TOOL_OPTIONS: -D")
    found = run_of(replace(T03["PASS"], rows=(), entries=0, ending=ending), through_proxy=proxy)

    assert ("it printed: missing AMZ_CLIENT_ID" in found.hint) == bool(code)
    assert found.hint.index(first) < found.hint.index(last)
    assert "start script: see Troubleshooting, 401 from the mock" in found.hint
    assert ("--through-proxy" in found.hint) != proxy


def test_client_that_ended_with_an_exception_before_its_first_call_is_quoted():
    ending = Ending(error="DeprecationWarning: use a keyword")
    found = run_of(replace(T03["PASS"], rows=(), entries=0, ending=ending))

    assert found.hint == (
        "The client ended with DeprecationWarning: use a keyword before its first call."
    )
    (sentence,) = {one.sentence for case in found.cases for one in case.verdicts}
    assert sentence == ("the client made no call: it ended with DeprecationWarning: use a keyword")


def test_calls_with_foreign_credentials_get_a_hint_of_their_own():
    found = run_of(replace(T03["PASS"], rows=(), entries=0), orphans=4)

    assert found.exit_code == 3
    assert "4 calls" in found.hint
    assert "REFRESH_TOKEN" in found.hint


def test_client_that_was_seen_gets_no_hint():
    assert run_of(T01["UNPROVEN"]).hint is None


def test_case_without_a_record_is_an_error():
    meta = RunMeta("command", "sh", "sh", "core", 7, ("T01",))

    assert judge_run(RunRecord(meta, ()), load()).exit_code == 4


def test_unattributed_calls_leave_a_silent_check_without_a_pass():
    assert verdict_of("T01.early", T01["PASS"], orphans=2).status == "INCONCLUSIVE"
    assert verdict_of("T03.growth", T03["PASS"], orphans=2).status == "PASS"
    assert verdict_of("T01.early", T01["FAIL"], orphans=2).status == "FAIL"


def test_client_that_had_to_be_stopped_cannot_pass_by_silence():
    stopped = replace(T01["PASS"], ending=Ending(timed_out=True))

    assert verdict_of("T01.early", stopped).status == "INCONCLUSIVE"


def test_giving_up_after_the_first_429_proves_no_wait_and_is_a_warning():
    quit_early = t01_resumes()["WARN"]

    assert verdict_of("T01.early", quit_early).status == "UNPROVEN"
    assert verdict_of("T01.resumes", quit_early).status == "WARN"


def test_client_stopped_by_force_did_not_give_up():
    stopped = replace(t01_resumes()["WARN"], ending=Ending(timed_out=True))

    assert verdict_of("T01.early", stopped).status == "UNPROVEN"


def test_check_that_raises_is_an_error_of_ours(monkeypatch):
    def broken_check(view, tolerance_ms):
        raise ZeroDivisionError("on purpose")

    monkeypatch.setitem(JUDGES, "retry_after_is_kept", broken_check)

    verdict = verdict_of("T01.early", T01["PASS"])
    assert (verdict.status, "ZeroDivisionError" in verdict.sentence) == ("ERROR", True)


def test_check_whose_judge_is_gone_is_an_error_of_ours(monkeypatch):
    monkeypatch.delitem(JUDGES, "retry_after_is_kept")

    assert verdict_of("T01.early", T01["PASS"]).status == "ERROR"


def test_fault_that_answered_with_another_status_is_an_error_of_ours():
    found = SAMPLES["E02.once"]["PASS"]
    rows = tuple(row | {"status": 500} if row["status"] == 406 else row for row in found.rows)

    assert verdict_of("E02.once", replace(found, rows=rows)).status == "ERROR"


def test_worst_status_orders_ours_before_theirs():
    assert worst(reversed(WORST_FIRST)) == "ERROR"
    assert worst(["PASS", "WARN", "UNPROVEN"]) == "UNPROVEN"
    assert worst(["N/A", "PASS"]) == "PASS"
    assert worst([]) == "ERROR"


def test_empty_case_is_unproven():
    assert verdict_of("T01.early", record("T01")).status == "UNPROVEN"


@pytest.mark.parametrize(
    ("status", "kills", "word"),
    [
        ("PASS", set(), "exact"),
        ("FAIL", {"T01.early"}, "exact"),
        ("FAIL", set(), "also caught by T01.early"),
        ("PASS", {"T01.early"}, "not caught by T01.early"),
        ("UNPROVEN", set(), "no verdict from T01.early, T01.resumes"),
        ("UNPROVEN", {"T01.early"}, "not caught by T01.early"),
    ],
)
def test_deviation_names_what_is_not_as_known(status, kills, word):
    kind = "mutant" if kills else "reference"
    client, asked = ProofClient(kind, "one", kills=frozenset(kills)), frozenset({"T01.early"})
    assert deviation(run_of(T01[status]), client, asked) == word


def test_deviation_warns_a_compliant_client_and_never_fails_it():
    client = ProofClient("benign", "one")
    refused, silent = run_of(T01["FAIL"]), run_of(T01["UNPROVEN"])

    assert deviation(run_of(T03["WARN"]), client, frozenset()) == "exact"
    assert deviation(refused, client, frozenset()) == "also caught by T01.early"
    assert deviation(silent, client, frozenset()) == "no verdict from T01.early"


def test_adapter_that_never_called_is_quoted_once_with_its_last_line():
    error = "the adapter ended with exit code 1 at task 1, 2, 3 and 10 more"
    ending = Ending(error=error, output="starting\nCannot find module 'ads'")
    run = run_of(replace(T03["PASS"], rows=(), entries=0, ending=ending), driver="adapter")

    assert run.hint == f"No case made a call: {error}; it printed: Cannot find module 'ads'"
    (sentence,) = {one.sentence for case in run.cases for one in case.verdicts}
    assert sentence == f"the client made no call: {error}"


def test_resource_that_an_adapter_does_not_support_is_named():
    ending = Ending(error="not supported: sp.campaigns")
    run = run_of(replace(T03["PASS"], rows=(), entries=0, ending=ending), driver="adapter")

    (sentence,) = {one.sentence for case in run.cases for one in case.verdicts}
    assert sentence == "the client made no call: the adapter does not support sp.campaigns"


A06, A10 = SAMPLES["A06.stops"], SAMPLES["A10.once"]


@pytest.mark.parametrize(
    ("first", "named"), [(A06["FAIL"], True), (A06["PASS"], False)], ids=["both broken", "one"]
)
def test_second_breach_of_one_defect_says_which_case_to_fix_first(first, named):
    found = run_of(first, A10["WARN"])
    (verdict,) = (one for case in found.cases for one in case.verdicts if one.check == "A10.once")

    assert verdict.status == "WARN"
    words = "(probably the same defect as A06.stops: fix A06 first)"
    assert verdict.sentence.endswith(words) is named


def test_call_that_is_repeated_in_its_own_region_is_no_search_through_regions():
    here = [
        call("sp.campaigns.list", at, 401, region="FE", profileId="33", chain=chain, fault=fault)
        for at, chain in enumerate("aaaabbbb", 1)
        for fault in [met("not-here")]
    ]

    assert verdict_of("G03.hunt", record("G03", *here)).status == "PASS"


def test_call_that_is_tried_in_each_region_once_is_not_repeated():
    places = ("NA", "EU", "FE")
    tried = [
        call("sp.campaigns.list", at, 401, region=region, chain="a", fault=met("scope-missing"))
        for at, region in enumerate(places, 1)
    ]
    other = call("sp.adGroups.list", 5, 401, fault=met("no-advertiser"))

    assert verdict_of("A10.once", record("A10", grant(0), *tried, other)).status == "PASS"


def test_every_check_that_another_one_follows_exists():
    checks = [check for case in load().values() for check in case.checks]
    names = {check.id for check in checks}

    assert {name for check in checks for name in check.follows} <= names
