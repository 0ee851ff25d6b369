"""Pages of a table as they were last answered, until something is put there.

Knows keeping. Must not know what a page is or what was asked for.

Integrations read again and again what has not changed: a page of a hundred is then handed out, not
joined from a hundred places once more.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

MOST_ROWS: Final = 150
"""What all pages of one table may hold: one of a hundred rows, and a few small ones."""


class PageCache:
    """A few pages by what was asked for."""

    __slots__ = ("_kept", "_rows")

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}
        self._rows = 0

    def get(self, asked: Hashable) -> Any:
        """Return the page that was kept for the same question, None where there is none."""
        return self._kept.get(asked)

    def keep(self, asked: Hashable, page: Any, rows: int) -> None:
        """Keep a page of so many rows; what was kept makes room for it. Large ones are not.

        A page counts as a row more than it has: an empty one is not free.
        """
        rows += 1
        if rows > MOST_ROWS:
            return
        if self._rows + rows > MOST_ROWS:
            self.forget()
        self._kept[asked] = page
        self._rows += rows

    def forget(self) -> None:
        """Forget every page: the table has changed."""
        if self._kept:
            self._kept.clear()
            self._rows = 0
