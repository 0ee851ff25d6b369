"""The course of a free run: two clean passes, then rounds with faults, two at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import ceil

from msgspec.structs import replace

from adsmock.harness.suite import noise_monitor
from adsmock.harness.suite.case import Case, CaseError
from adsmock.harness.suite.case.model import Sandbox
from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.drivers import Driver
from adsmock.harness.suite.free_run import data
from adsmock.harness.suite.free_run.achievement import achieved, compared, intent
from adsmock.harness.suite.free_run.case_records import of_clean, of_round
from adsmock.harness.suite.free_run.opportunity import lack, mode
from adsmock.harness.suite.free_run.placement import Placed, Round, adapted, alone, plan
from adsmock.harness.suite.free_run.playing import Pass, Stage, play
from adsmock.harness.suite.free_run.traffic import Traffic, observe
from adsmock.harness.suite.journal import CaseRecord, RunMeta, RunRecord, Work
from adsmock.harness.suite.runner import Progress, Selection

AT_ONCE = 2
"""Rounds that run side by side, each in its own sandbox."""

Say = Callable[[str], None]


@dataclass(slots=True)
class _Run:
    """What a free run knows so far."""

    stage: Stage
    clean: Pass
    traffic: Traffic
    intended: tuple[Work, ...]
    seconds: float
    records: dict[str, CaseRecord] = field(default_factory=dict)
    missed: list[Case] = field(default_factory=list)


def run(
    driver: Driver,
    selection: Selection,
    seed: int,
    control: str,
    progress: Progress,
    *,
    say: Say = lambda _line: None,
    rounds: int | None = None,
) -> RunRecord:
    """Return the record of a program at its own work, with each case that it gives a chance for.

    At most ``rounds`` rounds are played after the clean passes; None plays all that can prove
    something. ``say`` gets lines of progress.

    Raises:
        PlaneError: the control plane cannot be reached or refused.
    """
    plane = Plane(control)
    try:
        server = str(plane.health().get("version", ""))
        before = plane.orphans()
        with noise_monitor.running(plane.base, seed) as monitor:
            stage = Stage(driver, control, seed, data.sample(plane, seed), selection.through_proxy)
            found = _play_run(stage, selection, progress, say, rounds) if selection.cases else None
            samples = monitor.samples()
        orphans = plane.orphans() - before
    finally:
        driver.close()
        plane.close()
    meta = replace(_meta(driver, selection, seed, found), server=server, orphans=max(0, orphans))
    records = sorted(found.records.items()) if found else ()
    return RunRecord(meta, tuple(samples.with_noise(one) for _, one in records))


def _meta(driver: Driver, selection: Selection, seed: int, found: _Run | None) -> RunMeta:
    """Return what ran."""
    return RunMeta(
        driver="free",
        client=driver.name,
        command=driver.command,
        profile=selection.profile,
        seed=seed,
        cases=tuple(case.id for case in selection.cases),
        filtered=True,  # a program's own work never proves a whole profile
        strict=selection.strict,
        clean_exit=(found.clean.record.ending.exit_code or 0) if found else 0,
    )


def _play_run(
    stage: Stage, selection: Selection, progress: Progress, say: Say, rounds: int | None
) -> _Run:
    """Play the clean passes and the rounds."""
    usual = adapted(Sandbox())
    clean = replace(selection.cases[0], id="clean", every=False, faults=(), sandbox=usual)
    say("2 passes without faults, to learn what the program calls and achieves")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        first, second = pool.map(lambda _: play(stage, clean), range(AT_ONCE))
    intended = intent(achieved(first), achieved(second))
    run = _Run(stage, first, observe(first), intended, _seconds(first))
    say(_learned(run))
    open_cases: list[Case] = []
    for case in selection.cases:
        missing = lack(case, run.traffic) if not case.every and first.record.rows else None
        if missing or not first.record.rows:
            run.records[case.id] = _lacking(case, run.clean, missing)
        elif case.every or mode(case) == "clean":
            run.records[case.id] = of_clean(case, first, run.traffic)
        else:
            open_cases.append(case)
            continue
        progress(case.id, "ended")
    _play_rounds(run, open_cases, progress, say, rounds)
    return run


def _seconds(played: Pass) -> float:
    """Return the time from the first call of a pass to the end of its last."""
    rows = played.record.rows
    return max(0.0, float(rows[-1]["tEnd"] or 0) - float(rows[0]["tArrive"])) if rows else 0.0


def _learned(run: _Run) -> str:
    """Return what the clean passes showed, in one line."""
    entries = len(run.clean.record.rows)
    work = dict.fromkeys(("created", "changed", "read", "fetched"), 0)
    for one in run.intended:
        work[one.kind] += one.least
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


def _play_rounds(
    run: _Run, cases: Sequence[Case], progress: Progress, say: Say, most: int | None
) -> None:
    """Play all rounds, then once more, alone, the cases whose faults reached no call."""
    planned = plan(cases, run.traffic)
    shown = planned if most is None else planned[:most]
    waits = sum(one.seconds for one in shown)
    estimate = (len(shown) * run.seconds + waits) / AT_ONCE
    say(f"{len(shown)} rounds with faults, two at a time; about {ceil(estimate / 60)} min")
    _play_all(run, shown, progress, say)
    left = None if most is None else most - len(shown)
    again = [alone(case, run.traffic) for case in run.missed][:left]
    if again:
        say(f"{len(again)} more rounds, for cases whose faults reached no call")
        _play_all(run, again, progress, say)
    for case in cases:
        if case.id not in run.records:
            reason = "not played: --rounds allows no more rounds, or its calls had no free place"
            run.records[case.id] = _lacking(case, run.clean, reason)
            progress(case.id, "ended")


def _play_all(run: _Run, rounds: Sequence[Round], progress: Progress, say: Say) -> None:
    """Play rounds side by side."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            futures = [
                pool.submit(_play_round, run, one, f"{number}/{len(rounds)}", progress, say)
                for number, one in enumerate(rounds, 1)
            ]
            for future in futures:
                future.result()
        except BaseException:
            run.stage.driver.stop()
            pool.shutdown(cancel_futures=True)
            raise


def _play_round(run: _Run, one: Round, number: str, progress: Progress, say: Say) -> None:
    """Play one round and keep the record of each of its cases."""
    ids = [placed.case.id for placed in one.placed]
    say(f"round {number}: {' '.join(ids)}")
    for name in ids:
        progress(name, "started")
    try:
        played = play(run.stage, one.case)
    except (PlaneError, CaseError, OSError) as error:
        for placed in one.placed:
            run.records[placed.case.id] = CaseRecord(
                placed.case.id, placed.case.version, "monotonic", entries=0, failure=str(error)
            )
        return
    shares = _shares(one, compared(run.intended, achieved(played)))
    for placed in one.placed:
        record = of_round(placed, one, run.clean, played, shares[placed.case.id])
        run.records[placed.case.id] = record
        is_missed = bool(record.faults) and not any(fault.met for fault in record.faults)
        if is_missed and not one.is_alone:
            run.missed.append(placed.case)
    for name in ids:
        progress(name, "ended")


def _shares(one: Round, work: Sequence[Work]) -> dict[str, tuple[Work, ...]]:
    """Return the work by case: of the calls that it used; the rest belongs to the first case."""
    found: dict[str, list[Work]] = {placed.case.id: [] for placed in one.placed}
    for piece in work:
        owner = next((placed for placed in one.placed if _uses(placed, piece)), one.placed[0])
        found[owner.case.id].append(piece)
    return {name: tuple(pieces) for name, pieces in found.items()}


def _uses(placed: Placed, piece: Work) -> bool:
    return any(
        slot.operation == piece.operation and slot.profile == piece.profile for slot in placed.slots
    )
