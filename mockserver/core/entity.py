"""One stored entity: its rendered bytes, and the values that indexes and rules need."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, NamedTuple

ENABLED, ARCHIVED = "ENABLED", "ARCHIVED"


class Entity(NamedTuple):
    """One stored entity. A tuple takes a fifth of the time of a frozen dataclass (measured).

    ``body`` is the plain rendering, without computed members. ``parents`` are ids in the order of
    the catalog; ``state`` is in capitals, whatever the wire writes. ``key`` must be unique;
    ``variant`` is the targeting type or expression type, if the catalog asks for it.
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
"""Makes an entity from its members in order, in half the time of keywords (measured)."""
