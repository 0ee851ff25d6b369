"""The latest changes of a profile's entities, kept as references.

A change is three consecutive members, not a tuple: the garbage collector would scan long-lived
tuples again and again, and a batch of ten would leave ten of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Final

MOST_CHANGES: Final = 10_000
"""Changes kept per profile; the oldest are dropped first."""

_PLACES = 3


class ChangeLog:
    """The latest changes: each a resource's name, the entity before, the entity after."""

    __slots__ = ("_places", "note")

    def __init__(self) -> None:
        self._places: deque[Any] = deque(maxlen=MOST_CHANGES * _PLACES)
        self.note = self._places.extend
        """Adds the members of changes, one after the other."""

    def changes(self) -> Iterable[tuple[Any, ...]]:
        """Return the changes, oldest first."""
        places = iter(tuple(self._places))
        return zip(places, places, places, strict=True)
