"""A plan's day, run by the reference client against a new mock, with its calls counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.harness.client import AdsClient, RemoteClock, SeededRandom, Settings
from adsmock.harness.suite.control import Plane, Server
from adsmock.harness.volume import rehearsal
from adsmock.harness.volume.audit import audit, of_rows
from adsmock.harness.volume.estimate import volume
from adsmock.harness.volume.plan import BEST, VolumePlan
from adsmock.harness.volume.rehearsal import Advertiser
from adsmock.harness.volume.rehearsal_entities import entities_for

MOST = 20_000
"""Largest number of entities per advertiser."""

SANDBOX = "rehearsal"


def compare(plan: VolumePlan, contract_set: ContractSet, seed: int) -> dict[str, Any]:
    """Return estimated and observed calls by region and operation, for one advertiser per group.

    ``optimum`` is the minimum according to the audit of the same journal.

    Raises:
        ValueError: an advertiser of the plan has too many entities for a rehearsal.
        AdsError: the client could not do some of the work.
    """
    day = rehearsal.small(plan)
    for group in day.groups:
        if sum(group.entities.values()) > MOST:
            raise ValueError(f"{group.name}: at most {MOST} entities per advertiser")
    estimated = {
        (row.region, row.operation): row.calls
        for row in volume(day, BEST, contract_set).rows
        if row.quota
    }
    entries = _journal(day, contract_set, seed)
    observed = _counted(entries, contract_set)
    places = sorted(set(estimated) | set(observed))
    rows = [
        {
            "region": region,
            "operation": operation,
            "estimated": round(estimated.get((region, operation), 0.0), 1),
            "observed": observed.get((region, operation), 0),
        }
        for region, operation in places
    ]
    total = sum(estimated.values())
    ratio = sum(observed.values()) / total if total else 1.0
    optimum = audit(of_rows(enumerate(entries, 1), contract_set), contract_set).optimum
    return {"seed": seed, "rows": rows, "ratio": round(ratio, 3), "optimum": optimum}


def _counted(entries: list[dict[str, Any]], contract_set: ContractSet) -> Counter[tuple[str, str]]:
    known = [row for row in entries if str(row["operation"]) in contract_set.operations]
    return Counter((str(row["region"]), str(row["operation"])) for row in known)


def _journal(day: VolumePlan, contract_set: ContractSet, seed: int) -> list[dict[str, Any]]:
    """Return the journal of the day after the reference client ran it."""
    with Server.started() as server:
        plane = Plane(server.control)
        try:
            made = plane.create_sandbox(_sandbox(day, contract_set, seed))
            advertisers = _advertisers(day, made["profiles"], plane)
            clock = RemoteClock(plane.now(SANDBOX), lambda seconds: plane.advance(SANDBOX, seconds))
            with AdsClient(
                Settings.from_task(_task(made)),
                clock=clock,
                sleeper=clock,
                random_source=SeededRandom(str(seed)),
            ) as client:
                rehearsal.rehearse(day, advertisers, client, contract_set, clock)
            entries, _ = plane.journal(SANDBOX)
        finally:
            plane.close()
    return entries


def _sandbox(day: VolumePlan, contract_set: ContractSet, seed: int) -> dict[str, Any]:
    quotas = {
        name: {"rate": rate, "burst": max(rate, contract_set.quotas[name].burst)}
        for name, rate in day.quotas.items()
    }
    return {
        "id": SANDBOX,
        "seed": seed,
        "journal": "full",
        "clock": {"mode": "frozen", "start": f"{day.day}T00:00:00Z"},
        "quotas": quotas,
        "profiles": [
            {"country": _country(group.region, group.timezone, contract_set)}
            for group in day.groups
        ],
        "choices": {
            "export.seconds": str(round(day.export_seconds)),
            "report.seconds": str(round(day.report_seconds)),
        },
    }


def _country(region: str, timezone: str, contract_set: ContractSet) -> str:
    """Return a country of the region, with the requested time zone if there is one."""
    own = [market for market in contract_set.marketplaces.values() if market.region == region]
    return next((each.country for each in own if each.timezone == timezone), own[0].country)


def _advertisers(
    day: VolumePlan, profiles: list[dict[str, Any]], plane: Plane
) -> dict[str, Advertiser]:
    found = {}
    for group, profile in zip(day.groups, profiles, strict=True):
        held = entities_for(group.entities)
        plane.add_state(SANDBOX, {profile["profileId"]: held})
        found[group.name] = Advertiser(group, profile["profileId"], held)
    return found


def _task(made: dict[str, Any]) -> dict[str, Any]:
    return {
        "regions": made["urls"],
        "profiles": made["profiles"],
        "credentials": made["client"],
    }
