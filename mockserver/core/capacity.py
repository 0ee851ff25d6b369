"""What all callers together occupy, each up to a ceiling: connections, bodies, sandboxes.

Past a ceiling a caller gets 503. The refusal is counted, and the log says so at most once in
``LOG_SECONDS`` for each ceiling.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import Literal

from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.limits import Limits

Ceiling = Literal["connections", "buffered bytes", "sandboxes"]

LOG_SECONDS = 10.0

_LOG = logging.getLogger("adsmock.capacity")
_OPTIONS: dict[Ceiling, str] = {
    "connections": "--max-connections",
    "buffered bytes": "--max-buffered",
    "sandboxes": "--max-sandboxes",
}


class Capacity:
    """Open connections and bytes of unfinished bodies, and the number of refusals by ceiling.

    Only the event loop changes ``connections`` and ``buffered``.
    """

    __slots__ = ("_logged", "_now", "buffered", "connections", "limits", "refused")

    def __init__(self, limits: Limits | None = None, now: Callable[[], float] = monotonic) -> None:
        self.limits = limits or Limits()
        self.connections = 0
        self.buffered = 0
        self.refused: Counter[str] = Counter()
        self._now = now
        self._logged: dict[Ceiling, float] = {}

    def connect(self, reserve: int = 0) -> bool:
        """Count a new connection, or return False at the ceiling and ``reserve`` more."""
        if self.connections >= self.limits.connections + reserve:
            return self._refuse("connections", self.limits.connections)
        self.connections += 1
        return True

    def disconnect(self) -> None:
        """Count the end of a connection."""
        self.connections -= 1

    def buffer(self, size: int) -> bool:
        """Count bytes of an unfinished body, or return False if they exceed the ceiling."""
        if self.buffered + size > self.limits.buffered_bytes:
            return self._refuse("buffered bytes", self.limits.buffered_bytes)
        self.buffered += size
        return True

    def release(self, size: int) -> None:
        """Count bytes of a body that are no longer buffered."""
        self.buffered -= size

    def has_room(self, sandboxes: int) -> bool:
        """Say whether there may be one more sandbox."""
        if sandboxes >= self.limits.sandboxes:
            return self._refuse("sandboxes", self.limits.sandboxes)
        return True

    def _refuse(self, ceiling: Ceiling, limit: int) -> bool:
        self.refused[ceiling] += 1
        now = self._now()
        last = self._logged.get(ceiling)
        if last is None or now - last >= LOG_SECONDS:
            self._logged[ceiling] = now
            _LOG.warning(
                "adsmock: refused with 503: all %d %s are in use; raise %s, or send less at once",
                limit,
                ceiling,
                _OPTIONS[ceiling],
            )
        return False
