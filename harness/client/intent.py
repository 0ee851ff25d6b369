"""Creates that survive a restart: recorded before they are sent, removed when they are settled.

A create that an earlier process left open is looked up by its natural key, and sent only if it does
not exist. So a process may end between request and reply without creating anything twice.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .errors import Misuse, Refused, Untrusted
from .multistatus import Outcome
from .natural_key import NATURAL_KEYS, ReadBack
from .store import Store
from .writer import Writer

KIND = "intent"

OPEN = frozenset({"GaveUp", "TransportError", "UnknownOutcome", "UnreadableReply"})
"""Errors of the client that leave open whether an item was created."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A create that an earlier process left open, and its outcome now."""

    resource: str
    profile: str
    item: Mapping[str, Any]
    outcome: Outcome


class IntentWriter(Writer):
    """A writer that records each create in the store until it is settled."""

    def __init__(self, inner: Writer, readback: ReadBack, store: Store) -> None:
        self._inner = inner
        self._lookup = readback
        self._store = store

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        """Return one outcome per item, in order; raises what the inner writer raises."""
        if verb != "create" or resource not in NATURAL_KEYS:
            return self._inner.write(verb, resource, profile, items)
        names = [_name(resource, profile, item) for item in items]
        done = self._done_before(resource, profile, items, names)
        places = [place for place in range(len(items)) if place not in done]
        done |= self._create(resource, profile, {place: items[place] for place in places}, names)
        open_names = {names[place] for place, outcome in done.items() if _is_open(outcome)}
        self._store.drop(KIND, set(names) - open_names)
        return [done[place] for place in range(len(items))]

    def resume(self) -> list[Resumed]:
        """Finish all creates that earlier processes left open, and return their outcomes.

        Raises:
            AdsError: as ``write``; open creates stay in the store.
        """
        rows: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in self._store.values(KIND):
            rows[row["resource"], row["profile"]].append(row["item"])
        return [
            Resumed(resource, profile, item, outcome)
            for (resource, profile), items in sorted(rows.items())
            for item, outcome in zip(
                items, self.write("create", resource, profile, items), strict=True
            )
        ]

    def _done_before(
        self, resource: str, profile: str, items: Sequence[Any], names: Sequence[str]
    ) -> dict[int, Outcome]:
        """Return the outcomes of items that were left open and do exist."""
        kept = self._store.get(KIND, names)
        doubtful = {place: items[place] for place, name in enumerate(names) if name in kept}
        return self._lookup.find(resource, profile, doubtful) if doubtful else {}

    def _create(
        self, resource: str, profile: str, items: Mapping[int, Any], names: Sequence[str]
    ) -> dict[int, Outcome]:
        """Record the items, send them, and return their outcomes by place."""
        if not items:
            return {}
        rows = {
            names[place]: {"resource": resource, "profile": profile, "item": dict(item)}
            for place, item in items.items()
        }
        self._store.put(KIND, rows)
        try:
            outcomes = self._inner.write("create", resource, profile, list(items.values()))
        except (Refused, Untrusted, Misuse):  # nothing was created, and nothing is open
            self._store.drop(KIND, rows)
            raise
        return {
            place: replace(outcome, index=place)
            for place, outcome in zip(items, outcomes, strict=True)
        }


def _is_open(outcome: Outcome) -> bool:
    """Return whether an item may have been created, or can be sent again."""
    if outcome.is_done:
        return False
    return outcome.is_retryable or any(error.kind in OPEN for error in outcome.errors)


def _name(resource: str, profile: str, item: Mapping[str, Any]) -> str:
    """Return the name of a create in the store: the natural key of its entity."""
    members = NATURAL_KEYS[resource].members_of(item)
    parts = [resource, profile, {member: str(item[member]) for member in members}]
    return json.dumps(parts, sort_keys=True, ensure_ascii=False)
