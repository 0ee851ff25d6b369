"""The refusal of an unknown name, with the nearest known names."""

from __future__ import annotations

from collections.abc import Iterable

from adsmock.contracts.suggest import nearest
from adsmock.mockserver.core.error import SetupError

_MAX_LISTED = 50


class UnknownName(SetupError):
    """An unknown ``name`` of some ``kind``; ``nearest`` lists similar names in ``known``."""

    def __init__(
        self, kind: str, name: str, known: Iterable[str], *, status: int = 404, pointer: str = ""
    ) -> None:
        names = list(known)
        self.nearest = nearest(name, names)
        detail = f'unknown {kind} "{name}": {self._advice(names)}'
        super().__init__(detail, pointer=pointer, status=status)

    def _advice(self, names: list[str]) -> str:
        if self.nearest:
            return f"did you mean {self.nearest[0]}?"
        if not names:
            return "there is none yet"
        further = len(names) - _MAX_LISTED
        more = f" and {further} more" if further > 0 else ""
        return f"known: {', '.join(sorted(names)[:_MAX_LISTED])}{more}"
