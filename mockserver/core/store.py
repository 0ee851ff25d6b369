"""Entities as rendered bytes, with the indexes that lists and uniqueness need.

An entity is immutable: an update replaces it, so an earlier listing (an export) keeps its content
at the cost of pointers.

Why bytes: at a million entities, dictionaries take 2.5 times the memory, and garbage collection
stops the process for seconds (measured). A page is joined from bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice, repeat
from typing import Any, Protocol

from adsmock.mockserver.core.change_log import ChangeLog
from adsmock.mockserver.core.entity import ARCHIVED, Entity
from adsmock.mockserver.core.page_cache import PageCache

Change = tuple[str, Entity | None, Entity]
"""One change of a logged resource: its name, the entity before, the entity after."""


Written = tuple[str | None, str, bool, Sequence[Entity]]
"""One write: profile, resource, whether its changes are logged, and the entities it stored.

Without a resource the entities of the profile, or of all, were removed.
"""


def discard(_: Iterable[Any]) -> None:
    """Log nothing."""


class Index(Protocol):
    """An index of a table's entities that is updated with the table."""

    def put(self, before: Entity | None, entity: Entity) -> None:
        """Add an entity, or replace ``before``."""


class Table:
    """All entities of one resource in one profile, in order of creation."""

    __slots__ = (
        "_by_id", "_by_state", "_children", "_further", "_keys", "_name", "_note", "_order",
        "_profile", "_written", "live_children", "pages",
    )  # fmt: skip

    def __init__(self) -> None:
        self._by_id: dict[str, Entity] = {}
        self._order: list[str] = []
        self._by_state: dict[str, list[str]] = {}
        self._keys: dict[Hashable, str] = {}
        self._children: dict[tuple[int, str], list[str]] = {}
        self._further: dict[Hashable, Index] = {}
        self.live_children: Counter[tuple[int, str]] = Counter()
        self.pages = PageCache()
        self._name = ""
        self._note: Callable[[Iterable[Any]], None] = discard
        self._profile = ""
        self._written: list[Written] | None = None

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, entity_id: str) -> bool:
        return entity_id in self._by_id

    def get(self, entity_id: str) -> Entity | None:
        """Return one entity."""
        return self._by_id.get(entity_id)

    def holder(self, key: Hashable) -> str | None:
        """Return the id of the live entity that holds ``key``."""
        return self._keys.get(key)

    def hold(self, key: Hashable, entity_id: str) -> None:
        """Reserve ``key`` for an entity that follows, unless another holds it."""
        self._keys.setdefault(key, entity_id)

    @property
    def live(self) -> int:
        """How many entities are not archived."""
        return len(self._by_id) - len(self._by_state.get(ARCHIVED, ()))

    @property
    def order(self) -> list[str]:
        """Ids in order of creation. Do not change it."""
        return self._order

    def children(self, parent: int, parent_id: str) -> list[str]:
        """Return ids whose parent number ``parent`` is ``parent_id``, in order of creation."""
        return self._children.get((parent, parent_id), [])

    def in_state(self, state: str) -> list[str]:
        """Return ids of the entities in ``state``, in order of creation. Do not change it."""
        return self._by_state.get(state, [])

    def after(self, ids: list[str], seq: int) -> int:
        """Return the position in ``ids`` (in order of creation) of the first one after ``seq``."""
        if not seq:
            return 0
        return bisect_right(ids, seq, key=self._seq)

    def _seq(self, entity_id: str) -> int:
        return self._by_id[entity_id].seq

    def index(self, name: Hashable, make: Callable[[Table], Any]) -> Any:
        """Return the index of that name; ``make`` creates it at first use."""
        found = self._further.get(name)
        if found is None:
            found = self._further[name] = make(self)
        return found

    def all(self) -> list[Entity]:
        """Return every entity: a snapshot that later writes do not change."""
        return list(self._by_id.values())

    def page(self, ids: list[str], after: int, count: int) -> list[Entity]:
        """Return up to ``count`` entities of one index, after the creation number ``after``.

        An index names only existing entities, so a page of a hundred is one look-up in C. The
        first page of all entities needs no look-up, because they are kept in order of creation.
        """
        if not after and ids is self._order:
            return list(islice(self._by_id.values(), count))
        start = self.after(ids, after)
        return list(map(self._by_id.__getitem__, ids[start : start + count]))

    def many(self, ids: Iterable[str]) -> list[Entity]:
        """Return those of ``ids`` that exist."""
        if ids is self._order:
            return self.all()
        found = map(self._by_id.get, ids)
        return [entity for entity in found if entity is not None]

    def lacks(self, ids: list[str]) -> bool:
        """Say whether no entity has any of ``ids``."""
        return self._by_id.keys().isdisjoint(ids)

    def are_free(self, keys: list[Hashable]) -> bool:
        """Say whether no live entity holds any of ``keys``."""
        return self._keys.keys().isdisjoint(keys)

    def add(self, entities: list[Entity]) -> None:
        """Add entities that are all new, faster than ``put`` for each."""
        ids, _, words, _, _, keys, _, _, _ = zip(*entities, strict=True)
        states = set(words)
        self.pages.forget()
        if self._written is not None:
            self._record(entities)
        self._by_id.update(zip(ids, entities, strict=True))
        self._order += ids
        if len(states) > 1 or ARCHIVED in states or None in keys or entities[0].parents:
            for entity in entities:
                self._by_state.setdefault(entity.state, []).append(entity.id)
                self._index(None, entity)
            return
        self._by_state.setdefault(entities[0].state, []).extend(ids)
        self._keys.update(zip(keys, ids, strict=True))
        for index in self._further.values():
            for entity in entities:
                index.put(None, entity)
        self._note(chain.from_iterable(zip(repeat(self._name), repeat(None), entities)))

    def put(self, entity: Entity) -> None:
        """Add an entity, or replace the one with its id."""
        entity_id, state = entity.id, entity.state
        self.pages.forget()
        if self._written is not None:
            self._record((entity,))
        before = self._by_id.get(entity_id)
        self._by_id[entity_id] = entity
        if before is not None:
            self._replace(before, entity)
        else:
            self._order.append(entity_id)
            self._by_state.setdefault(state, []).append(entity_id)
        self._index(before, entity)

    def _index(self, before: Entity | None, entity: Entity) -> None:
        """Update every further index with an entity that replaced ``before``."""
        entity_id, _, state, _, parents, key, _, _, _ = entity
        for place in enumerate(parents):
            if before is None:
                self._children.setdefault(place, []).append(entity_id)
            if state != ARCHIVED:
                self.live_children[place] += 1
        if key is not None and state != ARCHIVED:
            self._keys.setdefault(key, entity_id)
        for index in self._further.values():
            index.put(before, entity)
        if self._note is not discard:
            self._note((self._name, before, entity))

    def log_to(self, name: str, note: Callable[[Iterable[Any]], None]) -> None:
        """Pass the members of every later change to ``note``, with the resource's name."""
        self._name, self._note = name, note

    def record_to(self, profile_id: str, name: str, written: list[Written] | None) -> None:
        """Append every later write to ``written``, to nothing if it is None."""
        self._profile, self._name, self._written = profile_id, name, written

    def _record(self, entities: Sequence[Entity]) -> None:
        assert self._written is not None
        is_logged = self._note is not discard
        self._written.append((self._profile, self._name, is_logged, entities))

    def _replace(self, before: Entity, entity: Entity) -> None:
        if before.state != ARCHIVED:
            for number, parent_id in enumerate(before.parents):
                self.live_children[number, parent_id] -= 1
        if before.key is not None and self._keys.get(before.key) == before.id:
            del self._keys[before.key]
        if before.state != entity.state:
            left = self._by_state[before.state]
            del left[bisect_left(left, entity.seq, key=self._seq)]
            joined = self._by_state.setdefault(entity.state, [])
            joined.insert(self.after(joined, entity.seq), entity.id)


class Store:
    """The tables of one sandbox, by profile and resource, and the change logs of its profiles.

    A change log holds references to immutable entities, so it costs little.
    """

    __slots__ = ("_change_logs", "_logged", "_seq", "_tables", "_written")

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str], Table] = {}
        self._seq = 0
        self._logged: frozenset[str] = frozenset()
        self._change_logs: dict[str, ChangeLog] = {}
        self._written: list[Written] | None = None

    def table(self, profile_id: str, resource: str) -> Table:
        """Return the table of ``resource`` in the profile, created at first use."""
        table = self._tables.get((profile_id, resource))
        if table is None:
            table = self._tables[profile_id, resource] = Table()
            self._wire(profile_id, resource, table)
        return table

    def log_changes(self, resources: frozenset[str]) -> None:
        """Log the later changes of these resources, and of no others."""
        self._logged = resources
        for (profile_id, resource), table in self._tables.items():
            self._wire(profile_id, resource, table)

    @property
    def logged(self) -> frozenset[str]:
        """The resources with logged changes."""
        return self._logged

    def _wire(self, profile_id: str, resource: str, table: Table) -> None:
        if resource in self._logged:
            table.log_to(resource, self._change_logs.setdefault(profile_id, ChangeLog()).note)
        else:
            table.log_to(resource, discard)
        table.record_to(profile_id, resource, self._written)

    def record_to(self, written: list[Written] | None) -> None:
        """Append every later write to ``written``, to nothing if it is None."""
        self._written = written
        self.log_changes(self._logged)

    @contextmanager
    def without_log(self) -> Iterator[None]:
        """Log no changes within the block."""
        logged = self._logged
        self.log_changes(frozenset())
        try:
            yield
        finally:
            self.log_changes(logged)

    def changes(self, profile_id: str) -> list[Change]:
        """Return the logged changes of a profile, oldest first."""
        log = self._change_logs.get(profile_id)
        return list(log.changes()) if log is not None else []

    def change_logs(self) -> dict[str, list[Change]]:
        """Return the logged changes of every profile, oldest first."""
        return {profile_id: self.changes(profile_id) for profile_id in self._change_logs}

    def add_change(self, profile_id: str, change: Change) -> None:
        """Add a change to the log of a profile, for stored states."""
        self._change_logs.setdefault(profile_id, ChangeLog()).note(change)

    @property
    def seq(self) -> int:
        """The last creation number."""
        return self._seq

    def resume(self, seq: int) -> None:
        """Continue after the creation number ``seq``, for snapshots."""
        self._seq = seq

    def next_seq(self, count: int = 1) -> int:
        """Reserve ``count`` creation numbers and return the first."""
        first = self._seq + 1
        self._seq += count
        return first

    def tables(self) -> dict[tuple[str, str], Table]:
        """Return the tables that exist, by (profile, resource)."""
        return dict(self._tables)

    def all(self) -> list[Entity]:
        """Return every entity of all tables."""
        return list(chain.from_iterable(table.all() for table in self._tables.values()))

    def drop(self, profile_id: str | None = None) -> None:
        """Remove the entities of one profile, or of all."""
        if self._written is not None:
            self._written.append((profile_id, "", False, ()))
        if profile_id is None:
            self._tables.clear()
            self._change_logs.clear()
            return
        self._change_logs.pop(profile_id, None)
        for key in [each for each in self._tables if each[0] == profile_id]:
            del self._tables[key]
