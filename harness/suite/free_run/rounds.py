"""The course of a free run: two clean passes, then rounds with faults, three at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from threading import Event

from msgspec.structs import replace

from adsmock.harness.suite.case import Case, CaseError
from adsmock.harness.suite.case.model import Sandbox
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.control import PlaneError
from adsmock.harness.suite.free_run.achievement import achieved, compared, intent, settled
from adsmock.harness.suite.free_run.case_records import of_clean, of_round
from adsmock.harness.suite.free_run.clean_passes import play_clean
from adsmock.harness.suite.free_run.every_write import (
    in_each_region,
    on_every_write,
    on_later_pages,
)
from adsmock.harness.suite.free_run.excess_changes import Usual, usual_changes, with_excess
from adsmock.harness.suite.free_run.limits import Limits, Say
from adsmock.harness.suite.free_run.opportunity import lack, mode
from adsmock.harness.suite.free_run.placement import Round, alone, plan
from adsmock.harness.suite.free_run.playing import Pass, Stage, play
from adsmock.harness.suite.free_run.replay import (
    MOST_REPLAYS,
    NO_LIMIT_LEFT,
    STOPPED,
    TOO_MANY,
    as_replay,
    in_turn,
    most_replays,
    replays_of,
    with_open_fault,
)
from adsmock.harness.suite.free_run.round_sandbox import adapted
from adsmock.harness.suite.free_run.time_left import Length, TimeLeft
from adsmock.harness.suite.free_run.traffic import Traffic, observe
from adsmock.harness.suite.free_run.update_case import on_updates
from adsmock.harness.suite.free_run.waiting import results
from adsmock.harness.suite.free_run.work_by_case import work_by_case
from adsmock.harness.suite.journal import CaseRecord, Work
from adsmock.harness.suite.runner import Progress, Selection, Step

AT_ONCE = 3
"""Rounds that run side by side, each in its own sandbox."""

UNPLAYED = "not played: --rounds allows no more rounds"
FAILED = "not judged: the program fails without faults, too"
UNPLACED = "no opportunity: its faults fit on none of the calls of your program"


@dataclass(slots=True)
class Run:
    """What a free run knows so far."""

    stage: Stage
    limits: Limits
    say: Say
    clean: Pass
    traffic: Traffic
    intended: tuple[Work, ...]
    seconds: float
    usual: tuple[Usual, ...] = ()
    records: dict[str, CaseRecord] = field(default_factory=dict)
    missed: list[Case] = field(default_factory=list)
    waiting: list[Round] = field(default_factory=list)
    """Replays that have to be played."""
    replays: int = 0
    open_replays: list[Round] = field(default_factory=list)
    """Replays that are being played."""
    is_over: Event = field(default_factory=Event)
    """Set when the run is stopped: what ends later was cut."""


def clean_exit(record: CaseRecord) -> int:
    """Return the exit code of a pass without faults; never 0 for a program that was stopped."""
    return record.ending.exit_code or int(record.ending.timed_out)


def _has_failed(record: CaseRecord) -> bool:
    return clean_exit(record) != 0


def _failure(record: CaseRecord) -> str:
    """Return how a pass failed, in words."""
    code = record.ending.exit_code
    return "No end within --timeout" if record.ending.timed_out else f"Exit code {code}"


def play_run(
    stage: Stage,
    selection: Selection,
    progress: Progress,
    *,
    limits: Limits,
    say: Say,
    begun: Callable[[Run], None],
) -> None:
    """Play the clean passes and the rounds; ``begun`` gets the run before its first case."""
    first_case, usual = selection.cases[0], adapted(Sandbox())
    clean = replace(first_case, id="clean", every=False, faults=(), timeout=0, sandbox=usual)
    first, second = play_clean(stage, clean, limits, say)
    failed = next((played for played in (first, second) if _has_failed(played.record)), None)
    if failed and failed.record.rows:
        first = failed  # its output and its exit code explain why no round follows
    intended = intent(settled(first), settled(second))
    changes = (usual_changes(first), usual_changes(second))
    run = Run(stage, limits, say, first, observe(first), intended, _seconds(first), changes)
    begun(run)
    say(_learned(run))
    open_cases: list[Case] = []
    is_failed = bool(failed and first.record.rows)
    if is_failed:
        say(f"{_failure(first.record)} without faults: no round is played")
    for case in (_own_case(case, run.traffic) for case in selection.cases):
        missing = lack(case, run.traffic) if not case.every and first.record.rows else None
        missing = FAILED if is_failed and not case.every else missing
        if missing or not first.record.rows:
            run.records[case.id] = _lacking(case, run.clean, missing)
        elif case.every or mode(case) == "clean":
            run.records[case.id] = of_clean(case, first, run.traffic)
        else:
            open_cases.append(case)
            continue
        progress(Step(case.id, "ended", record=run.records[case.id]))
    if not is_failed:
        say(_decided(run, len(selection.cases)))
        _play_rounds(run, open_cases, progress)


def _decided(run: Run, total: int) -> str:
    """Return where the cases are judged, in one line."""
    lacking = sum(1 for record in run.records.values() if record.lacks)
    judged = len(run.records) - lacking
    parts = {
        "judged on these passes": judged,
        "without an opportunity": lacking,
        "in rounds with faults": total - len(run.records),
    }
    words = ", ".join(f"{number} {place}" for place, number in parts.items() if number)
    return f"{counted(total, 'case')}: {words}"


def _own_case(case: Case, traffic: Traffic) -> Case:
    """Return a case with its faults on the writes, regions and pages of the program."""
    own = on_every_write(on_updates(case, traffic), traffic)
    return on_later_pages(in_each_region(own, traffic), traffic)


def _seconds(played: Pass) -> float:
    """Return the time from the first call of a pass to the end of its last."""
    rows = played.record.rows
    return max(0.0, float(rows[-1]["tEnd"] or 0) - float(rows[0]["tArrive"])) if rows else 0.0


def _learned(run: Run) -> str:
    """Return what the clean passes showed, in one line."""
    entries = len(run.clean.record.rows)
    work = dict.fromkeys(("created", "changed", "read", "fetched"), 0)
    for piece in run.intended:
        work[piece.kind] += piece.least
    return (
        f"{entries} calls of {len(run.traffic.operations)} operations in {run.seconds:.0f} s; "
        f"{work['created']} entities created, {work['changed']} changed, {work['read']} pages "
        f"read, {work['fetched']} files downloaded"
    )


def _lacking(case: Case, clean: Pass, missing: str | None) -> CaseRecord:
    """Return the record of a case that this program gives no opportunity for."""
    return replace(
        clean.record,
        case=case.id,
        version=case.version,
        entries=len(clean.record.rows) if not missing else 0,
        rows=() if missing else clean.record.rows,
        created={},
        lacks=missing,
    )


def _play_rounds(run: Run, cases: Sequence[Case], progress: Progress) -> None:
    """Play all rounds, then again what they left open: cases without a fault, and single faults."""
    most = run.limits.rounds
    planned = plan(cases, run.traffic)
    shown = planned[:most]
    left = None if most is None else most - len(shown)
    _play_all(
        run,
        shown,
        "round",
        progress,
        more=min(most_replays(shown), MOST_REPLAYS if left is None else left),
    )
    run.waiting += [each for each in planned[len(shown) :] if each.replay]
    again = 0
    while run.missed or run.waiting:
        missed, run.missed = [alone(case, run.traffic) for case in run.missed][:left], []
        left = None if left is None else left - len(missed)
        replays = _replays(run, left)
        left = None if left is None else left - len(replays)
        if missed or replays:
            again += 1
            run.say(_again(missed, replays))
            _play_all(run, [*missed, *replays], f"extra-{again}", progress)
    for case in cases:
        if case.id not in run.records:
            run.records[case.id] = _lacking(case, run.clean, UNPLACED if most is None else UNPLAYED)
            progress(Step(case.id, "ended", record=run.records[case.id]))


def _again(missed: Sequence[Round], replays: Sequence[Round]) -> str:
    """Return why rounds are played again, in one line."""
    reasons = []
    if missed:
        reasons.append(f"the faults of {counted(len(missed), 'case')} reached no call")
    if replays:
        faults = counted(len(replays), "fault")
        reasons.append(f"the exit code may report another failure than that of {faults}")
    return f"Played again, each alone: {'; '.join(reasons)}"


def _replays(run: Run, left: int | None) -> list[Round]:
    """Return the replays to play next; note the others with the case that they leave open."""
    waiting, run.waiting = in_turn(run.waiting), []
    room = MOST_REPLAYS - run.replays
    is_short = left is not None and left < room
    chosen = waiting[: left if is_short else room]
    run.replays += len(chosen)
    others = waiting[len(chosen) :]
    why = NO_LIMIT_LEFT if is_short else TOO_MANY
    for round_ in others:
        case = round_.placed[0].case.id
        if case in run.records:
            run.records[case] = with_open_fault(run.records[case], round_, why)
    if others:
        run.say(f"{counted(len(others), 'fault')} not played again alone: {why}")
    return chosen


def _play_all(
    run: Run, rounds: Sequence[Round], kind: str, progress: Progress, more: int = 0
) -> None:
    """Play rounds side by side; ``kind`` begins the names of their sandboxes.

    ``more`` is how many rounds may follow these.
    """
    lengths = [Length(run.seconds + one.seconds, one.job_seconds) for one in rounds]
    left = TimeLeft(run.limits.now, lengths, AT_ONCE, run.limits.seconds)
    then = f"; then up to {counted(more, 'round')} with single faults of these" if more else ""
    at_once = f", at most {AT_ONCE} at a time" if len(rounds) > AT_ONCE else ""
    run.say(f"{counted(len(rounds), 'round')} with faults{at_once}; {left.bounds}{then}")

    run.open_replays = [round_ for round_ in rounds if round_.replay]

    def play_one(place: int) -> None:
        round_, name = rounds[place], f"round {place + 1}/{len(rounds)}"
        left.start(place)
        run.say(f"{name}: {round_.replay or ' '.join(one.case.id for one in round_.placed)}")
        _play_round(run, round_, f"{kind}-{place + 1}", progress)
        left.end(place)
        run.say(f"{name} ended; {left.words}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            futures = [pool.submit(play_one, place) for place in range(len(rounds))]
            results(futures, run.say, lambda: left.words)
        except BaseException:
            run.is_over.set()
            run.stage.driver.stop()
            pool.shutdown(cancel_futures=True)
            raise


def _play_round(run: Run, round_: Round, name: str, progress: Progress) -> None:
    """Play one round and keep the record of each of its cases."""
    ids = [placed.case.id for placed in round_.placed]

    def opened(sandbox: str) -> None:
        for case in ids:
            progress(Step(case, "started", sandbox))

    try:
        seconds = ceil(run.limits.seconds + round_.job_seconds)
        played = play(run.stage, replace(round_.case, timeout=seconds), name, opened)
        keep = partial(_keep_records, run, round_, played)
    except (PlaneError, CaseError, OSError) as failure:
        keep = partial(_keep_failure, run, round_, str(failure))
    if run.is_over.is_set():
        return
    keep()
    run.open_replays = [each for each in run.open_replays if each is not round_]
    for case in ids:
        progress(Step(case, "ended", record=run.records.get(case)))  # a replay may end first


def _keep_failure(run: Run, round_: Round, error: str) -> None:
    """Keep for each case of a round that the suite or the mock failed."""
    for placed in round_.placed:
        record = CaseRecord(
            placed.case.id, placed.case.version, "monotonic", entries=0, failure=error
        )
        _keep(run, as_replay(record, round_))


def _keep_records(run: Run, round_: Round, played: Pass) -> None:
    """Keep the record of each case of a round, and the cases whose faults reached no call."""
    has_other_profiles = bool(round_.case.sandbox.profiles)
    work = () if has_other_profiles else compared(run.intended, achieved(played))
    work = with_excess(work, run.usual, played) if work else ()
    shares = work_by_case(round_, work)
    for placed in round_.placed:
        record = of_round(placed, round_, run.clean, played, shares[placed.case.id])
        _keep(run, as_replay(record, round_))
        is_missed = bool(record.faults) and not any(fault.met for fault in record.faults)
        if is_missed and not round_.is_alone and not round_.replay:
            run.missed.append(placed.case)
    missed = {case.id for case in run.missed}
    pieces = [piece for share in shares.values() for piece in share]
    run.waiting += [
        replay
        for replay in replays_of(round_, played, pieces)
        if replay.placed[0].case.id not in missed
    ]


def _keep(run: Run, record: CaseRecord) -> None:
    run.records[record.case] = record


def end_early(run: Run) -> None:
    """Leave out the cases whose faults reached no call; note the faults that wait for a replay."""
    for case in run.missed:
        run.records.pop(case.id, None)
    for round_ in (*run.waiting, *run.open_replays):
        name = round_.placed[0].case.id
        if name in run.records:
            run.records[name] = with_open_fault(run.records[name], round_, STOPPED)
