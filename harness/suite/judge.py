"""Verdicts from records: pure, so that an old journal can be judged by new rules.

The first rule that applies decides:

1. A failure of the suite is ERROR.
2. A journal that was cut or dropped entries is INCONCLUSIVE.
3. A client without a single call is UNPROVEN.
4. A mock that did not answer as planned is ERROR.
5. A breach is FAIL or WARN, or INCONCLUSIVE for a timed check on a noisy machine.
6. A fault or trigger that did not happen is UNPROVEN.
7. A check for silence with unattributed calls is INCONCLUSIVE.
8. Otherwise the result of the check decides.
9. What a time limit below that of the case may have caused is UNPROVEN.

In a run that was stopped, a case that had not ended is INCONCLUSIVE, and so is an invariant unless
it was broken.

An UNPROVEN check that the manifest declares absent is N/A; a breach counts whatever is declared.
Tasks that the manifest excludes and the journal does not show are not judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from msgspec.structs import replace as replace_case

from adsmock.harness.suite import stopped_run
from adsmock.harness.suite.case import Case, Check, Severity
from adsmock.harness.suite.case.model import Trigger
from adsmock.harness.suite.checks import CHAINED, JUDGES, TIMED, Finding
from adsmock.harness.suite.checks.claim import claims_match_journal, successes
from adsmock.harness.suite.checks.finding import Outcome, counted
from adsmock.harness.suite.checks.hang import last_call
from adsmock.harness.suite.checks.noise import noisy
from adsmock.harness.suite.free_work import work_verdict
from adsmock.harness.suite.ignored_filter import ignored_filter
from adsmock.harness.suite.invariants import journals_of, judge_invariant, view_of
from adsmock.harness.suite.journal import CaseRecord, CaseView, RunRecord
from adsmock.harness.suite.manifest import NOTHING_DECLARED, Manifest, declared
from adsmock.harness.suite.same_defect import with_first_causes
from adsmock.harness.suite.scope import absence
from adsmock.harness.suite.time_limit import after_cut
from adsmock.harness.suite.trusted_hosts import with_trust
from adsmock.harness.suite.unlisted_checks import CLAIM
from adsmock.harness.suite.verdict import (
    BREACH,
    CaseVerdict,
    RunVerdict,
    Status,
    Verdict,
    hint_of,
    overall,
)

FREE = "free"
"""The driver of a run in which the client does its own work without tasks."""

UNSUPPORTED = "not supported: "
"""How the kits begin the error of a task that an adapter does not support."""

NO_TEMPLATE = (
    'the manifest names no template: write [infrastructure] with template = "stream.yaml" there'
)

NO_ANSWER = "the client did not run the tasks of the case, and its own work does not show this"


def judge_run(record: RunRecord, cases: Mapping[str, Case]) -> RunVerdict:
    """Return the verdicts of a whole record."""
    meta = record.meta
    found = {each.case: each for each in record.cases}
    manifest = declared(meta.manifest["values"] if meta.manifest else None)
    called = any(one.rows for one in record.cases)
    needs_all = any(cases[name].every for name in meta.cases)
    journals = journals_of(record.cases, cases, manifest) if needs_all else []
    views = {id(journal.record): journal.view for journal in journals}  # indexed once for both

    def judged_case(case: Case) -> CaseVerdict:
        if case.every:
            judged = judge_invariant(case, journals, cases, meta.orphans)
            judged = stopped_run.on_part(judged, len(found)) if meta.stopped else judged
            return _after_manifest(judged, manifest)
        if meta.stopped and case.id not in found:
            return stopped_run.without_record(case, meta)
        one = found.get(case.id) or _missing(case.id)
        if meta.driver == FREE:
            again = [each for each in record.cases if each.replay_of == case.id]
            return _judge_free(case, one, again, meta.orphans, manifest, called=called)
        own = with_trust(one, case, record.cases, cases)
        return judge_case(case, own, meta.orphans, manifest, views.get(id(own)))

    judged = with_first_causes([judged_case(cases[name]) for name in meta.cases])
    return RunVerdict(record, judged, overall(judged, record), hint_of(record))


def judge_case(
    case: Case,
    record: CaseRecord,
    orphans: int = 0,
    manifest: Manifest = NOTHING_DECLARED,
    view: CaseView | None = None,
) -> CaseVerdict:
    """Return one verdict for each check of a case, whatever happened.

    ``view`` is that of the record, if it exists already.
    """
    if case.every:
        journals = journals_of([record], {}, manifest)
        return _after_manifest(judge_invariant(case, journals, {}, orphans), manifest)
    view = view or view_of(record, case, manifest)
    whole = _whole(case, view)
    verdicts = [
        Verdict(check.id, check.severity, *whole) if whole else _judge(case, check, view, orphans)
        for check in case.checks
    ]
    verdicts += _claim_verdict(view, whole, orphans)
    missing = absence(case, manifest, view)
    return _after_manifest(CaseVerdict(case, record, tuple(verdicts)), manifest, missing)


def _judge_free(
    case: Case,
    record: CaseRecord,
    replays: Sequence[CaseRecord],
    orphans: int,
    manifest: Manifest,
    *,
    called: bool,
) -> CaseVerdict:
    """Return the verdicts of a case in a free run: N/A where the program gave no opportunity.

    One fault is enough, since a free run cannot ask for the number of calls that tasks ask for.
    ``called`` says whether the program made any call in the run.
    """
    if record.lacks:
        lacking = (Verdict(check.id, check.severity, "N/A", record.lacks) for check in case.checks)
        return CaseVerdict(case, record, tuple(lacking))
    trigger = Trigger(
        min_faults=1 if case.faults else 0,
        min_refused=case.trigger.min_refused,
        or_gave_up=case.trigger.or_gave_up,
        may_miss=case.trigger.may_miss,
    )
    # Without tasks: nothing asks for them, so what the manifest excludes explains nothing. Without
    # a time limit: a round has its own.
    own = replace_case(case, trigger=trigger, tasks=(), timeout=0)
    judged = judge_case(own, record, orphans, manifest)
    verdicts = tuple(_without_opportunity(one) if called else one for one in judged.verdicts)
    work = work_verdict(record, replays, manifest, orphans)
    return CaseVerdict(case, record, verdicts + tuple(_after_hang(one, verdicts) for one in work))


def _after_hang(work: Verdict, own: tuple[Verdict, ...]) -> Verdict:
    """Return N/A for work that is open only because the program hung, as another check says."""
    hung = [one for one in own if one.status in {"FAIL", "WARN"} and one.numbers.get("stopped")]
    if work.status != "UNPROVEN" or not hung:
        return work
    return replace(
        work,
        status="N/A",
        sentence=f"the program hung, see {hung[0].check}: it was stopped with work left",
    )


def _without_opportunity(verdict: Verdict) -> Verdict:
    """Return N/A instead of UNPROVEN: the program calls the mock, but gives no opportunity here.

    A program that the suite stopped too early had an opportunity.
    """
    if verdict.status != "UNPROVEN" or verdict.numbers.get("stopped"):
        return verdict
    return replace(
        verdict, status="N/A", sentence=f"no opportunity in this run: {verdict.sentence}"
    )


def _after_manifest(
    judged: CaseVerdict, manifest: Manifest, missing: str | None = None
) -> CaseVerdict:
    """Return the verdicts with the declarations of the manifest."""
    verdicts = tuple(
        _declared(judged.case, verdict, manifest, missing) for verdict in judged.verdicts
    )
    return replace(judged, verdicts=verdicts)


def _declared(case: Case, verdict: Verdict, manifest: Manifest, missing: str | None) -> Verdict:
    """Return the verdict after the manifest: an absence explains only UNPROVEN.

    ``missing`` is what the case needs and the manifest excludes.
    """
    listed = manifest.absent.get(verdict.check) or manifest.absent.get(case.id)
    reason = listed or missing
    if reason and verdict.status == "UNPROVEN":
        return replace(verdict, status="N/A", sentence=f"declared in the manifest: {reason}")
    if listed and verdict.status in {"FAIL", "WARN"}:
        return replace(
            verdict, sentence=f"declared as not applicable, yet judged: {verdict.sentence}"
        )
    return verdict


def _claim_verdict(view: CaseView, whole: tuple[Status, str] | None, orphans: int) -> list[Verdict]:
    """Return the verdict on the client's own report, none when it reports no success.

    It needs no trigger: the report can be checked whatever faults occurred.
    """
    if not successes(view):
        return []
    if whole and whole[0] not in {"UNPROVEN", "N/A"}:
        return [Verdict(CLAIM, "MUST", *whole)]
    try:
        finding = claims_match_journal(view)
    except Exception as error:  # noqa: BLE001 -- a check that raises is our error
        return [_raised(CLAIM, "MUST", error)]
    if finding.outcome == "broken" and orphans:
        doubt = f"{counted(orphans, 'call')} without a known sandbox"
        return [Verdict(CLAIM, "MUST", "INCONCLUSIVE", f"{doubt}; {finding.sentence}")]
    status: Status = "FAIL" if finding.outcome == "broken" else "PASS"
    return [Verdict(CLAIM, "MUST", status, finding.sentence, finding.rows, finding.numbers)]


def _whole(case: Case, view: CaseView) -> tuple[Status, str] | None:
    """Return the verdict that all checks of a case share, None when each is judged."""
    record = view.record
    if record.failure:
        return "ERROR", f"the suite could not run the case: {record.failure}"
    if case.template and record.template is None:
        return "N/A", NO_TEMPLATE
    if record.dropped:
        return "INCONCLUSIVE", f"the journal dropped {counted(record.dropped, 'entry')}"
    if len(view.entries) != record.entries:
        return (
            "INCONCLUSIVE",
            f"the journal is incomplete: {len(view.entries)} of {record.entries} entries are left",
        )
    if not view.entries:
        return "UNPROVEN", f"the client made no call{_reason(record)}"
    unplanned = _unwritten(view) or _unplanned(case, view)
    return ("ERROR", unplanned) if unplanned else None


def _reason(record: CaseRecord) -> str:
    """Return why a client made no call, empty when it did not say."""
    error = record.ending.error
    if not error:
        return ""
    if error.startswith(UNSUPPORTED):
        return f": the adapter does not support {error.removeprefix(UNSUPPORTED)}"
    is_sentence = error.startswith("the adapter")
    return f": {error}" if is_sentence else f": it ended with {error}"


def _unwritten(view: CaseView) -> str | None:
    """Return the fault that the mock counts more often than its journal shows, None when none.

    A call with an unrecorded fault would look like one without a fault.
    """
    seen = Counter(entry.fault_id for entry in view.entries)
    for fault in view.record.faults:
        if fault.met > seen[fault.id]:
            return (
                f"the mock counts {fault.met} calls with the fault {fault.id}, the journal "
                f"{seen[fault.id]}"
            )
    return None


def _unplanned(case: Case, view: CaseView) -> str | None:
    """Return where the mock's answer differs from the fault plan, None when nowhere."""
    effects = {fault.id: fault.rule["effect"] for fault in case.faults if fault.kind == "http"}
    for entry in view.entries:
        effect = effects.get(entry.fault_id or "")
        if effect is None:
            continue
        planned = (effect["status"], effect.get("retryAfter"))
        seen = (entry.status, entry.retry_after)
        if planned[0] != seen[0]:
            return f"the fault {entry.fault_id} answered {seen[0]} instead of {planned[0]}"
        if isinstance(planned[1], int | None) and _text(planned[1]) != seen[1]:
            return f"the fault {entry.fault_id} sent Retry-After {seen[1]} instead of {planned[1]}"
    return None


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def _raised(check: str, severity: Severity, error: Exception) -> Verdict:
    return Verdict(check, severity, "ERROR", f"the check failed: {type(error).__name__}: {error}")


def _judge(case: Case, check: Check, view: CaseView, orphans: int) -> Verdict:
    """Return the verdict of one check of a completely recorded case."""
    numbers = view.record.numbers
    if numbers is not None and check.id not in numbers:
        return Verdict(check.id, check.severity, "N/A", NO_ANSWER)
    try:
        finding = JUDGES[check.judge](view, **check.numbers | (numbers or {}).get(check.id, {}))
    except Exception as error:  # noqa: BLE001 -- a check that raises is our error
        return _raised(check.id, check.severity, error)
    if finding.outcome == "broken" and check.judge in TIMED and (noise := noisy(view)):
        finding = replace(finding, outcome="inconclusive", sentence=f"{noise}; {finding.sentence}")
    status, sentence = _status(case, check, view, finding, orphans)
    if check.judge in CHAINED and status not in {"PASS", "INFO"} and (why := ignored_filter(view)):
        return Verdict(check.id, check.severity, "UNPROVEN", why)
    found = Verdict(check.id, check.severity, status, sentence, finding.rows, finding.numbers)
    return after_cut(case, check, view, finding, found)


def _status(
    case: Case, check: Check, view: CaseView, finding: Finding, orphans: int
) -> tuple[Status, str]:
    answers: dict[Outcome, Status] = {
        "holds": "PASS",
        "broken": BREACH[check.severity],
        "unproven": "UNPROVEN",
        "inconclusive": "INCONCLUSIVE",
    }
    seen_breach = finding.outcome == "broken" and check.silence
    lack = None if seen_breach else _lack(case, view)
    if lack:
        return "UNPROVEN", lack
    doubt = _doubt(view, orphans) if finding.outcome == "holds" and check.silence else None
    if doubt:
        return "INCONCLUSIVE", f"{doubt}; {finding.sentence}"
    return answers[finding.outcome], finding.sentence


def _doubt(view: CaseView, orphans: int) -> str | None:
    """Return why silence proves nothing here, None when it does."""
    if orphans:
        return f"{counted(orphans, 'call')} without a known sandbox"
    if view.record.ending.timed_out:
        last = last_call(view)
        return f"the client was stopped at its time limit{': ' if last else ''}{last}"
    return None


def _lack(case: Case, view: CaseView) -> str | None:
    """Return which part of the trigger is missing, None when none is."""
    trigger = case.trigger
    excused = trigger.or_gave_up and view.gave_up
    free = {fault.id for fault in case.faults if fault.supports} | {*trigger.may_miss}
    unmet = [each.id for each in view.record.faults if not each.met and each.id not in free]
    counts = {
        "calls with a fault": (_met(view), 0 if excused else trigger.min_faults),
        "calls with a fault, without their repeats": (
            len({chain.key for chain in view.faulted}),
            0 if excused else trigger.min_chains,
        ),
        "API calls": (len(view.api), trigger.min_calls),
        "regions called": (len(view.seen_regions), trigger.min_regions),
        "calls refused without a fault": (_refused(view), trigger.min_refused),
        "restarts of the client (some drivers have none)": (
            len(view.record.ending.restarts),
            trigger.min_restarts,
        ),
    }
    if unmet and not excused:
        return f"no call got the fault {unmet[0]}{_target(case, unmet[0])}"
    for thing, (seen, least) in counts.items():
        if seen < least:
            return f"{thing}: {seen} of at least {least}"
    return None


def _target(case: Case, fault: str) -> str:
    """Return which calls a fault waits for, empty when any call may get it."""
    match = next((each.match for each in case.faults if each.id == fault), {})
    operations = match.get("operation") or ()
    named = [operations] if isinstance(operations, str) else list(operations)
    regions = match.get("region") or ()
    places = [regions] if isinstance(regions, str) else list(regions)
    where = f" in {', '.join(places)}" if places else ""
    return f", which waits for {' or '.join(named) or 'a call'}{where}" if named or places else ""


def _met(view: CaseView) -> int:
    return sum(1 for entry in view.entries if entry.fault_id)


def _refused(view: CaseView) -> int:
    return sum(1 for entry in view.api if entry.is_refusal and not entry.fault_id)


def _missing(name: str) -> CaseRecord:
    failure = "its record is missing"
    return CaseRecord(name, 0, "monotonic", entries=0, failure=failure)
