"""One stored entity: its rendered bytes, and beside them what indexes and rules ask for.

Knows what is kept of an entity. Must not know wire names, JSON text or rules.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, NamedTuple

ENABLED, ARCHIVED = "ENABLED", "ARCHIVED"


class Entity(NamedTuple):
    """One stored entity. A tuple: a fifth of the making of a frozen dataclass (measured).

    ``body`` is the plain rendering, without computed members. ``parents`` are ids in the
    order the catalog names them; ``state`` is in capitals, whatever the wire writes. ``key`` is
    what must be unique; ``variant`` what the catalog marks as telling (targeting type,
    expression type).
    """

    id: str
    seq: int
    state: str
    body: bytes
    parents: tuple[str, ...]
    key: Hashable
    created: float
    updated: float
    variant: str = ""

    @property
    def is_archived(self) -> bool:
        """Archived is final."""
        return self.state == ARCHIVED


new_entity: Callable[[tuple[Any, ...]], Entity] = partial(tuple.__new__, Entity)
"""Makes an entity of its members in order: half of what naming them costs (measured)."""
