"""The shard of an installation with several processes: its name, and who it leads calls to.

Everything that a shard mints carries its name, so that a balancer finds the process of a call
without a shared store. A process on its own is the shard ``0``, which no client id shows.
"""

from __future__ import annotations

from dataclasses import dataclass

CLIENT_PREFIX = "amzn1.application-oa2-client."
ALONE = "0"
DIGITS = 2
"""Characters of a shard's name, so that it is at a fixed place in a signed string."""
MOST = 64
"""Shards of one installation: far more than one machine has cores."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One process: the shard ``number`` of ``count``, both 0 for a process on its own."""

    number: int = 0
    count: int = 0

    @property
    def name(self) -> str:
        """The name that signed strings carry."""
        return name_of(self.number) if self.count else ALONE

    def marked(self, code: str) -> str:
        """Return a hexadecimal code that starts with the shard's name."""
        return self.name + code[DIGITS:] if self.count else code

    def is_sibling(self, name: str | None) -> bool:
        """Say whether ``name`` is another shard of this installation."""
        return name is not None and name != self.name and name in self.names()

    def names(self) -> list[str]:
        """Return the name of every shard."""
        return names_of(self.count)


def name_of(number: int) -> str:
    """Return the name of a shard, counted from 1."""
    return f"{number:0{DIGITS}d}"


def names_of(count: int) -> list[str]:
    """Return the names of ``count`` shards."""
    return [name_of(number) for number in range(1, count + 1)]


def named_by_client(client_id: str | None) -> str | None:
    """Return the name that a client id carries, if it has the form of a minted one."""
    if client_id is None or not client_id.startswith(CLIENT_PREFIX):
        return None
    return client_id[len(CLIENT_PREFIX) :][:DIGITS]
