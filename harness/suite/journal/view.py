"""The journal of one case, as chains and gaps.

Glossary
    Chain    attempts at one call (same method, route, body, scope and parameters of the query that
             the service reads), up to a success.
    Gap      from sending one answer to the arrival of the next attempt.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from adsmock.harness.suite.journal.entry import NO_CALLS, Entry
from adsmock.harness.suite.journal.labels import labels
from adsmock.harness.suite.journal.record import CaseRecord
from adsmock.harness.suite.manifest import NOTHING_DECLARED, Manifest

DELIVERY = "delivery."
"""Prefix of operations by which the journal records faults of Marketing Stream."""


def filter_key(name: str, value: Any) -> Hashable:
    """Return a key of a JSON value that is equal for equal filters: 1 and 1.0 are."""
    return name, _hashable(value)


def _hashable(value: Any) -> Hashable:
    if isinstance(value, dict):
        return "object", frozenset((name, _hashable(each)) for name, each in value.items())
    if isinstance(value, list):
        return "list", tuple(map(_hashable, value))
    atom: Hashable = value
    return atom


@dataclass(frozen=True, slots=True)
class Chain:
    """Attempts at one call, in order of arrival; only the last may be a success."""

    key: str
    attempts: tuple[Entry, ...]

    @property
    def succeeded(self) -> bool:
        """Say whether the last attempt succeeded."""
        return self.attempts[-1].is_success

    @property
    def faulted(self) -> bool:
        """Say whether any attempt got a fault."""
        return any(attempt.fault_id for attempt in self.attempts)

    @property
    def gaps(self) -> tuple[float, ...]:
        """Return the waits between attempts, in seconds: one fewer than attempts."""
        return tuple(
            later.arrive - earlier.send
            for earlier, later in zip(self.attempts, self.attempts[1:], strict=False)
        )


@dataclass(frozen=True)
class CaseView:
    """Everything that a check may read."""

    record: CaseRecord
    entries: tuple[Entry, ...] = field(repr=False)
    manifest: Manifest = NOTHING_DECLARED
    lasting: frozenset[str] = frozenset()
    """The faults that never end, by id: work may fail for good because of them."""
    deliveries: tuple[Entry, ...] = field(default=(), repr=False)
    """The faults of Marketing Stream, one entry for each rule and burst; none is a call."""

    @classmethod
    def of(
        cls,
        record: CaseRecord,
        manifest: Manifest = NOTHING_DECLARED,
        lasting: frozenset[str] = frozenset(),
    ) -> CaseView:
        """Return the view of a record, its entries in order of arrival."""
        entries = [Entry.read(row, record.timebase) for row in record.rows]
        entries.sort(key=lambda entry: entry.seq)
        calls = tuple(each for each in entries if not each.operation.startswith(DELIVERY))
        deliveries = tuple(each for each in entries if each.operation.startswith(DELIVERY))
        return cls(record, calls, manifest, lasting, deliveries)

    @cached_property
    def calls(self) -> tuple[Entry, ...]:
        """Every call: tokens and downloads too, but not the handshakes before them."""
        return tuple(entry for entry in self.entries if not entry.operation.startswith(NO_CALLS))

    @cached_property
    def api(self) -> tuple[Entry, ...]:
        """The calls to the API, without tokens and downloads."""
        return tuple(entry for entry in self.entries if entry.is_api)

    @cached_property
    def api_by_operation(self) -> dict[tuple[str | None, str], tuple[Entry, ...]]:
        """The calls to the API by profile and operation: a case may have hundreds of tasks."""
        found: dict[tuple[str | None, str], list[Entry]] = {}
        for call in self.api:
            found.setdefault((call.profile_id, call.operation), []).append(call)
        return {key: tuple(calls) for key, calls in found.items()}

    @cached_property
    def filters(self) -> dict[int, dict[str, Any]]:
        """The filters in the body of each call to the API, by its number."""
        bodies = ((call.seq, call.request) for call in self.api if isinstance(call.request, dict))
        return {
            seq: {name: value for name, value in body.items() if name.endswith("Filter")}
            for seq, body in bodies
        }

    @cached_property
    def api_by_filter(self) -> dict[tuple[str | None, str, Hashable], tuple[Entry, ...]]:
        """The calls to the API by profile, operation and the first filter, None without one."""
        found: dict[tuple[str | None, str, Hashable], list[Entry]] = {}
        for call in self.api:
            first = next(iter(self.filters.get(call.seq, {}).items()), None)
            key = call.profile_id, call.operation, first and filter_key(*first)
            found.setdefault(key, []).append(call)
        return {key: tuple(calls) for key, calls in found.items()}

    @cached_property
    def filter_names(self) -> dict[tuple[str | None, str], frozenset[str]]:
        """The names of all filters by profile and operation."""
        return {
            key: frozenset(name for call in calls for name in self.filters.get(call.seq, ()))
            for key, calls in self.api_by_operation.items()
        }

    @cached_property
    def downloads(self) -> tuple[Entry, ...]:
        """The calls to the storage of files."""
        return tuple(entry for entry in self.entries if entry.operation.startswith("storage."))

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """All chains, in order of their first attempt."""
        grown: dict[str, list[Entry]] = {}
        done: list[list[Entry]] = []
        for entry in self.entries:
            if entry.chain not in grown:
                grown[entry.chain] = []
                done.append(grown[entry.chain])
            grown[entry.chain].append(entry)
            if entry.is_success:
                del grown[entry.chain]
        return tuple(Chain(attempts[0].chain, tuple(attempts)) for attempts in done)

    @cached_property
    def faulted(self) -> tuple[Chain, ...]:
        """The chains with a fault."""
        return tuple(chain for chain in self.chains if chain.faulted)

    @cached_property
    def region_of(self) -> dict[str, str]:
        """The region of each profile of the sandbox."""
        return {str(row["profileId"]): str(row["region"]) for row in self.record.profiles}

    @cached_property
    def label_of(self) -> dict[str, str]:
        """The label of each profile of the sandbox, such as ``NA.US``."""
        return labels(self.record.profiles)

    @property
    def is_free(self) -> bool:
        """Say whether the client did its own work: its tasks are what its calls show."""
        return self.record.numbers is not None

    @cached_property
    def seen_regions(self) -> frozenset[str]:
        """The regions that were called."""
        return frozenset(entry.region for entry in self.api if entry.region)

    @cached_property
    def unsupported_tasks(self) -> frozenset[int]:
        """The numbers of the tasks that an adapter reports as unsupported."""
        claims = self.record.ending.claims
        return frozenset(claim["task"] for claim in claims if claim["status"] == "unsupported")

    @cached_property
    def gave_up(self) -> bool:
        """Say whether the client stopped by itself after a fault."""
        stopped = any(not chain.succeeded for chain in self.faulted)
        return stopped and not self.record.ending.timed_out

    def of_operation(self, operation: str) -> tuple[Entry, ...]:
        """Return the calls of one operation."""
        return tuple(entry for entry in self.entries if entry.operation == operation)

    def of_verb(self, verb: str) -> tuple[Entry, ...]:
        """Return the API calls of one verb, whatever the resource."""
        return tuple(entry for entry in self.api if entry.operation.endswith(f".{verb}"))

    def with_fault(self, fault: str) -> tuple[Entry, ...]:
        """Return the calls that one rule of the plan took effect on."""
        return tuple(entry for entry in self.entries if entry.fault_id == fault)

    def task_args(self, verb: str) -> tuple[dict[str, Any], ...]:
        """Return the arguments of the tasks with this verb."""
        return tuple(task["args"] for task in self.record.tasks if task["verb"] == verb)
