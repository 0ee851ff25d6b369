"""The cases of a run as values for the templates, which escape every text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.case import load
from adsmock.harness.suite.case.page import page_url
from adsmock.harness.suite.report.failures import refused_sentence
from adsmock.harness.suite.report.html.check import (
    CaseEntries,
    Check,
    EvidenceLookup,
    check_view,
    compliant_arrivals,
    evidence,
    evidence_to_review,
    slug,
)
from adsmock.harness.suite.report.html.items import BatchView, batches
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
from adsmock.harness.suite.report.html.masking import mask_text
from adsmock.harness.suite.report.html.quote import Quote
from adsmock.harness.suite.report.html.timeline import Entry, moment, number
from adsmock.harness.suite.report.html.wire_log import Log, log, shown

FINDINGS_SHOWN = 10
BARS_SHOWN = 80
LINES_SHOWN = 8
_FAULT_OF_CLIENT = frozenset({"FAIL", "WARN"})


@dataclass(frozen=True, slots=True)
class Figure:
    """Lanes on one scale, with their axis."""

    kind: str
    lanes: tuple[LaneView, ...]
    axis: tuple[Label, ...]
    hidden: int
    grants: int


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
    batches: tuple[BatchView, ...]
    log: Log
    bars: tuple[tuple[str, str], ...]
    rerun: str
    reads_all: bool
    terms: str

    @property
    def needs_review(self) -> bool:
        """Return whether the reader has to act."""
        if not self.checks:
            return self.verdict.word in NEEDS_REVIEW
        return any(check.needs_review for check in self.checks)

    @property
    def to_review(self) -> tuple[Check, ...]:
        """Return the checks that the reader has to act on."""
        return tuple(check for check in self.checks if check.needs_review)

    @property
    def settled(self) -> tuple[Check, ...]:
        """Return the other checks."""
        return tuple(check for check in self.checks if not check.needs_review)

    @property
    def last_lines(self) -> str:
        """Return the last lines of the client's output."""
        return "\n".join(self.output.splitlines()[-LINES_SHOWN:])

    @property
    def has_item_table(self) -> bool:
        """Return whether the first batch is evidence, so that it reads without a script."""
        first = {row.seq for check in self.to_review for row in check.evidence}
        return any(seq in first for batch in self.batches[:1] for seq, _ in batch.calls)

    @property
    def call_to_repeat(self) -> Quote | None:
        """Return the last quoted call that has a curl command, of the first check to review."""
        quotes = [quote for check in self.to_review for quote in reversed(check.quotes)]
        return next((quote for quote in quotes if quote.curl), None)

    @property
    def practice_codes(self) -> tuple[str, ...]:
        """Return the codes of the case's practices."""
        return tuple(one.code for _, _, ones in self.practices for one in ones)

    def of(self, severity: str) -> tuple[Check, ...]:
        """Return the checks of one severity."""
        return tuple(check for check in self.checks if check.severity == severity)

    @property
    def met(self) -> int:
        """Return the number of faults that took effect in the case."""
        return sum(met for _, _, met in self.faults)


def evidence_lookup(
    cases: Iterable[Mapping[str, Any]], by_case: Mapping[str, Sequence[Entry]]
) -> dict[str, CaseEntries]:
    """Return the entries of each case and replay, and which of them the page shows."""
    found = {
        str(case.get("id", "")): CaseEntries(
            {seq_of(entry): entry for entry in entries},
            shown(entries, _timebase(case), _first(case)),
            _timebase(case),
        )
        for case in cases
        for entries in [by_case.get(str(case.get("id", "")), ())]
    }
    replays = {
        name: CaseEntries({seq_of(one): one for one in rows}, frozenset(), "monotonic")
        for name, rows in by_case.items()
        if name not in found
    }
    return found | replays


def case_view(
    case: Mapping[str, Any], entries: Sequence[Entry], known: Mapping[str, CaseEntries], rerun: str
) -> Case:
    """Return one case of a run with its journal entries; `known` has the entries of all cases."""
    name, timebase, raw, first = str(case.get("id", "")), _timebase(case), _raw(case), _first(case)
    status = str(case.get("status") or worst([str(check.get("status")) for check in raw]))
    ending, output = _ending(case.get("ending"))
    figures = groups(entries, timebase, first, compliant_arrivals(raw), evidence(raw, name))
    suite_case = load().get(name)
    return Case(
        id=name,
        anchor=slug(name),
        title=str(case.get("title", "")),
        area=str(case.get("area", "")),
        level=str(case.get("level", "")),
        verdict=verdict(status),
        claim=str(case.get("claim", "")),
        checks=tuple(check_view(check, EvidenceLookup(name, known)) for check in raw),
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
        figures=tuple(_figure(group) for group in figures),
        batches=batches(entries, first),
        log=log(entries, timebase, first),
        bars=_bars(entries, timebase),
        rerun=rerun,
        reads_all=suite_case is not None and suite_case.every,
        terms=_terms(entries),
    )


def _raw(case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [check for check in case.get("checks", ()) if isinstance(check, Mapping)]


def _timebase(case: Mapping[str, Any]) -> str:
    return str(case.get("timebase", "monotonic"))


def _first(case: Mapping[str, Any]) -> frozenset[int]:
    return evidence_to_review(_raw(case), str(case.get("id", "")))


def _terms(entries: Sequence[Entry]) -> str:
    """Return what a reader may search a case by, beyond its visible text."""
    names = {
        mask_text(str(text))
        for entry in entries
        for text in (entry.get("operation"), entry.get("route"), entry.get("status"))
        if text
    }
    return " ".join(sorted(names))


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
    return Figure(group.kind, lanes, axis(group), group.hidden, group.grants)


def _bars(entries: Sequence[Entry], timebase: str) -> tuple[tuple[str, str], ...]:
    """Return a sample of the calls as one path of bars for each tone, in a box of 100 x 20."""
    moments = sorted((moment(entry, timebase).arrive, tone(entry)) for entry in entries)
    step = max(1, len(moments) // BARS_SHOWN)
    if not moments:
        return ()
    start, span = moments[0][0], moments[-1][0] - moments[0][0]
    paths: dict[str, str] = {}
    for at, name in moments[::step]:
        top = 8 if name in {"ok", "part"} else 2
        x = f"{100 * (at - start) / span if span > 0 else 0:.4g}"
        paths[name] = f"{paths.get(name, '')}M{x} {top}V18"
    return tuple((name, path) for name, path in paths.items())


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
