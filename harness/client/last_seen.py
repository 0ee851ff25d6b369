"""The entities that were read recently, so that updates send only what changed.

Source: WAF, fundamental component: write only what changed (documented); the age is our own choice.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from .clock import Clock

MAX_AGE = 300.0
"""Seconds for which a read entity counts as current."""

MAX_ENTITIES = 50_000
"""The most entities to remember; the oldest are dropped first."""

Key = tuple[str, str, str]


class LastSeen:
    """Recently read entities, by resource, profile and id; safe to share between threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[Key, tuple[float, Mapping[str, Any]]] = {}

    def learn(
        self, resource: str, profile: str, id_field: str, entities: Iterable[Mapping[str, Any]]
    ) -> None:
        """Remember entities that were just read."""
        now = self._clock.now()
        with self._lock:
            for entity in entities:
                key = (resource, profile, str(entity.get(id_field)))
                self._seen.pop(key, None)
                self._seen[key] = (now, entity)
            for key in list(self._seen)[: max(0, len(self._seen) - MAX_ENTITIES)]:
                del self._seen[key]

    def forget(self, resource: str, profile: str, entity_id: str) -> None:
        """Forget an entity that is about to be written."""
        with self._lock:
            self._seen.pop((resource, profile, entity_id), None)

    def changes(
        self, resource: str, profile: str, id_field: str, item: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the item's id and those of its members that differ from what was read."""
        with self._lock:
            at, entity = self._seen.get((resource, profile, str(item.get(id_field))), (0.0, {}))
        if self._clock.now() - at > MAX_AGE:
            return dict(item)
        return {
            name: value
            for name, value in item.items()
            if name == id_field or name not in entity or not _contains(entity[name], value)
        }


def _contains(present: Any, wanted: Any) -> bool:
    """Return whether the present value has all wanted members; it may have computed ones too."""
    if isinstance(present, dict) and isinstance(wanted, dict):
        return all(name in present and _contains(present[name], wanted[name]) for name in wanted)
    return bool(present == wanted)
