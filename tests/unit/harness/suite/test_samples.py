"""Each check against sample journals that keep it, break it, and leave it open."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import CaseRecord
from adsmock.harness.suite.judge import judge_case
from adsmock.harness.suite.verdict import Verdict
from tests.unit.harness.suite.samples import SAMPLES

CHECKS = {check.id: check for case in load().values() for check in case.checks}
BREACH = {"MUST": "FAIL", "SHOULD": "WARN", "INFO": "INFO"}


def verdict_of(check: str, record: CaseRecord, orphans: int = 0) -> Verdict:
    found = judge_case(load()[record.case], record, orphans)
    (verdict,) = (one for one in found.verdicts if one.check == check)
    return verdict


@pytest.mark.parametrize("check", SAMPLES)
def test_check_gives_the_expected_status(check):
    verdicts = {status: verdict_of(check, sample) for status, sample in SAMPLES[check].items()}

    assert {status: verdict.status for status, verdict in verdicts.items()} == {
        status: status for status in verdicts
    }
    assert all(verdict.sentence for verdict in verdicts.values())


def test_sample_journals_cover_every_check_with_pass_breach_and_unproven():
    wanted = {
        check.id: {"PASS", BREACH[check.severity], "N/A" if case.every else "UNPROVEN"}
        for case in load().values()
        for check in case.checks
    }

    assert {check: set(records) for check, records in SAMPLES.items()} == wanted


@pytest.mark.parametrize("check", SAMPLES)
def test_breach_names_the_entries_that_show_it(check):
    record = SAMPLES[check][BREACH[CHECKS[check].severity]]
    verdict = verdict_of(check, record)

    assert verdict.rows
    assert {row.seq for row in verdict.rows} <= {row["seq"] for row in record.rows}


def test_sentence_of_an_early_call_has_the_numbers():
    verdict = verdict_of("T01.early", SAMPLES["T01.early"]["FAIL"])

    assert verdict.sentence == "attempt 2 came 1.02 s after the 429, but Retry-After was 3"
    (row,) = verdict.rows
    assert row.allowed_from == pytest.approx(1782907200 + 9 + 0.001 + 3)
