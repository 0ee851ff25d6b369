"""What the page says: the run, its checks and its journal as values ready to be laid out.

Knows the form of run.json and of journal entries. Knows no markup: the templates lay this out and
escape every text in it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.suite.report.html_draw import Label, Picture, draw, ticks
from harness.suite.report.html_lane import Group, groups, seq_of
from harness.suite.report.html_time import Entry, duration, moment, number
from harness.suite.report.html_tone import (
    NEEDS_A_LOOK,
    ORDER,
    Practice,
    Verdict,
    answer,
    document,
    practice,
    tone,
    verdict,
    worst,
)
from harness.suite.report.html_wire import Log, log, mask, mask_text

EVIDENCE_SHOWN = 12
FINDINGS_SHOWN = 10
PULSE_CALLS = 80
_FAULT_OF_CLIENT = frozenset({"FAIL", "WARN"})
_SEVERITIES = ("MUST", "SHOULD", "INFO")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One journal entry a verdict stands on."""

    seq: int
    time: str
    call: str
    answer: str
    tone: str
    note: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its verdict, the rule with the numbers put in, and its evidence."""

    id: str
    short: str
    anchor: str
    severity: str
    verdict: Verdict
    sentence: str
    numbers: tuple[tuple[str, str], ...]
    evidence: tuple[Evidence, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Figure:
    """Lanes on one scale, with the axis under them."""

    kind: str
    lanes: tuple[Picture, ...]
    axis: tuple[Label, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Case:
    """One case: what it claims, what was seen, where it comes from and how to fix it."""

    id: str
    anchor: str
    title: str
    area: str
    level: str
    verdict: Verdict
    claim: str
    checks: tuple[Check, ...]
    faults: tuple[tuple[str, str, int], ...]
    calls: int
    dropped: int
    timebase: str
    practices: tuple[tuple[str, str | None, tuple[Practice, ...]], ...]
    link: str | None
    how_to_fix: str
    ending: tuple[tuple[str, str], ...]
    output: str
    figures: tuple[Figure, ...]
    log: Log
    pulse: tuple[tuple[str, str], ...]

    @property
    def needs_a_look(self) -> bool:
        """Return whether the reader has something to do here."""
        return self.verdict.word in NEEDS_A_LOOK

    def of(self, severity: str) -> tuple[Check, ...]:
        """Return the checks of one severity."""
        return tuple(check for check in self.checks if check.severity == severity)

    @property
    def met(self) -> int:
        """Return how many faults this client met in the case."""
        return sum(met for _, _, met in self.faults)


def case_view(case: Mapping[str, Any], entries: Sequence[Entry]) -> Case:
    """Return one case of a run with the journal entries that are its own."""
    name = str(case.get("id", ""))
    timebase = str(case.get("timebase", "monotonic"))
    raw = [check for check in case.get("checks", ()) if isinstance(check, Mapping)]
    broken = [check for check in raw if str(check.get("status")) in NEEDS_A_LOOK]
    first = frozenset(seq for seq, _, _ in _rows(broken))
    by_seq = {seq_of(entry): entry for entry in entries}
    status = str(case.get("status") or worst([str(check.get("status")) for check in raw]))
    ending, output = _ending(case.get("ending"))
    return Case(
        id=name,
        anchor=slug(name),
        title=str(case.get("title", "")),
        area=str(case.get("area", "")),
        level=str(case.get("level", "")),
        verdict=verdict(status),
        claim=str(case.get("claim", "")),
        checks=tuple(_check(check, name, by_seq, timebase) for check in raw),
        faults=_faults(case.get("faults")),
        calls=len(entries),
        dropped=int(number(case.get("dropped")) or 0),
        timebase=timebase,
        practices=_practices(case.get("practice", ())),
        link=document(case.get("anchor")),
        how_to_fix=str(case.get("howToFix", "")),
        ending=ending,
        output=output,
        figures=_figures(entries, timebase, first, raw),
        log=log(entries, timebase, first),
        pulse=_pulse(entries, timebase),
    )


def slug(text: str) -> str:
    """Return text as the name of a place in the page."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)


def _check(
    check: Mapping[str, Any], case: str, by_seq: Mapping[int, Entry], timebase: str
) -> Check:
    name = str(check.get("id", ""))
    rows = list(_rows([check]))
    zero = min((moment(entry, timebase).arrive for entry in by_seq.values()), default=0.0)
    evidence = tuple(
        _evidence(seq, note, by_seq.get(seq), timebase, zero)
        for seq, note, _ in rows[:EVIDENCE_SHOWN]
    )
    severity = str(check.get("severity", "INFO"))
    return Check(
        id=name,
        short=name.removeprefix(f"{case}.") or name,
        anchor=slug(name),
        severity=severity if severity in _SEVERITIES else "INFO",
        verdict=verdict(check.get("status")),
        sentence=mask_text(str(check.get("sentence", ""))),
        numbers=tuple(_numbers(check.get("numbers"))),
        evidence=evidence,
        more=len(rows) - len(evidence),
    )


def _rows(checks: Iterable[Mapping[str, Any]]) -> Iterable[tuple[int, str, float | None]]:
    """Yield (seq, note, earliest lawful arrival) of the evidence of all these checks."""
    for check in checks:
        for row in check.get("rows", ()):
            if isinstance(row, Mapping):
                yield seq_of(row), str(row.get("note", "")), number(row.get("allowedFrom"))


def _evidence(seq: int, note: str, entry: Entry | None, timebase: str, zero: float) -> Evidence:
    if entry is None:
        return Evidence(seq, "", "not in this journal", "", "lost", mask_text(note))
    call = f"{entry.get('method') or ''} {entry.get('path') or ''}".strip()
    return Evidence(
        seq=seq,
        time=f"+{duration(moment(entry, timebase).arrive - zero)}",
        call=mask_text(call),
        answer=answer(entry),
        tone=tone(entry),
        note=mask_text(note),
    )


def _practices(
    codes: Iterable[object],
) -> tuple[tuple[str, str | None, tuple[Practice, ...]], ...]:
    """Return the practices by the document they stand in: its name, its address, the practices."""
    by_source: dict[tuple[str, str | None], list[Practice]] = {}
    for one in (practice(str(code)) for code in codes):
        by_source.setdefault((one.source, one.link), []).append(one)
    return tuple((name, link, tuple(ones)) for (name, link), ones in by_source.items())


def _numbers(numbers: object) -> Iterable[tuple[str, str]]:
    """Yield the numbers a verdict was computed from, as name and text."""
    for name, value in numbers.items() if isinstance(numbers, Mapping) else ():
        reading = number(value)
        words = str(mask(value)) if reading is None else f"{reading:.10g}"
        yield str(name).replace("_", " "), words


def _faults(faults: object) -> tuple[tuple[str, str, int], ...]:
    rows = faults if isinstance(faults, list) else []
    return tuple(
        (str(row.get("id", "")), str(row.get("kind", "")), int(number(row.get("met")) or 0))
        for row in rows
        if isinstance(row, Mapping)
    )


def _ending(ending: object) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return how the client's part ended, as facts and its last output."""
    if not isinstance(ending, Mapping):
        return (), ""
    code, error = ending.get("exitCode"), ending.get("error")
    facts = [
        ("exit code", str(code) if code else ""),
        ("stopped", "the time for this case ran out" if ending.get("timedOut") else ""),
        ("raised", mask_text(str(error or ""))),
    ]
    shown = tuple((name, value) for name, value in facts if value)
    return shown, mask_text(str(ending.get("output") or "")).strip()


def _figures(
    entries: Sequence[Entry],
    timebase: str,
    first: frozenset[int],
    checks: Sequence[Mapping[str, Any]],
) -> tuple[Figure, ...]:
    limits = {seq: allowed for seq, _, allowed in _rows(checks) if allowed is not None}
    return tuple(_figure(group) for group in groups(entries, timebase, first, limits))


def _figure(group: Group) -> Figure:
    lanes = tuple(draw(lane, group) for lane in group.lanes)
    return Figure(group.kind, lanes, ticks(group.span), group.hidden)


def _pulse(entries: Sequence[Entry], timebase: str) -> tuple[tuple[str, str], ...]:
    """Return the case as a strip of strokes: position in percent and tone, evenly thinned out."""
    moments = sorted((moment(entry, timebase).arrive, tone(entry)) for entry in entries)
    step = max(1, len(moments) // PULSE_CALLS)
    if not moments:
        return ()
    start, span = moments[0][0], moments[-1][0] - moments[0][0]
    return tuple(
        (f"{100 * (at - start) / span if span > 0 else 0:.2f}%", name)
        for at, name in moments[::step]
    )


def findings(cases: Sequence[Case]) -> list[tuple[Case, Check, str]]:
    """Return the checks that need a look, the gravest first, and how to fix each broken case.

    The fix stands once a case, and only where the client is at fault.
    """
    pairs = [(case, check) for case in cases for check in case.checks]
    wanted = [pair for pair in pairs if pair[1].verdict.word in NEEDS_A_LOOK]
    wanted.sort(key=lambda pair: ORDER.index(pair[1].verdict.word))
    told: set[str] = set()
    rows = []
    for case, check in wanted:
        has_fix = check.verdict.word in _FAULT_OF_CLIENT and case.id not in told
        told.update([case.id] if has_fix else [])
        rows.append((case, check, case.how_to_fix if has_fix else ""))
    return rows
