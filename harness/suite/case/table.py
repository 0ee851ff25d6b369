"""One table of a case file, read member by member.

Knows types and places. Must not know which members a case has.
"""

from __future__ import annotations

from typing import Any, get_args

from adsmock.harness.suite.case.model import CaseError, Severity

_MISSING: Any = object()


class Table:
    """A table of a case file that knows where it stands and what was not asked for."""

    def __init__(self, document: dict[str, Any], where: str) -> None:
        self._left = dict(document)
        self.where = where

    def _take(self, key: str, kind: type | tuple[type, ...], default: Any = _MISSING) -> Any:
        value = self._left.pop(key, default)
        if value is _MISSING:
            raise CaseError(f"{self.where}: {key}", "is missing")
        wrong = isinstance(value, bool) and kind is not bool
        if wrong or not isinstance(value, kind):
            raise CaseError(f"{self.where}: {key}", f"has the wrong type: {value!r}")
        return value

    def text(self, key: str, default: Any = _MISSING) -> str:
        """Return a text."""
        return str(self._take(key, str, default))

    def number(self, key: str, default: Any = _MISSING) -> int:
        """Return a whole number."""
        return int(self._take(key, int, default))

    def flag(self, key: str) -> bool:
        """Return a flag, false when absent."""
        return bool(self._take(key, bool, default=False))

    def mapping(self, key: str) -> dict[str, Any]:
        """Return a table as it stands, empty when absent."""
        return dict(self._take(key, dict, {}))

    def dicts(self, key: str) -> list[dict[str, Any]]:
        """Return a list of tables as they stand, empty when absent."""
        return [dict(row) for row in self._take(key, list, [])]

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(str(member) for member in self._take(key, list))

    def severity(self, key: str) -> Severity:
        """Return MUST, SHOULD or INFO."""
        value = self.text(key)
        if value not in get_args(Severity):
            raise CaseError(f"{self.where}: {key}", f"choose from {get_args(Severity)}")
        return value  # type: ignore[return-value]  # narrowed by the test above

    def child(self, key: str) -> Table:
        """Return a table inside this one, empty when absent."""
        return Table(self.mapping(key), f"{self.where}: {key}")

    def rows(self, key: str) -> list[Table]:
        """Return a list of tables inside this one."""
        return [
            Table(row, f"{self.where}: {key}[{index}]") for index, row in enumerate(self.dicts(key))
        ]

    def close(self) -> None:
        """Raise when the table holds a key nobody asked for."""
        if self._left:
            raise CaseError(self.where, f"unknown key {next(iter(self._left))!r}")
