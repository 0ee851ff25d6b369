"""Invariants: one verdict per check from the journals of a whole run."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite import invariants
from adsmock.harness.suite.case import CaseError, load, parse, select
from adsmock.harness.suite.journal import CaseRecord, Ending, RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_run
from tests.unit.harness.suite.journal_rows import batch, call, outcomes, record
from tests.unit.harness.suite.sample_invariants import SAMPLES, failing


def verdict_of(check: str, *records: CaseRecord, **more):
    judged = invariants.judge_invariants(records, load(), **more)
    (verdict,) = (one for case in judged for one in case.verdicts if one.check == check)
    return verdict


def own(found: CaseRecord, case: str) -> CaseRecord:
    """Return a record of another case with a client of its own."""
    return replace(found, case=case, client_id=f"client-{case}")


def test_one_breach_in_any_journal_fails_and_names_its_case():
    kept, breach = SAMPLES["I05.early"]["PASS"], SAMPLES["I05.early"]["FAIL"]

    verdict = verdict_of("I05.early", own(kept, "T01"), own(breach, "X04"), own(breach, "round-2"))

    assert verdict.status == "FAIL"
    assert verdict.sentence.startswith("in case X04, attempt 2 came 2.90 s after the 429")
    assert verdict.sentence.endswith("; also in round-2")
    assert [(row.case, row.seq) for row in verdict.rows] == [("X04", 2), ("round-2", 2)]
    assert verdict.numbers["broken"] == ["X04", "round-2"]


def test_pass_counts_the_journals_with_an_opportunity_and_none_is_not_applicable():
    kept, none = SAMPLES["I05.early"]["PASS"], SAMPLES["I05.early"]["N/A"]

    verdict = verdict_of("I05.early", own(kept, "T01"), own(none, "T03"))

    assert (verdict.status, verdict.sentence) == (
        "PASS",
        "kept in 1 journal with an opportunity: T01",
    )
    verdict = verdict_of("I05.early", own(none, "T03"))
    assert (verdict.status, verdict.sentence) == (
        "N/A",
        "no opportunity in any journal: no answer had a Retry-After",
    )
    assert verdict_of("I05.early").status == "N/A"


def without_bodies(found: CaseRecord) -> CaseRecord:
    """Return the record as a lean journal has it."""
    bare = {"request": None, "reply": None, "requestBytes": 900, "replyBytes": 900, "items": 22}
    return replace(found, rows=tuple(row | bare for row in found.rows))


@pytest.mark.parametrize(
    "check", ["I01.home", "I07.token", "I07.end", "I07.once", "I08.limit", "I13.archived"]
)
def test_check_of_bodies_is_unproven_on_a_journal_without_them(check):
    kept = SAMPLES[check]["PASS"]
    lean = without_bodies(replace(kept, profiles=()) if check == "I01.home" else kept)
    verdict = verdict_of(check, lean)

    assert verdict.status == "UNPROVEN"
    assert verdict.sentence == "recorded without bodies; use --journal full"


def test_check_that_reads_no_bodies_is_judged_on_a_journal_without_them():
    assert verdict_of("I05.early", without_bodies(SAMPLES["I05.early"]["FAIL"])).status == "FAIL"
    assert verdict_of("I05.early", without_bodies(SAMPLES["I05.early"]["N/A"])).status == "N/A"


def test_cut_journal_never_passes_and_hides_no_breach_elsewhere():
    kept, breach = SAMPLES["I05.early"]["PASS"], SAMPLES["I05.early"]["FAIL"]
    cut = replace(own(kept, "T01"), dropped=2)

    assert verdict_of("I05.early", cut, own(kept, "T02")).status == "INCONCLUSIVE"
    assert verdict_of("I05.early", cut, own(breach, "T02")).status == "FAIL"


def test_calls_without_a_known_sandbox_make_a_pass_inconclusive():
    kept = own(SAMPLES["I05.early"]["PASS"], "T01")

    assert verdict_of("I05.early", kept, orphans=1).status == "INCONCLUSIVE"


def test_case_that_exempts_an_invariant_is_not_judged_by_it():
    breach = SAMPLES["I04.once"]["FAIL"]

    verdict = verdict_of("I04.once", own(breach, "X10"))

    assert verdict.status == "N/A"
    reason = load()["X10"].exempt["I04.once"]
    assert verdict.numbers["exempt"] == {"X10": reason}
    assert verdict.sentence == f"not judged here: {reason}"
    assert verdict_of("I04.once", own(breach, "X03")).status == "FAIL"


def test_records_of_one_client_share_one_journal():
    first = replace(SAMPLES["I06.bounded"]["PASS"], case="T01")

    verdict = verdict_of("I06.bounded", first, replace(first, case="E01"))

    assert verdict.numbers["holds"] == ["T01"]


def test_repeated_call_after_five_minutes_is_new_work():
    calls = [call("sp.campaigns.list", 300.1 * number, 503) for number in range(26)]

    assert verdict_of("I06.bounded", record("T01", *calls)).status == "PASS"
    assert verdict_of("I06.bounded", record("T01", *failing(26, 299))).status == "FAIL"


def test_repetition_of_the_refused_call_counts_even_at_once():
    refused = call("sp.campaigns.list", 1, 401, tokenState="revoked")
    again = call("sp.campaigns.list", 1.1, 401, tokenState="revoked")

    assert verdict_of("I03.dropped", record("A03", refused, again)).status == "FAIL"


def test_run_judges_the_selected_invariants_on_all_its_journals():
    meta = RunMeta("command", "x", "x", "core", 7, ("T01", "I05"))
    breach = own(SAMPLES["I05.early"]["FAIL"], "T01")

    judged = judge_run(RunRecord(meta, (breach,)), load()).cases

    assert [(one.case.id, one.status) for one in judged] == [("T01", "FAIL"), ("I05", "FAIL")]


def test_invariants_alone_cannot_be_selected():
    with pytest.raises(CaseError, match="only invariants are selected: I05"):
        select(load(), "full", ("I05",))
    assert [case.id for case in select(load(), "quick", ("I05", "T01"))] == ["I05", "T01"]


INVARIANT = """
id = "I99"
version = 1
title = "t"
area = "a"
practice = ["RL"]
anchor = "x"
claim = "c"
level = "MUST"
profiles = ["core"]
how_to_fix = "f"
every = true

[[checks]]
id = "I99.one"
severity = "MUST"
judge = "calls_are_limited"
numbers = { most = 25 }
"""


def test_invariant_has_no_task_of_its_own():
    task = '\n[[tasks]]\nverb = "list_profiles"\n'

    assert parse(INVARIANT, "I99.toml").every
    with pytest.raises(CaseError, match=r"I99\.toml: every: an invariant has no tasks"):
        parse(INVARIANT + task, "I99.toml")


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        (Ending(exit_code=0), "FAIL"),
        (Ending(exit_code=1), "PASS"),
        (Ending(claims=({"task": 0, "verb": "create", "status": "done", "done": 2},)), "FAIL"),
        (Ending(claims=({"task": 0, "verb": "create", "status": "partial", "failed": 1},)), "PASS"),
        (Ending(claims=({"task": 0, "verb": "create", "status": "unsupported"},)), "PASS"),
    ],
)
def test_lost_item_counts_unless_the_client_reports_the_failure(ending, status):
    lost = replace(SAMPLES["I12.lost"]["FAIL"], ending=ending)

    assert verdict_of("I12.lost", lost).status == status


def test_item_that_was_refused_for_good_is_not_lost():
    found = SAMPLES["I12.lost"]["FAIL"]
    (row,) = found.rows
    reply = outcomes("campaigns", {0: "1"}, {1: "rangeError"})

    refused = replace(found, rows=(row | {"reply": reply},))

    assert verdict_of("I12.lost", refused).status == "PASS"


def test_records_of_one_journal_share_their_tasks():
    item = {"name": "Same in both profiles", "state": "ENABLED"}
    rows = [
        call(
            "sp.campaigns.create",
            at,
            207,
            request=batch("campaigns", item),
            reply=outcomes("campaigns", {0: profile}),
            profileId=profile,
            chain=profile,
        )
        for at, profile in ((1, "11"), (2, "12"))
    ]
    tasks = [
        {"verb": "create", "args": {"resource": "sp.campaigns", "profile": own, "items": [item]}}
        for own in ("11", "12")
    ]
    one = replace(record("B03", rows[0], tasks=tasks[:1]), client_id="round")
    both = replace(record("T01", *rows, tasks=tasks), client_id="round")

    assert verdict_of("I02.scope", one, both).status == "PASS"
    assert verdict_of("I02.scope", replace(both, tasks=tuple(tasks[:1]))).status == "FAIL"


@pytest.mark.parametrize(
    ("report", "status"), [("r2", "PASS"), ("r1", "FAIL")], ids=["of a new report", "again"]
)
def test_poll_of_another_report_repeats_no_refusal(report, status):
    polls = (("r1", 404), (report, 200))
    rows = [
        call("reporting.get", at, code, chain="polls", path=f"/reporting/reports/{name}")
        for at, (name, code) in enumerate(polls)
    ]

    later = call("sp.campaigns.list", 2)

    assert verdict_of("I04.once", record("R12", *rows, later)).status == status


@pytest.mark.parametrize(("orphans", "status"), [(0, "PASS"), (2, "INCONCLUSIVE")])
def test_calls_of_no_known_sandbox_leave_the_invariants_of_a_run_undecided(orphans, status):
    kept = own(SAMPLES["I05.early"]["PASS"], "T01")
    meta = RunMeta("command", "sh", "sh", "full", 7, ("I05", "T01"), orphans=orphans)
    judged = judge_run(RunRecord(meta, (kept,)), load())
    found = {one.check: one.status for case in judged.cases for one in case.verdicts}

    assert found["I05.early"] == status
