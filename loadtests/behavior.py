"""How an integration works, as data: the bundled users, or a program that gets tasks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

FILE = Path(__file__).with_name("behaviors.toml")


class Behavior(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One behavior; the file explains its members. Times are seconds."""

    title: str
    caller: Literal["wire", "client", "program"]
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
        """Return the wait until the next poll, when the last poll waited ``last`` seconds."""
        return min(self.longest_poll, max(self.first_poll, last * 2))


DEFAULT = "well-behaved"

PROGRAM = "program"
"""The behavior of users that give their work to a program."""


def bundled() -> list[str]:
    """Return the names of the behaviors that need no program."""
    return sorted(behaviors().keys() - {PROGRAM})


@cache
def behaviors() -> dict[str, Behavior]:
    """Return every behavior by name.

    Raises:
        msgspec.ValidationError: a member is unknown, missing or of another type.
    """
    return msgspec.toml.decode(FILE.read_bytes(), type=dict[str, Behavior])
