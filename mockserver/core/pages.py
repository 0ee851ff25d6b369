"""Pages of a table as they were last answered, until something is put there.

Knows keeping. Must not know what a page is or what was asked for.

Integrations read again and again what has not changed: a page of a hundred is then handed out, not
joined from a hundred places once more.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

MOST_BYTES: Final = 65_536
"""What all pages of one table may take: one of a hundred campaigns, and a few small ones."""

_OWN_BYTES = 1_024
"""What a page takes beside its rows; an empty one is not free."""


class Pages:
    """A few pages by what was asked for."""

    __slots__ = ("_bytes", "_kept")

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}
        self._bytes = 0

    def get(self, asked: Hashable) -> Any:
        """Return the page that was kept for the same question, None where there is none."""
        return self._kept.get(asked)

    def keep(self, asked: Hashable, page: Any, size: int) -> None:
        """Keep a page of ``size`` bytes; what was kept makes room for it. Large ones are not."""
        size += _OWN_BYTES
        if size > MOST_BYTES:
            return
        if self._bytes + size > MOST_BYTES:
            self.forget()
        self._kept[asked] = page
        self._bytes += size

    def forget(self) -> None:
        """Forget every page: the table has changed."""
        if self._kept:
            self._kept.clear()
            self._bytes = 0
