"""Indexes of members' texts: who says just this, and who has this in what it says.

An index is made at its first use and kept up from there, so tables that nobody searches pay
nothing. That of a large table is made by a worker beside the calls, and who asks meanwhile reads
the table: a million texts take seconds, and calls wait for each other on one event loop.
Knows texts and order. Must not know JSON, wire names or filters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.job import Worker
from adsmock.mockserver.core.store import Table

Read = Callable[[bytes], list[str]]
"""Returns the texts that an entity's bytes have in a member, none where it is missing."""

LARGE = 5_000
"""Entities from which on an index is made beside the calls: to read so many takes 20 ms."""

_CHUNK = 1_000
"""Entities whose texts are searched as one; a change has so many joined anew."""
_BETWEEN = "\n"


class Search(Protocol):
    """What the two indexes have in common."""

    def put(self, before: Entity | None, entity: Entity) -> None:
        """Take a new entity, or one in the place of ``before``."""

    def find(self, wanted: Iterable[str]) -> list[list[str]]:
        """Return disjoint lists of ids, each in order of creation. Do not change them."""


class Exact:
    """Ids by the texts of a member."""

    def __init__(self, read: Read, table: Table) -> None:
        self._read = read
        self._table = table
        self._held: dict[str, list[str]] = {}
        self._is_plain = True

    def put(self, before: Entity | None, entity: Entity) -> None:
        """Take a new entity, or one in the place of ``before``."""
        new = set(self._read(entity.body))
        old = set(self._read(before.body)) if before else set()
        after, seq = self._table.after, entity.seq
        for text in old - new:
            ids = self._held[text]
            del ids[after(ids, seq) - 1]
        for text in new - old:
            ids = self._held.setdefault(text, [])
            ids.insert(after(ids, seq) if before else len(ids), entity.id)
        self._is_plain = self._is_plain and len(new) <= 1

    def find(self, wanted: Iterable[str]) -> list[list[str]]:
        """Return the ids of entities that have one of some texts."""
        found = [self._held.get(text, []) for text in sorted(wanted)]
        if self._is_plain or len(found) == 1:
            return found
        entities = self._table.many({each for ids in found for each in ids})
        return [[entity.id for entity in sorted(entities, key=lambda entity: entity.seq)]]


class _Chunk:
    """Some entities side by side: their ids and folded texts, and all the texts as one."""

    __slots__ = ("first", "ids", "joined", "texts")

    def __init__(self, first: int) -> None:
        self.first = first
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.joined: str | None = None

    def find(self, needles: list[str]) -> list[str]:
        if self.joined is None:
            self.joined = _BETWEEN.join(self.texts)
        if not any(map(self.joined.__contains__, needles)):
            return []
        pairs = zip(self.ids, self.texts, strict=True)
        if len(needles) == 1:  # the usual: a quarter of the time
            (needle,) = needles
            return [one for one, text in pairs if needle in text]
        return [one for one, text in pairs if any(map(text.__contains__, needles))]


class Within:
    """Folded texts of a member in stretches that are searched as one.

    A million names are 20 MB: to look through them takes less than to read ten thousand entities.
    """

    def __init__(self, read: Read, table: Table) -> None:
        del table
        self._read = read
        self._chunks: list[_Chunk] = []

    def put(self, before: Entity | None, entity: Entity) -> None:
        """Take a new entity, or one in the place of ``before``."""
        text = "\0".join(self._read(entity.body)).casefold()
        if before is not None:
            number = bisect_right(self._chunks, entity.seq, key=lambda chunk: chunk.first) - 1
            chunk = self._chunks[number]
            chunk.texts[chunk.ids.index(entity.id)] = text
        else:
            if not self._chunks or len(self._chunks[-1].ids) == _CHUNK:
                self._chunks.append(_Chunk(entity.seq))
            chunk = self._chunks[-1]
            chunk.ids.append(entity.id)
            chunk.texts.append(text)
        chunk.joined = None

    def find(self, wanted: Iterable[str]) -> list[list[str]]:
        """Return the ids of entities in whose texts one of some is found, whatever its case."""
        needles = [each.casefold() for each in wanted]
        return [[one for chunk in self._chunks for one in chunk.find(needles)]]


Kind = Callable[[Read, Table], Search]


class Growing:
    """An index in the making, then the index.

    What is put while a worker makes it is kept in a queue: the worker takes from it, as long as it
    works, and whoever puts or asks next does the rest. A queue is taken from and added to at one
    time without harm; nobody but its worker touches an index that is not finished.
    """

    def __init__(self, kind: Kind, read: Read, worker: Worker, table: Table) -> None:
        self._index = kind(read, table)
        self._later: deque[tuple[Entity | None, Entity]] = deque()
        self._is_finished = False
        entities = table.all()
        if len(entities) < LARGE:
            self._make(entities)
        else:
            worker(lambda: self._make(entities))

    def put(self, before: Entity | None, entity: Entity) -> None:
        """Take a new entity, or one in the place of ``before``."""
        if not self._is_finished:
            self._later.append((before, entity))
            return
        self._catch_up()
        self._index.put(before, entity)

    def search(self) -> Search | None:
        """Return the index, None as long as it is in the making."""
        if not self._is_finished:
            return None
        self._catch_up()
        return self._index

    def _make(self, entities: list[Entity]) -> bytes:
        for entity in entities:
            self._index.put(None, entity)
        self._catch_up()
        self._is_finished = True
        return b""

    def _catch_up(self) -> None:
        while self._later:
            self._index.put(*self._later.popleft())
