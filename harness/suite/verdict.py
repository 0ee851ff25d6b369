"""Statuses, verdicts, and the overall verdict of a run with its exit code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from adsmock.harness.suite.case import Case, Severity
from adsmock.harness.suite.checks import Evidence
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.journal import CaseRecord, Ending, RunMeta, RunRecord
from adsmock.harness.suite.last_lines import last_lines, reason

Status = Literal["PASS", "FAIL", "WARN", "INFO", "UNPROVEN", "INCONCLUSIVE", "N/A", "ERROR"]

BREACH: dict[Severity, Status] = {"MUST": "FAIL", "SHOULD": "WARN", "INFO": "INFO"}
"""The status of a broken check by its severity."""

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
"""From worst to best. N/A comes last: a case with a PASS is not N/A."""

OF_EVERY_CASE = "x."
"""Begins the ids of the checks that any case may get in addition to its own."""

Word = Literal[
    "conformant",
    "passed",
    "as-expected",
    "outdated-baseline",
    "non-conformant",
    "incomplete",
    "error",
    "nothing",
]

BaselineState = Literal["expected", "expired", "stale", "unexpected", "open"]
"""The state of a baseline row: correct; correct but past its end date; wrong, since the check
passes; wrong, since the check fails and was listed as open; not decided in this run."""

_WRONG_ROW: frozenset[BaselineState | None] = frozenset({"stale", "expired", "unexpected"})

EXIT: dict[Word, int] = {
    "conformant": 0,
    "passed": 0,
    "as-expected": 0,
    "outdated-baseline": 1,
    "non-conformant": 1,
    "incomplete": 3,
    "error": 4,
    "nothing": 5,
}

NEVER_SEEN = "The client never reached the mock. "

ITS_URLS = (
    "Check that it reads its base URLs from ADS_NA, ADS_EU, ADS_FE and LWA_NA, LWA_EU, LWA_FE. For "
    "hard-coded Amazon hosts, use --through-proxy."
)

ITS_PROXY = (
    "Check that the calls of the program go through the proxy in HTTPS_PROXY: see Hard-coded hosts."
)

ITS_CREDENTIALS = (
    "Check that the program {uses} the CLIENT_ID, CLIENT_SECRET and REFRESH_TOKEN of its "
    "environment. If it reads other variables, set them in a start script: see Troubleshooting, "
    "401 from the mock."
)

NO_TOKEN = (
    "The program got no access token: {requests} refused, without any fault. "
    f"{ITS_CREDENTIALS.format(uses='sends')}{{lines}}"
)

CANNOT_RUN = (
    "The command could not be run, so no call came. Check the name of the program, PATH and the "
    "quotes of the command."
)

NOT_RUN_CODES = frozenset({126, 127})
"""The exit codes of a shell for a program that cannot be run or is not found."""

_SHELL_SYNTAX = re.compile(r"^\S*sh: .*(?:syntax error|unexpected eof|unterminated)", re.IGNORECASE)

CLEAN_FAILURE = (
    "The program ended with exit code {code} without any fault, so no round with faults was "
    "played: its exit code would show nothing there.{lines}\n"
    "Let it end with 0 when all is done. To see it alone in such a sandbox: "
    "adsmock exec --invent 50 -- {command}"
)

CLEAN_STOP = (
    "The program was running at the time limit without any fault, so no round with faults was "
    "played: it would end in none.{lines}\n"
    "Let it end with 0 when all is done, or give it more time with --timeout. To see it alone in "
    "such a sandbox: adsmock exec --invent 50 -- {command}"
)

WRONG_CREDENTIALS = (
    "Check that it uses the credentials of each case (CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN) and "
    "no token of an earlier run."
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A baseline's expectation of one check.

    ``until`` is an ISO date, the last accepted day; ``place`` is the row's line and file.
    """

    standing: BaselineState
    status: Status
    reason: str
    issue: str | None = None
    until: str | None = None
    place: str = ""


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
    def standing(self) -> BaselineState | None:
        """Return the state of the baseline's row, None when it does not name this check."""
        return self.expectation.standing if self.expectation else None

    def keeps_from_passing(self, *, strict: bool) -> bool:
        """Return whether this verdict prevents exit code 0 in a run without a baseline."""
        is_breach = self.status == "FAIL" or (self.status == "WARN" and strict)
        is_open = self.status in {"UNPROVEN", "INCONCLUSIVE"} and self.severity == "MUST"
        return is_breach or is_open


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """All answers of one case; its status is the worst of them.

    A case without an answer to a check of its own has not passed: work that was not lost (x.work)
    or a true report (x.claim) shows nothing of its claim.
    """

    case: Case
    record: CaseRecord
    verdicts: tuple[Verdict, ...]

    @property
    def status(self) -> Status:
        """Return the worst status of its checks; N/A if only those of every case passed."""
        found = worst(verdict.status for verdict in self.verdicts)
        own = {one.status for one in self.verdicts if not one.check.startswith(OF_EVERY_CASE)}
        return "N/A" if found == "PASS" and own == {"N/A"} else found


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """All cases of a run, with its overall verdict."""

    record: RunRecord
    cases: tuple[CaseVerdict, ...]
    word: Word
    hint: str | None

    @property
    def exit_code(self) -> int:
        """Return the process exit code."""
        return EXIT[self.word]

    @property
    def counts(self) -> dict[Status, int]:
        """Return the number of checks by status, worst first."""
        found = Counter(verdict.status for case in self.cases for verdict in case.verdicts)
        return {status: found[status] for status in WORST_FIRST if found[status]}


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst of some statuses; of none, ERROR."""
    return min(statuses, key=WORST_FIRST.index, default="ERROR")


def overall(judged: tuple[CaseVerdict, ...], record: RunRecord) -> Word:
    """Return the overall verdict: our errors before breaches, breaches before incomplete.

    A check that the baseline lists correctly does not count, but a run that needed it is never
    conformant. A wrong or expired row fails the run, under a word of its own: the program may be
    without a failure. A stopped run is never whole, whatever the baseline lists.
    """
    strict = record.meta.strict
    verdicts = [verdict for case in judged for verdict in case.verdicts]
    grave = [verdict for verdict in verdicts if verdict.keeps_from_passing(strict=strict)]
    unlisted = [each for each in grave if each.standing != "expected"]
    is_empty = not judged or all(verdict.status == "N/A" for verdict in verdicts)
    stopped = record.meta.stopped
    if is_empty and not stopped and not (judged and record.meta.clean_exit):
        return "nothing"
    if any(verdict.status == "ERROR" for verdict in verdicts):
        return "error"
    has_news = any(verdict.status in {"FAIL", "WARN"} for verdict in unlisted)
    if has_news or any(verdict.standing in _WRONG_ROW for verdict in verdicts):
        return "non-conformant" if has_news else "outdated-baseline"
    is_cut = any(case.record.entries != len(case.record.rows) for case in judged)
    if unlisted or is_cut or stopped or hint_of(record) or _proves_nothing(record, verdicts):
        return "incomplete"
    if grave:
        return "as-expected"
    return "passed" if record.meta.filtered else "conformant"


def _proves_nothing(record: RunRecord, verdicts: list[Verdict]) -> bool:
    """Say whether a free run, in which much is N/A, has no MUST check that passed."""
    is_proven = any(verdict.status == "PASS" and verdict.severity == "MUST" for verdict in verdicts)
    return record.meta.driver == "free" and not is_proven


def hint_of(record: RunRecord) -> str | None:
    """Return a hint when the client made no call, or fails without any fault."""
    ran = [case for case in record.cases if not case.failure]
    if record.meta.clean_exit and any(case.rows or case.lacks for case in ran):
        lines = _last_lines(ran, record.meta.clean_exit)
        return _clean_failure(record, lines, is_stopped=any(case.ending.timed_out for case in ran))
    if not ran or any(case.entries or case.lacks for case in ran):
        return None
    if record.meta.orphans:
        calls = counted(record.meta.orphans, "call")
        found = f"The client made no call in any case, but {calls} had no known sandbox"
        return f"{found}. {WRONG_CREDENTIALS}"
    ending = ran[0].ending
    if ending.error and record.meta.driver == "adapter":
        return f"No case made a call: {ending.error}{_last_line(ending)}"
    if ending.error:
        return f"The client ended with {ending.error} before its first call."
    why = CANNOT_RUN if _is_not_run(ending) else NEVER_SEEN + _ways_to_the_mock(record.meta, ending)
    return f"{_last_words(ending)}{why}"


def _is_not_run(ending: Ending) -> bool:
    """Return whether the shell started no program."""
    last = next(iter(last_lines(ending.output)[-1:]), "").strip()
    return ending.exit_code in NOT_RUN_CODES or bool(
        ending.exit_code and _SHELL_SYNTAX.search(last)
    )


def _ways_to_the_mock(meta: RunMeta, ending: Ending) -> str:
    """Return what to check first: the credentials of a program that itself ended with a failure."""
    ways = [
        ITS_PROXY if meta.through_proxy else ITS_URLS,
        ITS_CREDENTIALS.format(uses="reads"),
    ]
    return " ".join(reversed(ways) if ending.exit_code and not ending.timed_out else ways)


def _clean_failure(record: RunRecord, lines: str, *, is_stopped: bool) -> str:
    """Return why no round with faults was played: no token, an exit code, or no end at all."""
    meta = record.meta
    if meta.clean_refused_tokens:
        requests = counted(meta.clean_refused_tokens, "token request")
        return NO_TOKEN.format(requests=requests, lines=lines)
    command = meta.command or meta.client
    text = CLEAN_STOP if is_stopped else CLEAN_FAILURE
    return text.format(code=meta.clean_exit, lines=lines, command=command)


def _last_lines(ran: Iterable[CaseRecord], code: int) -> str:
    """Return the last lines of the output of a program that ended with an exit code."""
    lines = last_lines(next((one.ending.output for one in ran if one.ending.exit_code == code), ""))
    return " Its last lines:" + "".join(f"\n  {line}" for line in lines) if lines else ""


def _last_line(ending: Ending) -> str:
    """Return the line of a program's output that says why; without one the end of a sentence."""
    line = reason(ending.output)
    return f"; it printed: {line}" if line else "."


def _last_words(ending: Ending) -> str:
    """Return how a program ended that did not succeed, with its last line; else nothing."""
    words = _last_line(ending)
    if ending.timed_out:
        limit = f" of {ending.stopped_after:g} s" if ending.stopped_after else ""
        return f"The program was stopped at its time limit{limit}{words}\n"
    if not ending.exit_code:
        return ""
    return f"The program ended with exit code {ending.exit_code}{words}\n"
