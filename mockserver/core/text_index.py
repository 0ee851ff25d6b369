"""Indexes of members' texts, for exact matches and for substrings.

An index is created at its first use and then updated, so tables without searches cost nothing. A
worker creates the index of a large table, because a million texts take seconds and all calls share
one event loop. Until then a search reads the table.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.job import Worker
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.core.turns import in_turns

Read = Callable[[bytes], list[str]]
"""Returns the texts of a member in an entity's bytes; empty if it is missing."""

LARGE = 5_000
"""A worker creates the index of tables from this size: reading that many entities takes 20 ms."""

_CHUNK = 1_000
"""Entities whose texts are searched as one string; a change joins that many again."""
_BETWEEN = "\n"


class Search(Protocol):
    """The interface of both indexes."""

    def put(self, before: Entity | None, entity: Entity) -> None:
        """Add an entity, or replace ``before``."""

    def find(self, wanted: Iterable[str]) -> list[list[str]]:
        """Return disjoint lists of ids, each in order of creation. Do not change them."""


class Exact:
    """Ids by exact text of a member."""

    def __init__(self, read: Read, table: Table) -> None:
        self._read = read
        self._table = table
        self._held: dict[str, list[str]] = {}
        self._is_plain = True

    def put(self, before: Entity | None, entity: Entity) -> None:
        """Add an entity, or replace ``before``."""
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
        """Return the ids of entities with one of the texts."""
        found = [self._held.get(text, []) for text in sorted(wanted)]
        if self._is_plain or len(found) == 1:
            return found
        entities = self._table.many({each for ids in found for each in ids})
        return [[entity.id for entity in sorted(entities, key=lambda entity: entity.seq)]]


class _Chunk:
    """Consecutive entities: their ids, their folded texts, and all texts as one string."""

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
        if len(needles) == 1:  # the common case, in a quarter of the time
            (needle,) = needles
            return [each for each, text in pairs if needle in text]
        return [each for each, text in pairs if any(map(text.__contains__, needles))]


class Within:
    """Folded texts of a member, searched in chunks.

    A million names are 20 MB: searching them takes less time than reading ten thousand entities.
    """

    def __init__(self, read: Read, table: Table) -> None:
        del table
        self._read = read
        self._chunks: list[_Chunk] = []

    def put(self, before: Entity | None, entity: Entity) -> None:
        """Add an entity, or replace ``before``."""
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
        """Return the ids of entities that contain one of the texts, ignoring case."""
        needles = [each.casefold() for each in wanted]
        return [[each for chunk in self._chunks for each in chunk.find(needles)]]


Kind = Callable[[Read, Table], Search]


class Growing:
    """An index that is possibly unfinished.

    Changes during that time go into a queue. The worker empties it, and the next change or search
    does the rest. A deque allows concurrent appends and pops; only the worker touches an
    unfinished index.
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
        """Add an entity, or replace ``before``."""
        if not self._is_finished:
            self._later.append((before, entity))
            return
        self._catch_up()
        self._index.put(before, entity)

    def search(self) -> Search | None:
        """Return the index, None until it is finished."""
        if not self._is_finished:
            return None
        self._catch_up()
        return self._index

    def _make(self, entities: list[Entity]) -> bytes:
        in_turns(self._add, entities)
        self._catch_up()
        self._is_finished = True
        return b""

    def _add(self, entities: list[Entity]) -> list[None]:
        for entity in entities:
            self._index.put(None, entity)
        return []

    def _catch_up(self) -> None:
        while self._later:
            self._index.put(*self._later.popleft())
