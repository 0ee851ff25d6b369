"""Pages of a table as they were last answered, until the table changes.

Integrations read unchanged pages again and again. A cached page of a hundred rows is not joined
from a hundred entities once more.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

MOST_ROWS: Final = 150
"""Limit for all pages of one table: one page of a hundred rows, and a few small ones."""


class PageCache:
    """A few pages by query."""

    __slots__ = ("_kept", "_rows")

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}
        self._rows = 0

    def get(self, query: Hashable) -> Any:
        """Return the cached page of a query, None without one."""
        return self._kept.get(query)

    def keep(self, query: Hashable, page: Any, rows: int) -> None:
        """Cache a page of ``rows`` rows; older pages make room. A large page is not cached.

        A page counts as one row more than it has, so an empty page is not free.
        """
        rows += 1
        if rows > MOST_ROWS:
            return
        if self._rows + rows > MOST_ROWS:
            self.forget()
        self._kept[query] = page
        self._rows += rows

    def forget(self) -> None:
        """Drop every page: the table has changed."""
        if self._kept:
            self._kept.clear()
            self._rows = 0
