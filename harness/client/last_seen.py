"""What was last seen of each entity, so that only what changes is written.

Knows entities by resource, profile and id. Must not send anything: it learns from lists that were
read anyway. A memory that is too old is none. Source: WAF, fundamental component: write only what
changed (documented); the age is our own choice.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .clock import Clock

MEMORY = 300.0
"""Seconds for which what was read is taken for the present state."""

MOST = 50_000
"""Entities that are kept in mind; the oldest go first."""

Key = tuple[str, str, str]


class Known:
    """A memory with a lock; entities are kept as they were read."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[Key, tuple[float, Mapping[str, Any]]] = {}

    def learn(
        self, resource: str, profile: str, id_field: str, entities: Iterable[Mapping[str, Any]]
    ) -> None:
        """Note entities that were just read."""
        now = self._clock.now()
        with self._lock:
            for entity in entities:
                key = (resource, profile, str(entity.get(id_field)))
                self._seen.pop(key, None)
                self._seen[key] = (now, entity)
            for key in list(self._seen)[: max(0, len(self._seen) - MOST)]:
                del self._seen[key]

    def forget(self, resource: str, profile: str, entity_id: str) -> None:
        """Drop an entity that is about to be written: what it is then, only a read can tell."""
        with self._lock:
            self._seen.pop((resource, profile, entity_id), None)

    def changes(
        self, resource: str, profile: str, id_field: str, item: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the item with its id and those members alone that differ from what is known."""
        with self._lock:
            at, entity = self._seen.get((resource, profile, str(item.get(id_field))), (0.0, {}))
        if self._clock.now() - at > MEMORY:
            return dict(item)
        return {
            name: value
            for name, value in item.items()
            if name == id_field or name not in entity or not _says(entity[name], value)
        }


def _says(present: Any, wanted: Any) -> bool:
    """Say whether the present value holds all that is wanted; it may hold computed members too."""
    if isinstance(present, dict) and isinstance(wanted, dict):
        return all(name in present and _says(present[name], wanted[name]) for name in wanted)
    return bool(present == wanted)
