"""The change history: what became of a profile's entities, told when somebody asks.

Knows how two states of an entity become events, and how events are chosen, ordered and cut. Must
not know any resource by name: ``mockserver.catalog.history`` says what is told of which.

The store remembers references (``Store.trail``); everything else happens here, at reading, and on
a page without a total only for as many changes as the page needs.
Source: OpenAPI ChangeHistory 3.0 (documented: members, limits); amzn/ads-advanced-tools-docs
issue 363 (observed: members of a numbered page). The contract says what is assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from mockserver.catalog.history import FOUND_BY, HISTORY, Told
from mockserver.core.error import ApiError
from mockserver.core.outcome import Document
from mockserver.core.store import Change, Entity
from mockserver.services import cursor
from mockserver.services.shape import getter
from mockserver.services.work import Work

DAYS = 90
_DAY_MS = 86_400_000
_COUNT = 100
_MOST = 10_000
"""Results that numbered pages show. Source: OpenAPI ChangeHistory (documented)."""
_VERSIONED, _VERSION = "THEME", "application/vnd.historyresponse.v1.1+json"

Row = dict[str, Any]
Place = tuple[int, int, int, int]
"""Where an event stands: its time, its entity, which change of that entity then, which event of
that change."""


@dataclass(frozen=True, slots=True)
class Selector:
    """What is asked of one event type; without ``ids`` and ``parents`` nothing."""

    ids: frozenset[str]
    parents: tuple[Row, ...]
    types: frozenset[str]

    def takes(self, entity: Entity) -> bool:
        """Say whether an entity is one of those asked for."""
        if not self.ids and not self.parents:
            return False
        if self.ids and entity.id not in self.ids:
            return False
        chain = (*entity.parents, entity.id)
        return not self.parents or any(_under(row, chain) for row in self.parents)


def history(work: Work) -> Document:
    """Return a page of the events that the body asks for, by number or by token.

    Raises:
        ApiError: 400; the range, the page or the version of the event types is none.
    """
    body = work.body
    begin, end = _range(body, work.now)
    _check(work)
    selectors = {kind: _selector(row) for kind, row in body["eventTypes"].items() if row}
    is_rising = (body.get("sort") or {}).get("direction") == "ASC"
    changes = _placed(work, selectors, begin, end)
    changes.sort(key=lambda row: row[0], reverse=not is_rising)
    size = int(body.get("count") or _COUNT)
    if "pageOffset" in body:
        return _numbered(
            _events(changes, selectors, is_rising=is_rising), int(body["pageOffset"]), size
        )
    return _continued(work, changes, selectors, size, is_rising=is_rising)


def _range(body: Row, now: float) -> tuple[int, int]:
    begin, end = int(body["fromDate"]), int(body["toDate"])
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = int(today.timestamp() * 1000) - DAYS * _DAY_MS
    if begin > end:
        raise ApiError("invalid", 400, message="fromDate must not be after toDate")
    if begin < first or end - begin > (DAYS + 1) * _DAY_MS:
        message = f"fromDate must be within the last {DAYS} days"
        raise ApiError("invalid", 400, message=message)
    return begin, end


def _check(work: Work) -> None:
    body = work.body
    if "pageOffset" in body and body.get("nextToken"):
        raise ApiError("invalid", 400, message="pageOffset and nextToken are mutually exclusive")
    if body["eventTypes"].get(_VERSIONED) is not None and work.media != _VERSION:
        message = f"Event type {_VERSIONED} needs Accept: {_VERSION}"
        raise ApiError("invalid", 400, message=message)


def _selector(row: Row) -> Selector:
    types = {kind for name in row.get("filters") or () for kind in FOUND_BY.get(name, (name,))}
    return Selector(
        frozenset(map(str, row.get("eventTypeIds") or ())),
        tuple(row.get("parents") or ()),
        frozenset(types),
    )


def _under(parent: Row, chain: tuple[str, ...]) -> bool:
    """Say whether an entity, with those above it, is the parent or lies under it."""
    if parent.get("useProfileIdAdvertiser"):
        return True
    named = [parent[name] for name in ("campaignId", "adGroupId") if parent.get(name)]
    return bool(named) and all(str(each) in chain for each in named)


def _placed(
    work: Work, selectors: dict[str, Selector], begin: int, end: int
) -> list[tuple[tuple[int, int, int], Change]]:
    """Return the changes within the range that were asked for, each with its place."""
    found = []
    turns: Counter[tuple[int, int]] = Counter()
    for change in work.sandbox.store.trail(work.profile.id):
        name, _, entity = change
        moment = int(entity.updated * 1000)
        turn = turns[moment, entity.seq]
        turns[moment, entity.seq] += 1
        told = HISTORY[name]
        asked = selectors.get(told.entity)
        if asked and begin <= moment <= end and asked.takes(entity):
            found.append(((moment, entity.seq, turn), change))
    return found


def _events(
    changes: list[tuple[tuple[int, int, int], Change]],
    selectors: dict[str, Selector],
    *,
    is_rising: bool,
) -> Iterator[tuple[Place, Row]]:
    """Yield the events of changes, each with its place."""
    for place, (name, before, entity) in changes:
        told = HISTORY[name]
        types = selectors[told.entity].types
        rows = list(enumerate(_told(told, before, entity)))
        for part, row in rows if is_rising else reversed(rows):
            if not types or row["changeType"] in types:
                yield (*place, part), row


def _numbered(events: Iterator[tuple[Place, Row]], page: int, size: int) -> Document:
    rows = [row for _, row in events][:_MOST]
    return Document(
        {
            "events": rows[page * size : (page + 1) * size],
            "maxPageNumber": max(0, (len(rows) - 1) // size),
            "pageOffset": page,
            "pageSize": size,
            "totalRecords": len(rows),
            "totalResults": len(rows),
        }
    )


def _continued(
    work: Work,
    changes: list[tuple[tuple[int, int, int], Change]],
    selectors: dict[str, Selector],
    size: int,
    *,
    is_rising: bool,
) -> Document:
    print_ = cursor.fingerprint(work.body, "count", "nextToken")
    after = _after(work, print_)
    if after is not None:
        changes = [
            row for row in changes if (row[0] >= after[:3] if is_rising else row[0] <= after[:3])
        ]
    rows: list[tuple[Place, Row]] = []
    for place, row in _events(changes, selectors, is_rising=is_rising):
        if after is None or (place > after if is_rising else place < after):
            rows.append((place, row))
        if len(rows) > size:
            break
    value: Row = {"events": [row for _, row in rows[:size]]}
    if len(rows) > size:
        value["nextToken"] = cursor.sealed(work, work.contract.name, print_, *rows[size - 1][0])
    return Document(value)


def _after(work: Work, print_: str) -> Place | None:
    token = work.body.get("nextToken")
    if not token:
        return None
    place = cursor.opened(work, work.contract.name, print_, token)
    if place is None:
        raise ApiError("invalid", 400, message="Invalid nextToken")
    moment, seq, turn, part = map(int, place)
    return moment, seq, turn, part


def _told(told: Told, before: Entity | None, entity: Entity) -> Iterator[Row]:
    """Yield an entity's events of one change: that it was made, or each value that changed."""
    new = orjson.loads(entity.body)
    frame = {
        "entityType": told.entity,
        "entityId": entity.id,
        "timestamp": int(entity.updated * 1000),
        "metadata": _metadata(told, entity, new),
    }
    if before is None:
        yield {**frame, "changeType": "CREATED", "previousValue": "", "newValue": ""}
        return
    old = orjson.loads(before.body)
    for kind, was, became in _changed(told, before, entity, old, new):
        if was != became:
            yield {**frame, "changeType": kind, "previousValue": was, "newValue": became}


def _changed(
    told: Told, before: Entity, entity: Entity, old: Row, new: Row
) -> Iterator[tuple[str, str, str]]:
    yield "STATUS", before.state, entity.state
    for kind, member in told.members.items():
        read = getter(member)
        yield kind, _text(read(old)), _text(read(new))
    if told.placements:
        was, became = _percentages(told, old), _percentages(told, new)
        for name in sorted({*was, *became}):
            yield "PLACEMENT_GROUP", was.get(name, f"{name}:0"), became.get(name, f"{name}:0")


def _percentages(told: Told, whole: Row) -> dict[str, str]:
    rows = getter(told.placements)(whole) or ()
    return {
        row["placement"]: f"{row['placement']}:{_text(row.get('percentage', 0))}"
        for row in rows
        if row.get("placement")
    }


def _metadata(told: Told, entity: Entity, whole: Row) -> Row:
    found = dict(zip(("campaignId", "adGroupId"), (*entity.parents, entity.id), strict=False))
    for name, member in told.metadata.items():
        value = getter(member)(whole)
        if value is not None:
            found[name] = told.words.get(value, value)
    return found


def _text(value: Any) -> str:
    """Return a value as text, nothing where there is none."""
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
