"""How an integration works, as data: well-behaved, misbehaving or the reference client."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

FILE = Path(__file__).with_name("behaviors.toml")


class Behavior(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One behavior; the file explains its members. Times are seconds."""

    title: str
    caller: Literal["wire", "client"]
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


@cache
def behaviors() -> dict[str, Behavior]:
    """Return every behavior by name.

    Raises:
        msgspec.ValidationError: a member is unknown, missing or of another type.
    """
    return msgspec.toml.decode(FILE.read_bytes(), type=dict[str, Behavior])
