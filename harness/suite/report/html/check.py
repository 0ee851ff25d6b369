"""The checks of a case as the page shows them: verdict, sentence with its numbers, evidence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from adsmock.harness.suite.report.baseline_note import WRONG, remark
from adsmock.harness.suite.report.failures import call_words
from adsmock.harness.suite.report.html.labels import NEEDS_REVIEW, Verdict, answer, tone, verdict
from adsmock.harness.suite.report.html.lane import seq_of
from adsmock.harness.suite.report.html.masking import mask, mask_text
from adsmock.harness.suite.report.html.quote import Quote, quote
from adsmock.harness.suite.report.html.timeline import Entry, duration, moment, number

FIRST_SHOWN, LAST_SHOWN = 6, 2
EVIDENCE_SHOWN = FIRST_SHOWN + LAST_SHOWN
QUOTES_SHOWN = 2
PATH_SHOWN = 60
_SEVERITIES = ("MUST", "SHOULD", "INFO")

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One journal entry as evidence; `case` is the anchor of the case whose calls contain it.

    `shown` when its row is in the page's wire log.
    """

    seq: int
    case: str
    shown: bool
    time: str
    call: str
    answer: str
    tone: str
    note: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its verdict, sentence, numbers and evidence."""

    id: str
    short: str
    anchor: str
    severity: str
    verdict: Verdict
    sentence: str
    numbers: tuple[tuple[str, str], ...]
    evidence: tuple[Evidence, ...]
    more: int
    standing: str = ""
    remark: str = ""
    call: str = ""
    how_to_fix: str = ""
    to_prove: str = ""
    quotes: tuple[Quote, ...] = ()

    @property
    def needs_review(self) -> bool:
        """Return whether the reader has to act: an expected failure needs no review."""
        is_news = self.verdict.word in NEEDS_REVIEW and self.standing != "expected"
        return is_news or self.standing in WRONG


@dataclass(frozen=True, slots=True)
class CaseEntries:
    """The entries of one case, and which of them the page shows."""

    entries: Mapping[int, Entry]
    shown: frozenset[int]
    timebase: str

    @property
    def zero(self) -> float:
        """Return when the case's first call arrived."""
        return min(
            (moment(entry, self.timebase).arrive for entry in self.entries.values()), default=0.0
        )


@dataclass(frozen=True, slots=True)
class EvidenceLookup:
    """The entries of all cases, to look up the evidence of one case.

    The evidence of an invariant is in the cases that it was broken in.
    """

    case: str
    cases: Mapping[str, CaseEntries]

    def entries_of(self, case: str) -> CaseEntries:
        """Return the entries of a case, by default of the case itself."""
        return self.cases.get(case or self.case) or CaseEntries({}, frozenset(), "monotonic")


def slug(text: str) -> str:
    """Return text as an HTML id."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)


def evidence_to_review(checks: Sequence[Raw], case: str) -> frozenset[int]:
    """Return the evidence of checks that need review, in the journal of their case."""
    return evidence((one for one in checks if str(one.get("status")) in NEEDS_REVIEW), case)


def evidence(checks: Iterable[Raw], case: str) -> frozenset[int]:
    """Return the sequence numbers of the evidence of all checks in the journal of their case.

    Lost work may have its evidence in a replay, whose calls have numbers of their own.
    """
    return frozenset(row.seq for check in checks for row in _rows(check) if row.case in {"", case})


def compliant_arrivals(checks: Sequence[Raw]) -> dict[int, float]:
    """Return the earliest compliant arrival of each entry for which a check found one."""
    return {
        row.seq: row.allowed for check in checks for row in _rows(check) if row.allowed is not None
    }


def check_view(check: Raw, lookup: EvidenceLookup) -> Check:
    """Return one check with its evidence looked up."""
    name = str(check.get("id", ""))
    rows = list(_rows(check))
    severity = str(check.get("severity", "INFO"))
    call = check.get("call")
    known = check.get("baseline")
    known = known if isinstance(known, Mapping) else None
    return Check(
        id=name,
        short=name.removeprefix(f"{lookup.case}.") or name,
        anchor=slug(name if name.startswith(f"{lookup.case}.") else f"{lookup.case}-{name}"),
        severity=severity if severity in _SEVERITIES else "INFO",
        verdict=verdict(check.get("status")),
        sentence=mask_text(str(check.get("sentence", ""))),
        numbers=tuple(_numbers(check.get("numbers"))),
        evidence=tuple(_evidence(row, lookup) for row in _ends(rows)),
        more=max(0, len(rows) - EVIDENCE_SHOWN),
        standing=str(known["standing"]) if known else "",
        remark=mask_text(remark(known)),
        call=mask_text(call_words(call)) if isinstance(call, Mapping) else "",
        how_to_fix=str(check.get("howToFix") or ""),
        to_prove=str(check.get("toProve") or ""),
        quotes=_quotes(rows, lookup) if str(check.get("status")) in NEEDS_REVIEW else (),
    )


class EvidenceRow(NamedTuple):
    """One row of a check's evidence; `case` is set by an invariant, `allowed` in seconds."""

    seq: int
    note: str
    allowed: float | None
    case: str


def _rows(check: Raw) -> Iterable[EvidenceRow]:
    """Yield the rows of a check's evidence."""
    for row in check.get("rows", ()):
        if isinstance(row, Mapping):
            allowed = number(row.get("allowedFrom"))
            case = str(row.get("case") or "")
            yield EvidenceRow(seq_of(row), str(row.get("note", "")), allowed, case)


def _ends(rows: Sequence[EvidenceRow]) -> Sequence[EvidenceRow]:
    """Return the first and the last rows of long evidence."""
    if len(rows) <= EVIDENCE_SHOWN:
        return rows
    return [*rows[:FIRST_SHOWN], *rows[-LAST_SHOWN:]]


def _quotes(rows: Sequence[EvidenceRow], lookup: EvidenceLookup) -> tuple[Quote, ...]:
    """Return the last calls of the evidence, which are those that broke the rule.

    Of an invariant's evidence, those of the first case: its sentence is about that one.
    """
    case = rows[0].case if rows else ""
    known = lookup.entries_of(case)
    named = dict.fromkeys(row.seq for row in rows if row.case == case)
    return tuple(
        quote(known.entries[seq], slug(case or lookup.case), known.zero, known.timebase)
        for seq in list(named)[-QUOTES_SHOWN:]
        if seq in known.entries
    )


def _evidence(row: EvidenceRow, lookup: EvidenceLookup) -> Evidence:
    seq, note, _, case = row
    known = lookup.entries_of(case)
    entry, words = known.entries.get(seq), mask_text(note)
    if entry is None:
        return Evidence(
            seq,
            case=slug(case or lookup.case),
            shown=False,
            time="",
            call="not in this journal",
            answer="",
            tone="lost",
            note=words,
        )
    path = str(entry.get("path") or "")
    # A download URL fills lines; the route is enough here, and the wire log has the full URL.
    path = str(entry.get("route") or path) if len(path) > PATH_SHOWN else path
    call = f"{entry.get('method') or ''} {path}".strip()
    return Evidence(
        seq=seq,
        case=slug(case or lookup.case),
        shown=seq in known.shown,
        time=f"+{duration(moment(entry, known.timebase).arrive - known.zero)}",
        call=mask_text(call),
        answer=answer(entry),
        tone=tone(entry),
        note=words,
    )


def _numbers(numbers: object) -> Iterable[tuple[str, str]]:
    """Yield the numbers of a verdict, as name and text."""
    for name, value in numbers.items() if isinstance(numbers, Mapping) else ():
        yield str(name).replace("_", " "), _reading(value)


def _reading(value: object) -> str:
    """Return a number rounded to four decimals, a list or table with commas, the rest unchanged."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_reading(member)}" for name, member in mask(value).items())
    if isinstance(value, list | tuple):
        return ", ".join(_reading(member) for member in value)
    reading = number(value)
    return str(mask(value)) if reading is None else f"{round(reading, 4):.12g}"
