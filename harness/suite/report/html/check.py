"""The checks of a case as the page shows them: verdict, sentence with its numbers, evidence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.report.baseline_note import WRONG, remark
from adsmock.harness.suite.report.failures import call_words
from adsmock.harness.suite.report.html.labels import NEEDS_REVIEW, Verdict, answer, tone, verdict
from adsmock.harness.suite.report.html.lane import seq_of
from adsmock.harness.suite.report.html.timeline import Entry, duration, moment, number
from adsmock.harness.suite.report.html.wire_log import mask, mask_text

EVIDENCE_SHOWN = 12
PATH_SHOWN = 60
_SEVERITIES = ("MUST", "SHOULD", "INFO")

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One journal entry as evidence; `shown` when its row is in the page's wire log."""

    seq: int
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

    @property
    def needs_review(self) -> bool:
        """Return whether the reader has to act: an expected failure needs no review."""
        is_news = self.verdict.word in NEEDS_REVIEW and self.standing != "expected"
        return is_news or self.standing in WRONG


@dataclass(frozen=True, slots=True)
class EvidenceLookup:
    """The entries of one case, to look up evidence, and which of them the page shows."""

    case: str
    entries: Mapping[int, Entry]
    timebase: str
    shown: frozenset[int]

    @property
    def zero(self) -> float:
        """Return when the case's first call arrived."""
        return min(
            (moment(entry, self.timebase).arrive for entry in self.entries.values()), default=0.0
        )


def slug(text: str) -> str:
    """Return text as an HTML id."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)


def evidence_to_review(checks: Sequence[Raw]) -> frozenset[int]:
    """Return the evidence of checks that need review."""
    return frozenset(
        seq
        for check in checks
        if str(check.get("status")) in NEEDS_REVIEW
        for seq, _, _ in _rows(check)
    )


def compliant_arrivals(checks: Sequence[Raw]) -> dict[int, float]:
    """Return the earliest compliant arrival of each entry for which a check found one."""
    return {
        seq: allowed for check in checks for seq, _, allowed in _rows(check) if allowed is not None
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
        evidence=tuple(_evidence(seq, note, lookup) for seq, note, _ in rows[:EVIDENCE_SHOWN]),
        more=max(0, len(rows) - EVIDENCE_SHOWN),
        standing=str(known["standing"]) if known else "",
        remark=mask_text(remark(known)),
        call=mask_text(call_words(call)) if isinstance(call, Mapping) else "",
        how_to_fix=str(check.get("howToFix") or ""),
        to_prove=str(check.get("toProve") or ""),
    )


def _rows(check: Raw) -> Iterable[tuple[int, str, float | None]]:
    """Yield (seq, note, earliest compliant arrival) of a check's evidence."""
    for row in check.get("rows", ()):
        if isinstance(row, Mapping):
            yield seq_of(row), str(row.get("note", "")), number(row.get("allowedFrom"))


def _evidence(seq: int, note: str, lookup: EvidenceLookup) -> Evidence:
    entry, words = lookup.entries.get(seq), mask_text(note)
    if entry is None:
        return Evidence(
            seq,
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
        shown=seq in lookup.shown,
        time=f"+{duration(moment(entry, lookup.timebase).arrive - lookup.zero)}",
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
