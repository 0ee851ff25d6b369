"""The cases of a run as values for the templates, which escape every text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.case.page import page_url
from adsmock.harness.suite.report.failures import refused_sentence
from adsmock.harness.suite.report.html.check import (
    Check,
    EvidenceLookup,
    check_view,
    compliant_arrivals,
    evidence_to_review,
    slug,
)
from adsmock.harness.suite.report.html.labels import (
    NEEDS_REVIEW,
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
from adsmock.harness.suite.report.html.layout import Label, LaneView, axis, draw
from adsmock.harness.suite.report.html.timeline import Entry, moment, number
from adsmock.harness.suite.report.html.wire_log import Log, log, mask_text

FINDINGS_SHOWN = 10
BARS_SHOWN = 80
_FAULT_OF_CLIENT = frozenset({"FAIL", "WARN"})


@dataclass(frozen=True, slots=True)
class Figure:
    """Lanes on one scale, with their axis."""

    kind: str
    lanes: tuple[LaneView, ...]
    axis: tuple[Label, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its claim, findings, sources and fix."""

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
    page: str | None
    how_to_fix: str
    ending: tuple[tuple[str, str], ...]
    output: str
    refused: str
    figures: tuple[Figure, ...]
    log: Log
    bars: tuple[tuple[str, str], ...]

    @property
    def needs_review(self) -> bool:
        """Return whether the reader has to act."""
        if not self.checks:
            return self.verdict.word in NEEDS_REVIEW
        return any(check.needs_review for check in self.checks)

    def of(self, severity: str) -> tuple[Check, ...]:
        """Return the checks of one severity."""
        return tuple(check for check in self.checks if check.severity == severity)

    @property
    def met(self) -> int:
        """Return the number of faults that took effect in the case."""
        return sum(met for _, _, met in self.faults)


def case_view(case: Mapping[str, Any], entries: Sequence[Entry]) -> Case:
    """Return one case of a run with its journal entries."""
    name = str(case.get("id", ""))
    timebase = str(case.get("timebase", "monotonic"))
    raw = [check for check in case.get("checks", ()) if isinstance(check, Mapping)]
    first = evidence_to_review(raw)
    wire = log(entries, timebase, first)
    shown = frozenset(row.seq for row in wire.rows)
    lookup = EvidenceLookup(name, {seq_of(entry): entry for entry in entries}, timebase, shown)
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
        checks=tuple(check_view(check, lookup) for check in raw),
        faults=_faults(case.get("faults")),
        calls=len(entries),
        dropped=int(number(case.get("dropped")) or 0),
        timebase=timebase,
        practices=_practices(case.get("practice", ())),
        link=document(case.get("anchor")),
        page=page_url(name),
        how_to_fix=str(case.get("howToFix", "")),
        ending=ending,
        output=output,
        refused=mask_text(refused_sentence(case.get("refused") or ())),
        figures=tuple(
            _figure(group) for group in groups(entries, timebase, first, compliant_arrivals(raw))
        ),
        log=wire,
        bars=_bars(entries, timebase),
    )


def _practices(
    codes: Iterable[object],
) -> tuple[tuple[str, str | None, tuple[Practice, ...]], ...]:
    """Return the practices by document: its name, its URL, its practices."""
    by_source: dict[tuple[str, str | None], list[Practice]] = {}
    for each in (practice(str(code)) for code in codes):
        by_source.setdefault((each.source, each.link), []).append(each)
    return tuple((name, link, tuple(ones)) for (name, link), ones in by_source.items())


def _faults(faults: object) -> tuple[tuple[str, str, int], ...]:
    rows = faults if isinstance(faults, list) else []
    return tuple(
        (str(row.get("id", "")), str(row.get("kind", "")), int(number(row.get("met")) or 0))
        for row in rows
        if isinstance(row, Mapping)
    )


def _ending(ending: object) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the ending of the client, as facts and its last output."""
    if not isinstance(ending, Mapping):
        return (), ""
    code, error = ending.get("exitCode"), ending.get("error")
    facts = [
        ("exit code", str(code) if code else ""),
        ("stopped", "at the time limit of the case" if ending.get("timedOut") else ""),
        ("raised", mask_text(str(error or ""))),
    ]
    shown = tuple((name, value) for name, value in facts if value)
    return shown, mask_text(str(ending.get("output") or "")).strip()


def _figure(group: Group) -> Figure:
    lanes = tuple(draw(lane, group) for lane in group.lanes)
    return Figure(group.kind, lanes, axis(group), group.hidden)


def _bars(entries: Sequence[Entry], timebase: str) -> tuple[tuple[str, str], ...]:
    """Return a sample of the calls as bars: position in percent, and tone."""
    moments = sorted((moment(entry, timebase).arrive, tone(entry)) for entry in entries)
    step = max(1, len(moments) // BARS_SHOWN)
    if not moments:
        return ()
    start, span = moments[0][0], moments[-1][0] - moments[0][0]
    return tuple(
        (f"{100 * (at - start) / span if span > 0 else 0:.2f}%", name)
        for at, name in moments[::step]
    )


def findings(cases: Sequence[Case]) -> list[tuple[Case, Check, str]]:
    """Return the checks that need review, worst first, each with its fix.

    Equal fixes of a case appear once, and only where the client broke a rule.
    """
    pairs = [(case, check) for case in cases for check in case.checks]
    wanted = [pair for pair in pairs if pair[1].needs_review]
    wanted.sort(key=lambda pair: ORDER.index(pair[1].verdict.word))
    fixed: set[tuple[str, str]] = set()
    rows = []
    for case, check in wanted:
        fix = check.how_to_fix or case.how_to_fix
        has_fix = check.verdict.word in _FAULT_OF_CLIENT and (case.id, fix) not in fixed
        fixed.update([(case.id, fix)] if has_fix else [])
        rows.append((case, check, fix if has_fix else ""))
    return rows
