"""A sandbox's state as JSON values, and back: all that calls change, except the journal."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Hashable
from concurrent.futures import Future, wait
from dataclasses import asdict, replace
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core.bucket import Bucket
from adsmock.mockserver.core.clock import Clock, TimeSource
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.fault import FaultPlan, PlannedRule
from adsmock.mockserver.core.job import Job
from adsmock.mockserver.core.load_window import LoadWindow, Tier
from adsmock.mockserver.core.sandbox import QuotaSetting, Sandbox, Throttle, Tokens
from adsmock.mockserver.core.store import Store
from adsmock.mockserver.services.faults.schema import ParseContext, parse

_TIMEOUT = 30.0
"""Machine seconds to wait for unfinished files."""


def dump_state(sandbox: Sandbox) -> dict[str, Any]:
    """Return a sandbox's state as JSON values; the lock is held only for copying."""
    with sandbox.lock:
        files = [job.file for job in sandbox.jobs.values() if job.file is not None]
    wait(files, timeout=_TIMEOUT)
    with sandbox.lock:
        tables = {key: table.all() for key, table in sandbox.store.tables().items()}
        content = _parts(sandbox)
    content["entities"] = [
        [profile, resource, _entity_row(entity)]
        for (profile, resource), entities in tables.items()
        for entity in entities
    ]
    return content


def _parts(sandbox: Sandbox) -> dict[str, Any]:
    throttle, tokens = sandbox.throttle, sandbox.tokens
    return {
        "sandbox": sandbox.id,
        "seed": sandbox.seed,
        "now": sandbox.clock.now(),
        "clock": {"mode": sandbox.clock.mode, "rate": sandbox.clock.rate},
        "ids": sandbox.mint.counts(),
        "seq": sandbox.store.seq,
        "budgets": {each.id: each.daily_budget for each in sandbox.profiles.values()},
        "throttle": {
            "quotas": {name: asdict(row) for name, row in throttle.quotas.items()},
            "pressure": dict(throttle.pressure),
            "retryAfter": throttle.retry_after,
            "buckets": [[*key, asdict(bucket)] for key, bucket in throttle.buckets.items()],
            "load_windows": [asdict(window) for window in throttle.load_windows],
        },
        "tokens": asdict(tokens) | {"revoked": sorted(tokens.revoked)},
        "shutOff": dict(sandbox.shut_off),
        "choices": dict(sandbox.choices),
        "stateDigest": sandbox.state_digest,
        "attempts": dict(sandbox.attempts),
        "names": dict(sandbox.names),
        "faults": [_fault_row(planned) for planned in sandbox.faults.rules()],
        "jobs": [_job_row(job) for job in sandbox.jobs.values()],
    }


def _entity_row(entity: Entity) -> list[Any]:
    return [
        entity.id,
        entity.seq,
        entity.state,
        entity.body.decode(),
        list(entity.parents),
        entity.key,
        entity.created,
        entity.updated,
        entity.variant,
    ]


def _fault_row(planned: PlannedRule) -> dict[str, Any]:
    when = planned.rule.when
    return {
        "rule": planned.rule.document,
        "begin": when.begin,
        "end": when.end,
        "counts": [planned.matched, planned.selected, planned.triggered],
        "itemFailures": dict(planned.item_failures),
        "began": planned.began,
    }


def _job_row(job: Job) -> dict[str, Any]:
    row = {name: getattr(job, name) for name in Job.__slots__ if name != "file"}
    is_made = job.file is not None and job.file.done() and job.file.exception() is None
    row["file"] = b64encode(job.file.result()).decode() if job.file and is_made else None
    return row


def restore_state(
    sandbox: Sandbox, content: dict[str, Any], contract_set: ContractSet, source: TimeSource
) -> None:
    """Restore a sandbox from ``content``, with its time.

    Raises:
        SetupError: 409; the content is of a sandbox with other profiles.
    """
    if set(content["budgets"]) != set(sandbox.profiles):
        raise SetupError(
            "the snapshot is of a sandbox with other profiles: restore it into its own sandbox",
            status=409,
        )
    store = _store(content)
    store.log_changes(sandbox.store.logged)
    clock = content["clock"]
    with sandbox.lock:
        sandbox.store = store
        sandbox.clock = Clock(source, mode=clock["mode"], start=content["now"], rate=clock["rate"])
        sandbox.mint.resume(content["ids"])
        _restore_settings(sandbox, content, contract_set)


def _restore_settings(sandbox: Sandbox, content: dict[str, Any], contract_set: ContractSet) -> None:
    for profile_id, budget in content["budgets"].items():
        profile = sandbox.profiles[profile_id]
        sandbox.profiles[profile_id] = replace(profile, daily_budget=budget)
    tokens = content["tokens"]
    sandbox.tokens = Tokens(**tokens | {"revoked": set(tokens["revoked"])})
    sandbox.throttle = _throttle(content["throttle"])
    sandbox.shut_off = dict(content["shutOff"])
    sandbox.choices = dict(content["choices"])
    sandbox.state_digest = content.get("stateDigest")
    sandbox.attempts = dict(content["attempts"])
    sandbox.names |= content["names"]
    sandbox.jobs = {row["id"]: _job(row) for row in content["jobs"]}
    _plan(
        sandbox.faults, content["faults"], ParseContext(contract_set, content["now"], sandbox.mint)
    )


def _store(content: dict[str, Any]) -> Store:
    store = Store()
    for profile, resource, row in content["entities"]:
        entity_id, seq, state, body, parents, key, created, updated, variant = row
        entity = Entity(
            entity_id,
            seq,
            state,
            body.encode(),
            tuple(parents),
            _frozen(key),
            created,
            updated,
            variant,
        )
        store.table(profile, resource).put(entity)
    store.resume(content["seq"])
    return store


def _frozen(value: Any) -> Hashable:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _throttle(row: dict[str, Any]) -> Throttle:
    return Throttle(
        {name: _quota(setting) for name, setting in row["quotas"].items()},
        dict(row["pressure"]),
        row["retryAfter"],
        {
            (client, region, quota): Bucket(**bucket)
            for client, region, quota, bucket in row["buckets"]
        },
        tuple(LoadWindow(**window) for window in row.get("load_windows", ())),
    )


def _quota(row: dict[str, Any]) -> QuotaSetting:
    return QuotaSetting(**row | {"tiers": tuple(Tier(**tier) for tier in row.get("tiers", ()))})


def _plan(plan: FaultPlan, rows: list[dict[str, Any]], ground: ParseContext) -> None:
    plan.clear()
    for row in rows:
        rule = parse(row["rule"], ground)
        when = replace(rule.when, begin=row["begin"], end=row["end"])
        planned = plan.add(replace(rule, when=when))
        planned.matched, planned.selected, planned.triggered = row["counts"]
        planned.item_failures = dict(row.get("itemFailures", {}))
        planned.began = row.get("began")


def _job(row: dict[str, Any]) -> Job:
    job = Job(**row | {"file": None})
    if row["file"] is not None:
        job.file = Future()
        job.file.set_result(b64decode(row["file"]))
    return job
