"""What the page says: the run, its checks and its journal as values ready to be laid out.

Knows the form of run.json and of journal entries. Knows no markup: the templates lay this out and
escape every text in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.report.html.check import (
    Check,
    Witness,
    check_view,
    evidence_of_trouble,
    lawful_arrivals,
    slug,
)
from adsmock.harness.suite.report.html.labels import (
    NEEDS_A_LOOK,
    ORDER,
    Practice,
    Verdict,
    document,
    practice,
    tone,
    verdict,
    worst,
)
from adsmock.harness.suite.report.html.lane import Group, groups, seq_of
from adsmock.harness.suite.report.html.layout import Label, Picture, axis, draw
from adsmock.harness.suite.report.html.timeline import Entry, moment, number
from adsmock.harness.suite.report.html.wire_log import Log, log, mask_text

FINDINGS_SHOWN = 10
PULSE_CALLS = 80
_FAULT_OF_CLIENT = frozenset({"FAIL", "WARN"})


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
        if not self.checks:
            return self.verdict.word in NEEDS_A_LOOK
        return any(check.needs_a_look for check in self.checks)

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
    first = evidence_of_trouble(raw)
    wire = log(entries, timebase, first)
    shown = frozenset(row.seq for row in wire.rows)
    witness = Witness(name, {seq_of(entry): entry for entry in entries}, timebase, shown)
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
        checks=tuple(check_view(check, witness) for check in raw),
        faults=_faults(case.get("faults")),
        calls=len(entries),
        dropped=int(number(case.get("dropped")) or 0),
        timebase=timebase,
        practices=_practices(case.get("practice", ())),
        link=document(case.get("anchor")),
        how_to_fix=str(case.get("howToFix", "")),
        ending=ending,
        output=output,
        figures=tuple(
            _figure(group) for group in groups(entries, timebase, first, lawful_arrivals(raw))
        ),
        log=wire,
        pulse=_pulse(entries, timebase),
    )


def _practices(
    codes: Iterable[object],
) -> tuple[tuple[str, str | None, tuple[Practice, ...]], ...]:
    """Return the practices by the document they stand in: its name, its address, the practices."""
    by_source: dict[tuple[str, str | None], list[Practice]] = {}
    for one in (practice(str(code)) for code in codes):
        by_source.setdefault((one.source, one.link), []).append(one)
    return tuple((name, link, tuple(ones)) for (name, link), ones in by_source.items())


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


def _figure(group: Group) -> Figure:
    lanes = tuple(draw(lane, group) for lane in group.lanes)
    return Figure(group.kind, lanes, axis(group), group.hidden)


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
    wanted = [pair for pair in pairs if pair[1].needs_a_look]
    wanted.sort(key=lambda pair: ORDER.index(pair[1].verdict.word))
    told: set[str] = set()
    rows = []
    for case, check in wanted:
        has_fix = check.verdict.word in _FAULT_OF_CLIENT and case.id not in told
        told.update([case.id] if has_fix else [])
        rows.append((case, check, case.how_to_fix if has_fix else ""))
    return rows
