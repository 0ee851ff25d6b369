"""The mock itself is wrong: whatever it loses or garbles, no verdict may become a PASS by it."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.judge import judge_case
from tests.unit.harness.suite.sample_read import t01_resumes
from tests.unit.harness.suite.samples import SAMPLES

pytestmark = pytest.mark.one_python

CHECKS = {check.id: (case, check) for case in load().values() for check in case.checks}
PASSING = {check: records["PASS"] for check, records in SAMPLES.items() if "PASS" in records}
FAULTED = [check for check, found in PASSING.items() if any(row["fault"] for row in found.rows)]


def planned_by(check, member):
    """Return the ids of the case's faults whose answer is planned to have this member."""
    case = CHECKS[check][0]
    effects = {one.id: one.rule["effect"] for one in case.faults if one.kind == "http"}
    return {name for name, effect in effects.items() if isinstance(effect.get(member), int)}


REFUSED = [check for check in FAULTED if planned_by(check, "status")]
GUIDED = [check for check in FAULTED if planned_by(check, "retryAfter")]


def status_of(check, record, orphans=0):
    verdicts = judge_case(load()[record.case], record, orphans).verdicts
    return next(one.status for one in verdicts if one.check == check)


def with_rows(record, change):
    """Return the record with each row as ``change`` leaves it, None for one that got lost."""
    rows = tuple(row for row in map(change, record.rows) if row is not None)
    return replace(record, rows=rows, entries=len(rows))


def test_journals_of_most_checks_contain_a_fault():
    assert len(FAULTED) > len(PASSING) // 2
    assert len(REFUSED) > 20
    assert len(GUIDED) >= 4


@pytest.mark.parametrize("check", FAULTED)
def test_fault_that_was_delivered_and_not_recorded_is_an_error(check):
    spoiled = with_rows(PASSING[check], lambda row: row | {"fault": None})

    assert status_of(check, spoiled) == "ERROR"


@pytest.mark.parametrize("check", FAULTED)
def test_faulted_call_without_a_client_is_an_error(check):
    found = PASSING[check]
    spoiled = with_rows(found, lambda row: None if row["fault"] else row)
    lost = len(found.rows) - len(spoiled.rows)

    assert status_of(check, spoiled, orphans=lost) in {"ERROR", "UNPROVEN"}


@pytest.mark.parametrize("check", PASSING)
def test_client_without_an_attributed_call_is_unproven(check):
    found = PASSING[check]
    spoiled = replace(with_rows(found, lambda _row: None), faults=())

    unseen = "N/A" if CHECKS[check][0].every else "UNPROVEN"
    assert status_of(check, spoiled, orphans=len(found.rows)) == unseen


@pytest.mark.parametrize("check", [name for name in PASSING if CHECKS[name][1].silence])
def test_no_call_of_the_client_and_orphan_calls_prove_nothing(check):
    assert status_of(check, PASSING[check], orphans=1) == "INCONCLUSIVE"


@pytest.mark.parametrize("check", PASSING)
def test_journal_that_dropped_an_entry_is_inconclusive(check):
    assert status_of(check, replace(PASSING[check], dropped=1)) == "INCONCLUSIVE"


@pytest.mark.parametrize("check", GUIDED)
@pytest.mark.parametrize("wrong", ["1", "17", None])
def test_wrong_retry_after_is_an_error(check, wrong):
    named = planned_by(check, "retryAfter")
    spoiled = with_rows(
        PASSING[check],
        lambda row: (
            row | {"retryAfter": wrong} if row["fault"] and row["fault"]["id"] in named else row
        ),
    )
    unchanged = {row["retryAfter"] for row in PASSING[check].rows if row["fault"]} <= {wrong}

    assert unchanged or status_of(check, spoiled) == "ERROR"


@pytest.mark.parametrize("check", REFUSED)
def test_fault_that_answered_otherwise_than_planned_is_an_error(check):
    named = planned_by(check, "status")
    spoiled = with_rows(
        PASSING[check],
        lambda row: row | {"status": 418} if row["fault"] and row["fault"]["id"] in named else row,
    )

    assert status_of(check, spoiled) == "ERROR"


def test_error_names_the_fault_and_both_counts():
    found = t01_resumes()["PASS"]
    spoiled = with_rows(found, lambda row: row | {"fault": None})

    (first, *_) = judge_case(load()["T01"], spoiled).verdicts

    assert "the journal 0" in first.sentence
