"""Programs with one token host for all regions: other cases show that they trust a sound host."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import CaseRecord, RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_run
from tests.unit.harness.suite.journal_rows import grant, record
from tests.unit.harness.suite.sample_security import FLAWED, SOUND, moved, secure, shake


def redirected() -> CaseRecord:
    """Return the journal of S04 of a program that got its token over trusted TLS."""
    token = grant(0) | {"tls": True, "port": SOUND, "connection": SOUND}
    good = [shake(0, SOUND, "none", version="TLSv1.3"), token]
    return record("S04", *good, moved("moved-away"))


def statuses(*records: CaseRecord) -> dict[str, str]:
    names = tuple(sorted(one.case for one in records))
    meta = RunMeta("adapter", "sh", "sh", "core", 7, names)
    found = judge_run(RunRecord(meta, records), load())
    return {one.check: one.status for case in found.cases for one in case.verdicts}


def refused(case: str, flaw: str, *more) -> CaseRecord:
    """Return the journal of a program whose only token host is the untrusted one."""
    return record(case, shake(1, FLAWED, flaw, error="TLSV1_ALERT_UNKNOWN_CA"), *more)


CASES = [("S01", "unknown-ca"), ("S02", "wrong-name"), ("S06", "old-protocol")]


@pytest.mark.parametrize(("case", "flaw"), CASES)
def test_calls_over_trusted_tls_in_another_case_prove_the_refusal(case, flaw):
    found = statuses(refused(case, flaw), redirected())

    assert found[f"{case}.refused"] == "PASS"


def test_modern_handshakes_of_another_case_count_too():
    assert statuses(refused("S06", "old-protocol"), redirected())["S06.modern"] == "PASS"


@pytest.mark.parametrize(("case", "flaw"), CASES)
def test_without_such_a_case_nothing_is_proven(case, flaw):
    other = record("S05", moved("moved-to-clear"))

    assert statuses(refused(case, flaw))[f"{case}.refused"] == "UNPROVEN"
    assert statuses(refused(case, flaw), other)[f"{case}.refused"] == "UNPROVEN"


@pytest.mark.parametrize(("case", "flaw"), CASES)
def test_calls_at_a_listener_with_another_flaw_prove_nothing(case, flaw):
    name, other = next(each for each in CASES if each[0] != case)
    sent = refused(name, other, secure(2))

    assert statuses(refused(case, flaw), sent)[f"{case}.refused"] == "UNPROVEN"


@pytest.mark.parametrize("case", ["S01", "S02"])
def test_a_request_to_the_untrusted_host_fails_all_the_same(case):
    flaw = dict(CASES)[case]
    taken = [shake(3, FLAWED, flaw, version="TLSv1.3"), secure(4, FLAWED)]

    assert statuses(record(case, *taken), redirected())[f"{case}.refused"] == "FAIL"


def test_a_program_that_never_connects_proves_nothing():
    found = statuses(record("S01", secure(1, tls=False)), redirected())

    assert found["S01.refused"] == "UNPROVEN"
