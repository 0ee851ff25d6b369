"""Which shard has which sandbox, kept equal in the control plane and in the balancer's maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any, Protocol

from adsmock.mockserver.core.shard import named_by_client


class Maps(Protocol):
    """The balancer's maps from a name to its shard."""

    def add(self, name: str, keys: Iterable[str], shard: str) -> None:
        """Add keys to a map."""

    def remove(self, name: str, keys: Iterable[str]) -> None:
        """Remove keys from a map."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A sandbox and what a balancer cannot read its shard from, by map."""

    shard: str
    keys: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, row: dict[str, Any], shard: str) -> Placed:
        """Return the place of a sandbox that the control plane shows."""
        client_id = row["client"]["clientId"]
        is_minted = named_by_client(client_id) == shard
        return cls(
            shard,
            {
                "sandboxes": (row["id"],),
                "profiles": tuple(each["profileId"] for each in row["profiles"]),
                "clients": () if is_minted else (client_id,),
            },
        )


class Directory:
    """The place of every sandbox, oldest first. ``lock`` is held while a sandbox is created."""

    def __init__(self, shards: Sequence[str], maps: Maps) -> None:
        self.lock = RLock()
        self._shards = tuple(shards)
        self._maps = maps
        self._placed: dict[str, Placed] = {}
        self._made = 0

    def find(self, sandbox: str) -> str | None:
        """Return the shard of a sandbox."""
        placed = self._placed.get(sandbox)
        return None if placed is None else placed.shard

    def names(self) -> list[str]:
        """Return the id of every sandbox, oldest first."""
        return list(self._placed)

    def counts(self) -> Counter[str]:
        """Return the number of sandboxes of each shard."""
        found = Counter(dict.fromkeys(self._shards, 0))
        found.update(each.shard for each in list(self._placed.values()))
        return found

    def least_loaded(self, among: Iterable[str]) -> str | None:
        """Return the shard with the fewest sandboxes, the first of several."""
        counts = self.counts()
        return min(among, key=lambda name: (counts[name], name), default=None)

    def unused_id(self, shard: str) -> str:
        """Return a new sandbox id, which shows its shard."""
        while True:
            self._made += 1
            name = f"sandbox-{shard}-{self._made}"
            if name not in self._placed:
                return name

    def add(self, row: dict[str, Any], shard: str) -> None:
        """Record a sandbox; calls reach it from now on."""
        placed = Placed.of(row, shard)
        for name, keys in placed.keys.items():
            self._maps.add(name, keys, shard)
        self._placed[row["id"]] = placed

    def remove(self, sandbox: str) -> None:
        """Forget a sandbox."""
        with self.lock:
            placed = self._placed.pop(sandbox, None)
            for name, keys in (placed.keys if placed else {}).items():
                self._maps.remove(name, keys)

    def replace(self, shard: str, rows: Sequence[dict[str, Any]]) -> None:
        """Record exactly these sandboxes for a shard that has started."""
        with self.lock:
            kept = {row["id"] for row in rows}
            for name, placed in list(self._placed.items()):
                if placed.shard == shard and name not in kept:
                    self.remove(name)
            for row in rows:
                self.add(row, shard)

    def again(self) -> None:
        """Write all entries into maps that are empty."""
        with self.lock:
            for placed in self._placed.values():
                for name, keys in placed.keys.items():
                    self._maps.add(name, keys, placed.shard)
