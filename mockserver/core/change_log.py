"""What became of a profile's entities, remembered as references, the latest so many changes.

Knows remembering. Must not know what an entity is.

A change is three places in a row, not a tuple: tuples that stay would be looked at, again and
again, by the garbage collector, and a batch of ten would leave ten of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Final

TRAIL: Final = 10_000
"""Changes that are remembered of a profile; the oldest go first."""

_PLACES = 3


class ChangeLog:
    """The latest changes: each a resource's name, what stood there, what stands there since."""

    __slots__ = ("_places", "note")

    def __init__(self) -> None:
        self._places: deque[Any] = deque(maxlen=TRAIL * _PLACES)
        self.note = self._places.extend
        """Takes the members of changes, one after the other."""

    def changes(self) -> Iterable[tuple[Any, ...]]:
        """Return the changes remembered, the oldest first."""
        places = iter(tuple(self._places))
        return zip(places, places, places, strict=True)
