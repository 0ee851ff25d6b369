"""What a run comes to: statuses, the verdicts that carry them, and the one word for all.

Knows severities, the order of statuses and exit codes. Must not know how a status is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from adsmock.harness.suite.case import Case, Severity
from adsmock.harness.suite.checks import Evidence
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.journal import CaseRecord, Ending, RunRecord

Status = Literal["PASS", "FAIL", "WARN", "INFO", "UNPROVEN", "INCONCLUSIVE", "N/A", "ERROR"]

WORST_FIRST: tuple[Status, ...] = (
    "ERROR",
    "FAIL",
    "INCONCLUSIVE",
    "UNPROVEN",
    "WARN",
    "INFO",
    "PASS",
    "N/A",
)
"""A case with something that passes is not N/A, whatever else of it there was no chance to see."""

Word = Literal[
    "conformant", "passed", "as-expected", "non-conformant", "incomplete", "error", "nothing"
]

Standing = Literal["expected", "expired", "stale", "unexpected", "open"]
"""How a row of a baseline stands: true and accepted; true and past its day; false, since the check
passes; false, since it is broken where it was listed as open; not decided this time."""

EXIT: dict[Word, int] = {
    "conformant": 0,
    "passed": 0,
    "as-expected": 0,
    "non-conformant": 1,
    "incomplete": 3,
    "error": 4,
    "nothing": 5,
}

NEVER_SEEN = (
    "The client never reached the mock. Does it take its base URLs from ADS_NA, ADS_EU, ADS_FE and "
    "LWA_NA, LWA_EU, LWA_FE? Are the Amazon host names written into it, so that DNS leads past the "
    "mock? Did it end before its first call?"
)

STRANGE = (
    "Are the credentials of each case used (CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN), or a token "
    "of an earlier run?"
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a baseline says of one check; ``until`` is an ISO date, the last that is accepted."""

    standing: Standing
    status: Status
    reason: str
    issue: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one check, with its evidence."""

    check: str
    severity: Severity
    status: Status
    sentence: str
    rows: tuple[Evidence, ...] = ()
    numbers: dict[str, Any] = field(default_factory=dict)
    expectation: Expectation | None = None

    @property
    def standing(self) -> Standing | None:
        """Return how the baseline stands here, None when it does not name this check."""
        return self.expectation.standing if self.expectation else None

    def keeps_from_passing(self, *, strict: bool) -> bool:
        """Return whether this alone would keep a run from exit code 0, were nothing expected."""
        is_breach = self.status == "FAIL" or (self.status == "WARN" and strict)
        is_open = self.status in {"UNPROVEN", "INCONCLUSIVE"} and self.severity == "MUST"
        return is_breach or is_open


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """All answers of one case; its status is the worst of them."""

    case: Case
    record: CaseRecord
    verdicts: tuple[Verdict, ...]

    @property
    def status(self) -> Status:
        """Return the worst status of its checks."""
        return worst(verdict.status for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """All cases of a run and what they come to."""

    record: RunRecord
    cases: tuple[CaseVerdict, ...]
    word: Word
    hint: str | None

    @property
    def exit_code(self) -> int:
        """Return the process exit code that says the same."""
        return EXIT[self.word]

    @property
    def counts(self) -> dict[Status, int]:
        """Return how many checks have which status, the worst first."""
        found = Counter(verdict.status for case in self.cases for verdict in case.verdicts)
        return {status: found[status] for status in WORST_FIRST if found[status]}


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst of some statuses; of none, ERROR."""
    return min(statuses, key=WORST_FIRST.index, default="ERROR")


def sum_up(judged: tuple[CaseVerdict, ...], record: RunRecord) -> Word:
    """Return what a run comes to: ours before breach, breach before incomplete.

    A baseline that is wrong or past its day is as good as a breach. What it rightly names does not
    count, yet a run that needed it is never called conformant.
    """
    strict = record.meta.strict
    verdicts = [verdict for case in judged for verdict in case.verdicts]
    grave = [one for one in verdicts if one.keeps_from_passing(strict=strict)]
    counted_ones = [one for one in grave if one.standing != "expected"]
    if not judged or all(one.status == "N/A" for one in verdicts):
        return "nothing"
    if any(one.status == "ERROR" for one in verdicts):
        return "error"
    is_wrong = any(one.standing in {"stale", "expired", "unexpected"} for one in verdicts)
    if is_wrong or any(one.status in {"FAIL", "WARN"} for one in counted_ones):
        return "non-conformant"
    is_cut = any(case.record.entries != len(case.record.rows) for case in judged)
    if counted_ones or is_cut or hint_of(record):
        return "incomplete"
    if grave:
        return "as-expected"
    return "passed" if record.meta.filtered else "conformant"


def hint_of(record: RunRecord) -> str | None:
    """Return what to look at when the client was never seen."""
    ran = [case for case in record.cases if not case.failure]
    if not ran or any(case.entries for case in ran):
        return None
    if record.meta.orphans:
        calls = counted(record.meta.orphans, "call")
        return f"The client was seen in no case, but {calls} belong to none. {STRANGE}"
    ending = ran[0].ending
    if ending.error:
        return f"The client ended with {ending.error} before its first call."
    return f"{_last_words(ending)}{NEVER_SEEN}"


def _last_words(ending: Ending) -> str:
    """Return how a program ended that failed, and the end of what it said; else nothing."""
    if not ending.exit_code:
        return ""
    said = ending.output.strip().rpartition("\n")[2]
    words = f" and said: {said}" if said else ""
    return f"The program ended with exit code {ending.exit_code}{words}\n"
