"""Sandboxes as the frames of a data directory describe them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.catalog.history import HISTORY
from adsmock.mockserver.core.clock import Clock
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.fault import FaultPlan
from adsmock.mockserver.core.ids import Mint
from adsmock.mockserver.core.journal import Journal
from adsmock.mockserver.core.queue import merge_changes
from adsmock.mockserver.core.redaction import Redactor
from adsmock.mockserver.core.sandbox import (
    MAX_TRACKED,
    Credentials,
    Profile,
    Sandbox,
    Tokens,
)
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.core.store import Store
from adsmock.mockserver.services.durable.frames import Birth, Change, Death, End, Frame, Start
from adsmock.mockserver.services.sandboxes.state import (
    read_entity,
    read_parts,
    read_throttle,
    throttle_row,
)


def birth_row(sandbox: Sandbox) -> dict[str, Any]:
    """Return what never changes in a sandbox."""
    credentials = sandbox.credentials
    return {
        "id": sandbox.id,
        "seed": sandbox.seed,
        "generation": sandbox.generation,
        "journal": sandbox.journal.mode,
        "credentials": [
            credentials.client_id,
            credentials.client_secret,
            credentials.refresh_token,
        ],
        "profiles": [
            {name: getattr(profile, name) for name in Profile.__slots__}
            for profile in sandbox.profiles.values()
        ],
        "usual": throttle_row(sandbox.usual) if sandbox.usual is not None else None,
    }


@dataclass(slots=True)
class StoredSandbox:
    """One sandbox while frames are read. ``serial`` is the number of its last change."""

    number: int
    made: int
    birth: dict[str, Any]
    serial: int = -1
    journal: int = 0
    parts: dict[str, Any] = field(default_factory=dict)
    store: Store = field(default_factory=Store)
    pending: list[Change] = field(default_factory=list)

    def take(self, change: Change) -> None:
        """Apply a change, once all of its frames are there."""
        self.pending.append(change)
        if change.continues:
            return
        frames, self.pending = self.pending, []
        if change.serial <= self.serial:  # the checkpoint contains it
            return
        for each in frames:
            self._apply(each)
        self.serial, self.journal = change.serial, change.journal
        self.store.resume(change.seq)

    def _apply(self, change: Change) -> None:
        for profile_id, resource, is_logged, rows in change.writes:
            if not resource:
                self.store.drop(profile_id)
            else:
                self._write(profile_id, resource, [read_entity(row) for row in rows], is_logged)
        for profile_id, resource, before, after in change.history:
            earlier = read_entity(before) if before is not None else None
            self.store.add_change(profile_id, (resource, earlier, read_entity(after)))
        for name, value in change.parts.items():
            _merge(self.parts, name, value)

    def _write(
        self, profile_id: str, resource: str, entities: list[Entity], is_logged: bool
    ) -> None:
        table = self.store.table(profile_id, resource)
        if is_logged:
            for each in entities:
                self.store.add_change(profile_id, (resource, table.get(each.id), each))
        if len(entities) > 1 and table.lacks([each.id for each in entities]):
            table.add(entities)
            return
        for each in entities:
            table.put(each)


def _merge(parts: dict[str, Any], name: str, value: Any) -> None:
    """Put a part, or what is new of it (``name+``), into ``parts``."""
    known = name.removesuffix("+")
    if known == name:
        parts[name] = value
        return
    _MERGES[known](parts, value)


def _merge_tokens(parts: dict[str, Any], value: dict[str, Any]) -> None:
    tokens = parts["tokens"]
    tokens["serial"] = value["serial"]
    tokens["expiries"] |= value["expiries"]
    _drop_oldest(tokens["expiries"])


def _merge_attempts(parts: dict[str, Any], value: dict[str, int]) -> None:
    parts["attempts"] |= value
    _drop_oldest(parts["attempts"])


def _merge_buckets(parts: dict[str, Any], value: list[Any]) -> None:
    known = {tuple(row[:3]): row for row in parts["throttle"]["buckets"]}
    known |= {tuple(row[:3]): row for row in value}
    parts["throttle"]["buckets"] = list(known.values())


def _merge_faults(parts: dict[str, Any], value: dict[str, Any]) -> None:
    for row in parts["faults"]:
        row.update(value.get(row["rule"]["id"], {}))


def _merge_jobs(parts: dict[str, Any], value: dict[str, Any]) -> None:
    known = {row["id"]: row for row in parts["jobs"]}
    for job_id, row in value.items():
        if row is None:
            known.pop(job_id, None)
        else:
            known[job_id] = known.get(job_id, {}) | row
    parts["jobs"] = list(known.values())


def _merge_queues(parts: dict[str, Any], value: dict[str, Any]) -> None:
    known = {row["arn"]: row for row in parts.get("queues", ())}
    for arn, row in value.items():
        if row is None:
            known.pop(arn, None)
        elif "changes" in row:
            merge_changes(known[arn], row)
        else:
            known[arn] = row
    parts["queues"] = list(known.values())


_MERGES: dict[str, Callable[[dict[str, Any], Any], None]] = {
    "attempts": _merge_attempts,
    "buckets": _merge_buckets,
    "faults": _merge_faults,
    "jobs": _merge_jobs,
    "queues": _merge_queues,
    "tokens": _merge_tokens,
}


def _drop_oldest(rows: dict[str, Any]) -> None:
    while len(rows) > MAX_TRACKED:
        del rows[next(iter(rows))]


@dataclass(slots=True)
class Replay:
    """All sandboxes, by number in the order in which they were made."""

    seed: int | None = None
    made: int = 0
    generations: dict[str, int] = field(default_factory=dict)
    sandboxes: dict[int, StoredSandbox] = field(default_factory=dict)
    is_ended: bool = False
    """The last frame says that the server stopped in good order."""

    def take(self, frame: Frame) -> None:
        """Apply a frame."""
        self.is_ended = isinstance(frame, End)
        match frame:
            case Start():
                self._start(frame)
            case Birth():
                self.sandboxes[frame.number] = StoredSandbox(
                    frame.number, frame.made, frame.sandbox
                )
                self.made = max(self.made, frame.made + 1)
            case Death():
                dead = self.sandboxes.pop(frame.number, None)
                if dead is not None:
                    self.generations[frame.id] = dead.birth["generation"] + 1
            case Change() if frame.number in self.sandboxes:
                self.sandboxes[frame.number].take(frame)
            case _:
                pass

    def _start(self, frame: Start) -> None:
        self.seed = frame.seed
        self.made = max(self.made, frame.made)
        self.generations |= frame.generations
        for each in self.sandboxes.values():
            each.pending.clear()  # an unfinished change of a server that was killed


def build(stored: StoredSandbox, sandboxes: Sandboxes, contract_set: ContractSet) -> Sandbox:
    """Return the sandbox that frames describe.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, SetupError: they are not valid.
    """
    birth, parts = stored.birth, stored.parts
    origin = (sandboxes.seed, birth["id"], birth["seed"])
    usual = read_throttle(birth["usual"]) if birth["usual"] is not None else None
    sandbox = Sandbox(
        id=birth["id"],
        seed=birth["seed"],
        clock=Clock.read(sandboxes.source, parts["clockState"]),
        credentials=Credentials(*birth["credentials"]),
        profiles={row["id"]: Profile(**row) for row in birth["profiles"]},
        throttle=read_throttle(parts["throttle"]),
        usual=usual,
        journal=Journal(birth["journal"]),
        faults=FaultPlan(origin),
        mint=Mint(origin, birth["seed"]),
        tokens=Tokens(),
        store=stored.store,
        generation=birth["generation"],
        worker=sandboxes.worker,
        redactor=Redactor(sandboxes.redactor),
    )
    read_parts(parts | {"now": sandbox.clock.now()}, sandbox, contract_set).apply(sandbox)
    sandbox.store.log_changes(frozenset(HISTORY))
    sandbox.journal.resume(stored.journal)
    return sandbox
