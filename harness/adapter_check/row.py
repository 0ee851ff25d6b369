"""What the check of an adapter found out about one verb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["works", "unsupported", "not declared", "wrong"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, and what to do about it."""

    what: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Row:
    """The outcome of one verb."""

    verb: str
    status: Status
    calls: int = 0
    """API calls that reached the mock, without those for tokens."""
    problems: tuple[Problem, ...] = ()
    reason: str = ""
    """Why it is unsupported, in the adapter's own words."""
