"""How an integration goes about its work, as data: well-behaved or careless.

Knows the form of ``behaviors.toml``. Must not know what the work is.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("behaviors.toml")


@dataclass(frozen=True, slots=True)
class Behavior:
    """One way to behave. Times in seconds; what each member means stands in the file."""

    name: str
    title: str
    caller: str
    is_alone: bool
    is_paced: bool
    gathers: bool
    batch: int
    page: int
    polls: int
    first_poll: float
    longest_poll: float
    tries: int
    repeats: int

    def next_poll(self, last: float) -> float:
        """Return how long to wait after a poll that came ``last`` seconds after the one before."""
        return min(self.longest_poll, max(self.first_poll, last * 2))


@cache
def behaviors() -> dict[str, Behavior]:
    """Return every temper by name.

    Raises:
        TypeError: a row has an unknown or a missing member.
    """
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: Behavior(name=name, **row) for name, row in document.items()}
