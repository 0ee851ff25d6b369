"""Which faults a free run plans, and what each case may look at afterwards."""

from adsmock.harness.suite import free_run
from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, met

FREE = tuple(case for case in load().values() if case.free)


def rules(*names):
    return {rule["id"]: rule for rule in free_run._rules(tuple(load()[name] for name in names))}


def whole(*rows):
    numbered = tuple(row | {"seq": number} for number, row in enumerate(rows, 1))
    return CaseRecord("A03", 1, "monotonic", entries=len(numbered), rows=numbered)


def test_no_rule_outlives_what_its_case_needs():
    planned = free_run._rules(FREE)

    assert planned
    assert all(rule["when"]["times"] >= 1 for rule in planned)
    assert all(not {"from", "until"} & set(rule["when"]) for rule in planned)


def test_rules_that_follow_each_other_come_first_and_strike_one_call():
    planned = rules("A03", "T01")

    late = planned["A03:revoked-early"]
    assert all(
        planned[f"T01:{name}"]["priority"] < late["priority"] for name in ("wait-10", "wait-3")
    )
    assert late["when"]["attempt"] == 1


def test_fault_of_one_operation_waits_for_any_resource():
    assert rules("T01")["T01:wait-3"]["match"] == {"operation": ["sp.*.list"]}
    assert rules("E01")["E01:fails-502"]["match"] == {"operation": ["sp.adGroups.list"]}


def test_case_sees_its_own_faults_by_their_own_names_and_no_work_that_met_others():
    record = whole(
        call("sp.campaigns.list", 1, 401, chain="a", fault=met("A03:revoked-early")),
        call("sp.campaigns.list", 2, chain="a"),
        call("sp.adGroups.list", 3, 429, chain="b", fault=met("T01:wait-3")),
        call("sp.adGroups.list", 7, chain="b"),
        call("profiles.list", 8, chain="c"),
    )

    mine = free_run._of(load()["A03"], record, {"A03:revoked-early": 1})
    all_of_it = free_run._of(load()["A01"], record, {})

    assert [row["chain"] for row in mine.rows] == ["a", "a", "c"]
    assert mine.rows[0]["fault"]["id"] == "revoked-early"
    assert (mine.entries, mine.faults[0].met) == (3, 1)
    assert all_of_it.entries == 5


def test_cases_of_a_free_run_are_marked_as_such():
    assert {case.id for case in FREE} >= {"A01", "A03", "B01", "T01"}
