"""What a case shows whose program was stopped before the case could end."""

from __future__ import annotations

from dataclasses import replace

from adsmock.harness.suite.case import Case, Check
from adsmock.harness.suite.checks import Finding
from adsmock.harness.suite.journal import CaseView
from adsmock.harness.suite.verdict import Verdict

OPTION = "--timeout"

UNFINISHED = frozenset(
    {
        "backlog_is_done",
        "faulted_work_succeeds",
        "limit_is_used",
        "restarted_client_resumes",
        "whole_file_is_fetched",
        "work_resumes",
        "work_survives_the_peak",
        "writes_survive",
    }
)
"""Judges whose breach is work that is missing at the end: a stopped client may have done it."""


def after_cut(case: Case, check: Check, view: CaseView, finding: Finding, one: Verdict) -> Verdict:
    """Return UNPROVEN for a verdict that a time limit below that of the case may have caused.

    A breach that was seen until then stays.
    """
    ran = view.record.ending.stopped_after
    if ran is None or ran >= case.timeout or one.status in {"PASS", "INFO", "ERROR", "N/A"}:
        return one
    is_missing = finding.outcome == "broken" and check.judge in UNFINISHED
    if not (is_missing or finding.outcome in {"holds", "unproven"}) or OPTION in one.sentence:
        return one
    why = (
        f"the client was stopped at the time limit of {ran:g} s, and this case may take "
        f"{case.timeout} s: give it more time with {OPTION}"
    )
    seen = finding.sentence if one.status == "INCONCLUSIVE" else one.sentence
    return replace(one, status="UNPROVEN", sentence=f"{why}; {seen}", rows=())
