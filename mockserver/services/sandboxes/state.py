"""A sandbox's state as JSON values, and back: all that calls change, except the journal."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Hashable
from concurrent.futures import Future, wait
from dataclasses import asdict, dataclass, replace
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core.bucket import Bucket
from adsmock.mockserver.core.clock import Clock, TimeSource
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.fault import PlannedRule
from adsmock.mockserver.core.job import Job
from adsmock.mockserver.core.load_window import LoadWindow, Tier
from adsmock.mockserver.core.queue import Queue, queue_row, read_queue
from adsmock.mockserver.core.sandbox import Profile, QuotaSetting, Sandbox, Throttle, Tokens
from adsmock.mockserver.core.store import Store
from adsmock.mockserver.core.turns import free_in_slices
from adsmock.mockserver.services.faults.schema import ParseContext, parse

INTERRUPTED = "INTERNAL_ERROR"
"""The error of a job whose file was unfinished when the server ended."""

_TIMEOUT = 30.0
"""Machine seconds to wait for unfinished files."""


def dump_state(sandbox: Sandbox) -> dict[str, Any]:
    """Return a sandbox's state as JSON values; the lock is held only for copying."""
    with sandbox.lock:
        files = [job.file for job in sandbox.jobs.values() if job.file is not None]
    wait(files, timeout=_TIMEOUT)
    with sandbox.lock:
        tables = {key: table.all() for key, table in sandbox.store.tables().items()}
        content = dump_parts(sandbox)
    content["entities"] = [
        [profile, resource, entity_row(entity)]
        for (profile, resource), entities in sorted(tables.items())
        for entity in entities
    ]
    return content


def dump_parts(sandbox: Sandbox) -> dict[str, Any]:
    """Return all of a sandbox but its entities; the caller holds its lock."""
    return {
        "sandbox": sandbox.id,
        "seed": sandbox.seed,
        "now": sandbox.clock.now(),
        "clock": {"mode": sandbox.clock.mode, "rate": sandbox.clock.rate},
        "ids": sandbox.mint.counts(),
        "seq": sandbox.store.seq,
        "budgets": {each.id: each.daily_budget for each in sandbox.profiles.values()},
        "throttle": throttle_row(sandbox.throttle),
        "tokens": tokens_row(sandbox.tokens),
        "shutOff": dict(sandbox.shut_off),
        "choices": dict(sandbox.choices),
        "scenarios": dict(sandbox.scenarios),
        "stateDigest": sandbox.state_digest,
        "attempts": dict(sandbox.attempts),
        "names": dict(sandbox.names),
        "faults": [fault_row(planned) for planned in sandbox.faults.rules()],
        "jobs": [job_row(job) for job in sandbox.jobs.values()],
        "queues": [queue_row(queue) for queue in sandbox.queues.values()],
    }


def throttle_row(throttle: Throttle) -> dict[str, Any]:
    """Return quotas, pressure, load windows and buckets."""
    return {
        "quotas": {name: asdict(row) for name, row in throttle.quotas.items()},
        "pressure": dict(throttle.pressure),
        "retryAfter": throttle.retry_after,
        "buckets": [
            [*key, [bucket.rate, bucket.burst, bucket.level, bucket.stamp]]
            for key, bucket in throttle.buckets.items()
        ],
        "load_windows": [asdict(window) for window in throttle.load_windows],
    }


def tokens_row(tokens: Tokens) -> dict[str, Any]:
    """Return the issued and revoked tokens, by fingerprint."""
    return asdict(tokens) | {"revoked": sorted(tokens.revoked)}


def entity_row(entity: Entity) -> list[Any]:
    """Return an entity as a list in the order of its members."""
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


def fault_row(planned: PlannedRule, *, with_rule: bool = True) -> dict[str, Any]:
    """Return a fault rule with its counts, or the counts alone."""
    when = planned.rule.when
    row: dict[str, Any] = {
        "counts": [planned.matched, planned.selected, planned.triggered],
        "itemFailures": dict(planned.item_failures),
        "began": planned.began,
    }
    if with_rule:
        row |= {"rule": planned.rule.document, "begin": when.begin, "end": when.end}
    return row


def job_row(job: Job, *, with_file: bool = True) -> dict[str, Any]:
    """Return a job; ``isUnfinished`` says that its file is unfinished."""
    row = {name: getattr(job, name) for name in Job.__slots__ if name != "file"}
    row["isUnfinished"] = job.file is not None and not job.file.done()
    if with_file:
        is_made = job.file is not None and job.file.done() and job.file.exception() is None
        row["file"] = b64encode(job.file.result()).decode() if job.file and is_made else None
    return row


def restore_state(
    sandbox: Sandbox, content: dict[str, Any], contract_set: ContractSet, source: TimeSource
) -> None:
    """Restore a sandbox from ``content``, with its time, completely or not at all.

    Raises:
        SetupError: 409; the content is of a sandbox with other profiles, or cannot be restored.
    """
    if content.get("budgets", {}).keys() != sandbox.profiles.keys():
        raise SetupError(
            "the snapshot is of a sandbox with other profiles: restore it into its own sandbox",
            status=409,
        )
    try:
        store = _store(content)
        restored = read_parts(content, sandbox, contract_set)
    except (AttributeError, KeyError, TypeError, ValueError, SetupError) as error:
        reason = error.detail if isinstance(error, SetupError) else _reason(error)
        raise SetupError(
            f"the snapshot cannot be restored, nothing has changed: {reason}; create it again",
            status=409,
        ) from None
    free_in_slices(content["entities"])
    store.log_changes(sandbox.store.logged)
    clock = content["clock"]
    with sandbox.lock:
        former = sandbox.store.all()
        sandbox.store = store
        sandbox.clock = Clock(source, mode=clock["mode"], start=content["now"], rate=clock["rate"])
        restored.apply(sandbox)
    free_in_slices(former)


def _reason(error: Exception) -> str:
    text = f"{type(error).__name__} {error}"
    return f"it has a value that this version does not know ({text})"


@dataclass(frozen=True, slots=True)
class RestoredParts:
    """All of a sandbox but its entities and clock, read completely before anything changes."""

    ids: dict[str, int]
    profiles: dict[str, Profile]
    tokens: Tokens
    throttle: Throttle
    shut_off: dict[str, float]
    choices: dict[str, str]
    scenarios: dict[str, dict[str, Any]]
    state_digest: str | None
    attempts: dict[str, int]
    names: dict[str, str]
    jobs: dict[str, Job]
    queues: dict[str, Queue]
    faults: list[PlannedRule]

    def apply(self, sandbox: Sandbox) -> None:
        """Replace the parts of a sandbox; the caller holds its lock."""
        sandbox.mint.resume(self.ids)
        sandbox.profiles |= self.profiles
        sandbox.tokens, sandbox.throttle = self.tokens, self.throttle
        sandbox.shut_off, sandbox.choices = self.shut_off, self.choices
        sandbox.scenarios = self.scenarios
        sandbox.state_digest, sandbox.attempts = self.state_digest, self.attempts
        sandbox.names |= self.names
        sandbox.jobs = self.jobs
        sandbox.queues = self.queues
        sandbox.faults.restore(self.faults)


def read_parts(
    content: dict[str, Any], sandbox: Sandbox, contract_set: ContractSet
) -> RestoredParts:
    """Return the parts in ``content`` for a sandbox, which does not change.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, SetupError: the content is not valid.
    """
    context = ParseContext(contract_set, content["now"], sandbox.mint.fork())
    tokens = content["tokens"]
    return RestoredParts(
        ids=dict(content["ids"]),
        profiles={
            profile_id: replace(sandbox.profiles[profile_id], daily_budget=budget)
            for profile_id, budget in content["budgets"].items()
        },
        tokens=Tokens(**tokens | {"revoked": set(tokens["revoked"])}),
        throttle=read_throttle(content["throttle"]),
        shut_off=dict(content["shutOff"]),
        choices=dict(content["choices"]),
        scenarios=dict(content.get("scenarios", {})),
        state_digest=content.get("stateDigest"),
        attempts=dict(content["attempts"]),
        names=dict(content["names"]),
        jobs={row["id"]: restored_job(row) for row in content["jobs"]},
        queues={row["arn"]: read_queue(row) for row in content.get("queues", ())},
        faults=[_planned_rule(row, context) for row in content["faults"]],
    )


def _store(content: dict[str, Any]) -> Store:
    store = Store()
    for profile, resource, row in content["entities"]:
        store.table(profile, resource).put(read_entity(row))
    store.resume(content["seq"])
    return store


def read_entity(row: list[Any]) -> Entity:
    """Return the entity of a row."""
    entity_id, seq, state, body, parents, key, created, updated, variant = row
    raw = body.encode() if isinstance(body, str) else body
    return Entity(
        entity_id, seq, state, raw, tuple(parents), _frozen(key), created, updated, variant
    )


def _frozen(value: Any) -> Hashable:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def read_throttle(row: dict[str, Any]) -> Throttle:
    """Return the throttle of a row."""
    return Throttle(
        {name: _quota(setting) for name, setting in row["quotas"].items()},
        dict(row["pressure"]),
        row["retryAfter"],
        {
            (client, region, quota): Bucket(*bucket)
            for client, region, quota, bucket in row["buckets"]
        },
        tuple(LoadWindow(**window) for window in row.get("load_windows", ())),
    )


def _quota(row: dict[str, Any]) -> QuotaSetting:
    return QuotaSetting(**row | {"tiers": tuple(Tier(**tier) for tier in row.get("tiers", ()))})


def _planned_rule(row: dict[str, Any], context: ParseContext) -> PlannedRule:
    rule = parse(row["rule"], context)
    when = replace(rule.when, begin=row["begin"], end=row["end"])
    matched, selected, triggered = row["counts"]
    return PlannedRule(
        replace(rule, when=when),
        matched,
        selected,
        triggered,
        dict(row.get("itemFailures", {})),
        row.get("began"),
    )


def restored_job(row: dict[str, Any]) -> Job:
    """Return the job of a ``job_row``."""
    members = {name: value for name, value in row.items() if name in Job.__slots__}
    job = Job(**members | {"file": None})
    if row["file"] is not None:
        job.file = Future()
        job.file.set_result(b64decode(row["file"]))
    elif row["isUnfinished"] and job.finished is None:
        job.error = job.error or INTERRUPTED  # what it would have shown is lost
    return job
