"""Invariants: checks that are judged on every journal of a run, with one verdict per check.

A breach in any journal decides. Without one, every journal with an opportunity must be complete for
a PASS; without an opportunity the check is N/A, so that a partial client is not punished. What a
check suspects in too few calls is UNPROVEN, unless another journal proves the opposite; so is a
check of bodies where the journal has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import json, structs

from adsmock.harness.suite import separate_runs
from adsmock.harness.suite.case import Case, Check
from adsmock.harness.suite.checks import CHAINED, JUDGES, TIMED, Evidence, Finding
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.checks.noise import noisy
from adsmock.harness.suite.ignored_filter import ignored_filter
from adsmock.harness.suite.journal import CaseRecord, CaseView
from adsmock.harness.suite.manifest import NOTHING_DECLARED, Manifest
from adsmock.harness.suite.scope import in_scope
from adsmock.harness.suite.verdict import BREACH, CaseVerdict, Status, Verdict

SHOWN_CASES = 8
"""Cases that a sentence names; the numbers have all."""

SHOWN_ROWS = 50
"""Entries of evidence over all cases."""


NO_BODIES = "recorded without bodies; use --journal full"
"""Why a check that reads bodies is UNPROVEN on a lean journal."""


@dataclass(frozen=True, slots=True)
class Journal:
    """One journal to judge.

    ``view`` has of ``record`` what the manifest includes. Checks that its case exempts are judged
    on ``runs``, the runs of a program one by one. ``shared`` says why they cannot be separated,
    empty when they can.
    """

    record: CaseRecord
    view: CaseView
    runs: tuple[CaseView, ...] = ()
    shared: str = ""


@dataclass(frozen=True, slots=True)
class _Result:
    """The result of one check on one journal; ``case`` names the journal."""

    case: str
    finding: Finding


def judge_invariants(
    records: Iterable[CaseRecord],
    cases: Mapping[str, Case],
    orphans: int = 0,
    manifest: Manifest = NOTHING_DECLARED,
) -> tuple[CaseVerdict, ...]:
    """Return the verdicts of all invariants on any journals, whatever produced them.

    Args:
        records: one record per journal; its ``case`` may be a name that no case has.
        cases: all cases by id: the invariants, and the exemptions of the others.
        orphans: calls without a known sandbox.
        manifest: the declarations of the integration.
    """
    journals = journals_of(records, cases, manifest)
    every = (case for case in cases.values() if case.every)
    return tuple(judge_invariant(case, journals, cases, orphans) for case in every)


def journals_of(
    records: Iterable[CaseRecord],
    cases: Mapping[str, Case],
    manifest: Manifest = NOTHING_DECLARED,
) -> list[Journal]:
    """Return the journals to judge: no failed or empty ones, each entry once.

    Several records of one client id share a journal: that of a free run or a load run.
    """
    by_client: dict[str, list[CaseRecord]] = {}
    for record in records:
        if not record.failure and record.entries:
            by_client.setdefault(record.client_id or record.case, []).append(record)
    return [
        _journal(each, cases.get(each.replay_of or each.case), manifest)
        for each in map(_joined, by_client.values())
    ]


def _journal(record: CaseRecord, case: Case | None, manifest: Manifest) -> Journal:
    """Return one journal, with those of the program's runs if they can be separated."""
    view, shared = view_of(record, case, manifest), separate_runs.shared(record)
    runs = [] if shared else separate_runs.records_of(record)
    return Journal(record, view, tuple(view_of(each, None, manifest) for each in runs), shared)


def view_of(record: CaseRecord, case: Case | None, manifest: Manifest) -> CaseView:
    """Return the view of one journal, with the tasks that the manifest includes."""
    if case is None:
        return CaseView.of(record, manifest)
    return in_scope(case, CaseView.of(record, manifest, case.lasting), manifest)


def _joined(records: Sequence[CaseRecord]) -> CaseRecord:
    """Return one record with the entries, the tasks and the created entities of all.

    A record about one profile has only the calls and the tasks of that profile. Each row names
    the case of the first record that has it, so that the evidence can be found there.
    """
    first, *others = records
    if not others:
        return first
    rows: dict[int, dict[str, Any]] = {}
    tasks: list[dict[str, Any]] = []
    known: set[bytes] = set()
    created: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for record in records:
        named = {} if record.runs else {"case": record.case}
        for row in record.rows:
            if (seq := int(row["seq"])) not in rows:
                rows[seq] = named | row
        texts = [json.encode(task, order="sorted") for task in record.tasks]
        tasks += [task for task, text in zip(record.tasks, texts, strict=True) if text not in known]
        known.update(texts)
        created |= record.created
    lost = sum(record.entries - len(record.rows) for record in records)
    return structs.replace(
        first,
        rows=tuple(rows[seq] for seq in sorted(rows)),
        entries=len(rows) + lost,
        dropped=max(record.dropped for record in records),
        tasks=tuple(tasks),
        created=created,
    )


def judge_invariant(
    case: Case, journals: list[Journal], cases: Mapping[str, Case], orphans: int = 0
) -> CaseVerdict:
    """Return the verdicts of one invariant."""
    record = CaseRecord(case.id, case.version, "monotonic", entries=0)
    verdicts = (_merged(check, journals, cases, orphans) for check in case.checks)
    return CaseVerdict(case, record, tuple(verdicts))


def _merged(
    check: Check, journals: list[Journal], cases: Mapping[str, Case], orphans: int
) -> Verdict:
    """Return the verdict of one check on all journals."""
    exempt: dict[str, str] = {}
    views: list[CaseView] = []
    for journal in journals:
        name = journal.view.record.replay_of or journal.view.record.case
        reason = cases[name].exempt.get(check.id) if name in cases else None
        if reason is None:
            views.append(journal.view)
        elif journal.runs:
            views.extend(journal.runs)
        else:
            exempt[name] = journal.shared or reason
    try:
        results = [_result(check, view) for view in views]
    except Exception as error:  # noqa: BLE001 -- a check that raises is our error
        sentence = f"the check failed: {type(error).__name__}: {error}"
        return Verdict(check.id, check.severity, "ERROR", sentence)
    by_outcome: dict[str, list[_Result]] = {}
    for result in results:
        by_outcome.setdefault(result.finding.outcome, []).append(result)
    numbers = {name: [each.case for each in found] for name, found in by_outcome.items()}
    status, sentence, rows = _answer(check, by_outcome, orphans)
    if status == "N/A" and check.bodies and any(map(_lacks_bodies, views)):
        return Verdict(check.id, check.severity, "UNPROVEN", NO_BODIES)
    if exempt and not results:
        sentence = f"not judged here: {next(iter(exempt.values()))}"
    return Verdict(check.id, check.severity, status, sentence, rows, numbers | {"exempt": exempt})


def _lacks_bodies(view: CaseView) -> bool:
    """Say whether a journal has calls with bodies and recorded none of them."""
    rows = view.record.rows
    return any(row.get("requestBytes") or row.get("replyBytes") for row in rows) and not any(
        row.get("request") or row.get("reply") for row in rows
    )


def _result(check: Check, view: CaseView) -> _Result:
    """Return the result on one journal, named after the case that has its last evidence.

    The evidence of that case comes first: it is what the sentence is about.
    """
    finding = _finding(check, view)
    case = view.record.case
    if finding.outcome != "broken" or not finding.rows:
        return _Result(case, finding)
    of = {int(row["seq"]): str(row.get("case", case)) for row in view.record.rows}
    named = [replace(row, case=of.get(row.seq, case)) for row in finding.rows]
    last = named[-1].case
    ordered = sorted(named[-SHOWN_ROWS:], key=lambda row: row.case != last)
    return _Result(last, replace(finding, rows=tuple(ordered)))


def _finding(check: Check, view: CaseView) -> Finding:
    """Return the result on one journal; a cut journal decides nothing."""
    record = view.record
    missing = record.dropped or record.entries - len(record.rows)
    if missing:
        return Finding("inconclusive", f"{counted(missing, 'entry')} of the journal are missing")
    finding = JUDGES[check.judge](view, **check.numbers)
    if finding.outcome == "broken" and check.judge in TIMED and (noise := noisy(view)):
        return replace(finding, outcome="inconclusive", sentence=f"{noise}; {finding.sentence}")
    if finding.outcome == "broken" and check.judge in CHAINED and (why := ignored_filter(view)):
        return Finding("unproven", why)
    return finding


def _answer(
    check: Check, results: Mapping[str, list[_Result]], orphans: int
) -> tuple[Status, str, tuple[Evidence, ...]]:
    """Return status, sentence and evidence from the results by outcome."""
    broken, kept = results.get("broken", []), results.get("holds", [])
    if broken:
        return BREACH[check.severity], _named(broken), _evidence(broken)
    undecided = results.get("inconclusive", [])
    if undecided:
        return "INCONCLUSIVE", _named(undecided), ()
    if not kept:
        unseen = results.get("unproven", [])
        doubted = [result for result in unseen if result.finding.numbers.get("suspected")]
        return ("UNPROVEN", _named(doubted), ()) if doubted else ("N/A", _unseen(unseen), ())
    sentence = f"kept in {counted(len(kept), 'journal')} with an opportunity: {_cases(kept)}"
    if orphans and check.silence:
        doubt = f"{counted(orphans, 'call')} without a known sandbox"
        return "INCONCLUSIVE", f"{doubt}; {sentence}", ()
    return "PASS", sentence, ()


def _named(results: list[_Result]) -> str:
    """Return the first sentence with its case, and the other cases."""
    first, *others = results
    more = f"; also in {_cases(others)}" if others else ""
    return f"in case {first.case}, {first.finding.sentence}{more}"


def _cases(results: list[_Result]) -> str:
    names = [result.case for result in results]
    rest = len(names) - SHOWN_CASES
    return ", ".join(names[:SHOWN_CASES]) + (f" and {rest} more" if rest > 0 else "")


def _unseen(results: list[_Result]) -> str:
    """Return why there was no opportunity: the most frequent reason."""
    if not results:
        return "no journal of this run has a call to judge"
    reasons = [result.finding.sentence for result in results]
    return f"no opportunity in any journal: {max(reasons, key=reasons.count)}"


def _evidence(results: list[_Result]) -> tuple[Evidence, ...]:
    """Return the entries of all journals; of a long list its end, which reports quote."""
    rows = [
        replace(row, case=row.case or result.case)
        for result in results
        for row in result.finding.rows[-SHOWN_ROWS:]
    ]
    return tuple(rows[:SHOWN_ROWS])
