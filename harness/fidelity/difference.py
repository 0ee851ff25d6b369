"""Differences between the service and the mock, and the classes of ledger rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Aspect = Literal[
    "status",
    "media-type",
    "header",
    "member-added",
    "member-missing",
    "type",
    "nullability",
    "format",
    "enum",
    "order",
    "paging",
    "reference",
    "error-form",
    "error-code",
    "error-text",
    "job-state",
    "job-time",
    "value",
]
"""What differs."""

Standing = Literal["confirmed", "drift", "variation", "unseen", "unchecked"]
"""The class of a ledger row after a comparison."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: what the service has, what the mock has, and the ledger rows about it.

    ``service`` and ``mock`` describe shapes, never values of an advertiser. ``facts`` are ids of
    ledger rows, the closest first. ``switch`` is the setting of the mock that covers it, if one
    does: then it is an allowed variation.
    """

    operation: str
    aspect: Aspect
    member: str
    service: str
    mock: str
    facts: tuple[str, ...]
    steps: tuple[str, ...] = ()
    switch: str = ""

    @property
    def fact(self) -> str:
        """The ledger row that a reader looks up first; empty without one."""
        return self.facts[0] if self.facts else ""

    @property
    def says(self) -> str:
        """The difference in one sentence."""
        place = f"{self.operation} {self.member}".strip()
        return f"{place}: {self.aspect}: service {self.service}, mock {self.mock}"


@dataclass(frozen=True, slots=True)
class Unchecked:
    """What could not be compared, and why. It is never counted as drift."""

    step: str
    operation: str
    reason: str
