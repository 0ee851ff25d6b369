"""One piece of work of a program, as intended and as it turned out."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Work(Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of work: how often it happened without faults, and how often in this pass.

    ``name`` is a readable natural key, empty for work that is only counted, because its keys
    differ in every run. ``most`` is None where more does no harm, such as reading a page twice.
    """

    kind: Literal["created", "changed", "read", "fetched"]
    operation: str
    profile: str
    name: str
    least: int
    most: int | None
    seen: int

    @property
    def is_lost(self) -> bool:
        """Say whether something that happens without faults is missing."""
        return self.seen < self.least

    @property
    def is_doubled(self) -> bool:
        """Say whether something happened more often than without faults."""
        return self.most is not None and self.seen > self.most
