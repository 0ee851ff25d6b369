"""A free run: the integration's normal work, once, with the faults of many cases.

For programs with settable credentials or base URLs only. Each call gets the fault of at most one
case, and each case is judged without the calls that got another case's fault. Without its calls a
case is UNPROVEN. Cases that need their own tasks are N/A, so that the report shows what was left
out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace

from adsmock.contracts.loader import load
from adsmock.harness.suite import case_setup, noise_monitor
from adsmock.harness.suite.case import Case, Fault
from adsmock.harness.suite.case_setup import AMPLE, CaseSetup
from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.drivers import Driver
from adsmock.harness.suite.journal import CaseRecord, FaultCount, RunMeta, RunRecord
from adsmock.harness.suite.runner import Selection

CAMPAIGNS = 12
"""Campaigns in each profile: enough for a second page at a small page size, few enough to list."""

MARK = ":"
"""Separates the case from the rule in a fault id."""

STEP = 100
"""Distance between the priorities of two cases: no case has as many rules."""


def run(
    driver: Driver,
    selection: Selection,
    seed: int,
    control: str,
    progress: Callable[[str, str], None],
) -> RunRecord:
    """Return the record of one program at its own work, with each case that fits a free run.

    Raises:
        PlaneError: the control plane cannot be reached or refused.
    """
    cases = tuple(case for case in selection.cases if case.free)
    plane = Plane(control)
    try:
        server = str(plane.health().get("version", ""))
        before = plane.orphans()
        records = _play_with_monitor(driver, cases, seed, plane, selection) if cases else ()
        orphans = plane.orphans() - before
    finally:
        driver.close()
        plane.close()
    for case in selection.cases:
        progress(case.id, "ended")
    meta = RunMeta(
        driver="free",
        client=driver.name,
        command=driver.command,
        profile=selection.profile,
        seed=seed,
        cases=tuple(case.id for case in selection.cases),
        filtered=True,  # a program's own work never proves a record profile
        strict=selection.strict,
        server=server,
        orphans=max(0, orphans),
    )
    return RunRecord(meta, records)


def _play_with_monitor(
    driver: Driver, cases: tuple[Case, ...], seed: int, plane: Plane, selection: Selection
) -> tuple[CaseRecord, ...]:
    """Run with a noise monitor."""
    with noise_monitor.running(plane.base, seed) as control_client:
        records = _play(driver, cases, seed, plane, through_proxy=selection.through_proxy)
        samples = control_client.samples()
    return tuple(samples.with_noise(record) for record in records)


def _play(
    driver: Driver, cases: tuple[Case, ...], seed: int, plane: Plane, *, through_proxy: bool
) -> tuple[CaseRecord, ...]:
    """Run the program in a sandbox with data, then make one record per case from its journal."""
    setup = _setup(cases, seed, plane, through_proxy=through_proxy)
    try:
        for rule in _rules(cases):
            plane.add_fault(setup.sandbox, rule)
        ending = driver.play(setup, plane)
        met = {str(rule["id"]): int(rule["met"]) for rule in plane.faults(setup.sandbox)}
        record = case_setup.collect(plane, setup, ending)
    finally:
        setup.close()
        with suppress(PlaneError):
            plane.delete_sandbox(setup.sandbox)
    return tuple(_of(case, record, met) for case in cases)


def _setup(cases: tuple[Case, ...], seed: int, plane: Plane, *, through_proxy: bool) -> CaseSetup:
    quotas = dict.fromkeys(load().quotas, AMPLE)
    made = plane.create_sandbox({"seed": seed, "journal": "full", "quotas": quotas})
    sandbox = str(made["id"])
    plane.invent(sandbox, CAMPAIGNS)
    profiles = tuple(made["profiles"])
    names = ("profileId", "region", "countryCode")
    task = {
        "case": "free",
        "seed": seed,
        "tasks": [],
        "regions": made["urls"],
        "profiles": [{name: row[name] for name in names} for row in profiles],
        "credentials": made["client"],
    }
    trust = _lead(plane, sandbox, task) if through_proxy else None
    some = replace(cases[0], timeout=0)  # any case: a free run has none of its own
    before = plane.state(sandbox)
    return CaseSetup(some, sandbox, "real", plane.now(sandbox), task, profiles, before, trust)


def _lead(plane: Plane, sandbox: str, task: dict[str, Any]) -> TemporaryDirectory[str] | None:
    """Point Amazon's host names to the mock, for a program with hard-coded hosts."""
    made = plane.open_listener(sandbox, "none", None, "proxy")
    task["proxy"] = str(made["url"])
    task["regions"] = {
        name: {"ads": f"https://{one.ads_host}", "lwa": f"https://{one.lwa_host}"}
        for name, one in load().regions.items()
    }
    return case_setup.trust_in(task, str(made["certificate"]))


def _rules(cases: tuple[Case, ...]) -> list[dict[str, Any]]:
    """Return the rules of all cases, each for only as many calls as its case needs.

    Rules without an attempt number apply to first attempts, so that the retry of a faulted call
    succeeds. Cases with several faults on one call come first: later, their second rule would hit a
    call with another case's fault. Time windows become counts, since nobody knows when the program
    makes a call.
    """
    in_turn = sorted(cases, key=lambda case: not _is_sequence(case))
    return [
        {
            **fault.rule,
            "id": f"{case.id}{MARK}{fault.id}",
            "priority": place * STEP + number,
            "match": _match(case, fault),
            "when": {"attempt": 1, "times": _times(case), **_counted(fault)},
        }
        for place, case in enumerate(in_turn)
        for number, fault in enumerate(case.faults)
    ]


def _is_sequence(case: Case) -> bool:
    return any(one.rule.get("when", {}).get("attempt", 1) != 1 for one in case.faults)


def _counted(fault: Fault) -> dict[str, Any]:
    when = fault.rule.get("when", {})
    return {name: value for name, value in when.items() if name not in {"from", "until"}}


def _times(case: Case) -> int:
    return max(1, -(-case.trigger.min_faults // len(case.faults)))


def _match(case: Case, fault: Fault) -> dict[str, Any]:
    """Return the calls that a fault matches: any resource, if the case names a single one."""
    match = dict(fault.rule.get("match", {}))
    asked = {name for one in case.faults for name in one.rule.get("match", {}).get("operation", ())}
    if len(asked) == 1 and (name := next(iter(asked))).startswith("sp."):
        match["operation"] = ["sp.*." + name.rpartition(".")[2]]
    return match


def _of(case: Case, record: CaseRecord, met: dict[str, int]) -> CaseRecord:
    """Return the record of one case: its own faults, without calls that got another case's."""
    mine = {f"{case.id}{MARK}{fault.id}": fault for fault in case.faults}
    strange = {
        row.get("chain")
        for row in record.rows
        if case.faults and row.get("fault") and row["fault"]["id"] not in mine
    }
    rows = tuple(_named(row) for row in record.rows if row.get("chain") not in strange)
    left_out = Counter(
        row["fault"]["id"]
        for row in record.rows
        if row.get("fault") and row.get("chain") in strange
    )
    return replace(
        record,
        case=case.id,
        version=case.version,
        entries=len(rows),
        faults=tuple(
            FaultCount(fault.id, fault.kind, met.get(name, 0) - left_out[name])
            for name, fault in mine.items()
        ),
        rows=rows,
    )


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with the fault id of its case."""
    fault = row.get("fault")
    if not fault:
        return row
    return row | {"fault": fault | {"id": fault["id"].rpartition(MARK)[2]}}
