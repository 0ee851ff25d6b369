"""The change history of a profile's entities, computed when a client reads it.

The store records references to entities before and after each change. This module compares them,
and on a page without a total only as many as the page needs.

Source: OpenAPI ChangeHistory 3.0 (documented: members, limits); amzn/ads-advanced-tools-docs
issue 363 (observed: members of a numbered page). The contract says what is assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from adsmock.mockserver.catalog.history import FOUND_BY, HISTORY, TrackedResource
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.core.store import Change
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.normalize import getter
from adsmock.mockserver.services.verbs import page_token

DAYS = 90
_DAY_MS = 86_400_000
_PAGE_SIZE = 100
_MAX_RESULTS = 10_000
"""Results of all numbered pages. Source: OpenAPI ChangeHistory (documented)."""
_LEVELS = ("CAMPAIGN", "AD_GROUP")
_VERSIONED, _VERSION = "THEME", "application/vnd.historyresponse.v1.1+json"

Row = dict[str, Any]
Place = tuple[int, int, int, int]
"""Sort key of an event: time, entity, index among the entity's changes at that time, and index in
that change."""


@dataclass(frozen=True, slots=True)
class Selector:
    """The request for one event type; it selects nothing without ``ids`` and ``parents``."""

    ids: frozenset[str]
    parents: tuple[Row, ...]
    types: frozenset[str]

    def matches(self, tracked: TrackedResource, entity: Entity) -> bool:
        """Return whether an entity is selected."""
        if not self.ids and not self.parents:
            return False
        if self.ids and entity.id not in self.ids:
            return False
        if not self.parents:
            return True
        above = _ancestors(tracked, entity)
        return any(_is_under(row, above) for row in self.parents)


@dataclass(frozen=True, slots=True)
class Event:
    """One value of an entity that changed."""

    change: Change
    kind: str
    previous: str = ""
    current: str = ""


def history(context: RequestContext) -> Document:
    """Return a page of the requested events, by number or by token.

    Raises:
        ApiError: 400; the range, the page or the version of the event types is not valid.
    """
    body = context.body
    begin, end = _range(body, context.now)
    _check(context)
    selectors = {kind: _selector(row) for kind, row in body["eventTypes"].items() if row}
    is_ascending = (body.get("sort") or {}).get("direction") == "ASC"
    changes = _changes_in_range(context, selectors, begin, end)
    changes.sort(key=lambda row: row[0], reverse=not is_ascending)
    size = int(body.get("count") or _PAGE_SIZE)
    if "pageOffset" in body:
        return _numbered(
            _events(changes, selectors, is_ascending=is_ascending), int(body["pageOffset"]), size
        )
    return _continued(context, changes, selectors, size, is_ascending=is_ascending)


def _range(body: Row, now: float) -> tuple[int, int]:
    begin, end = int(body["fromDate"]), int(body["toDate"])
    first = int(now * 1000) - DAYS * _DAY_MS
    if begin > end:
        raise ApiError("invalid", 400, message="fromDate must not be after toDate")
    if begin < first:
        message = f"fromDate is more than {DAYS} days ago"
        raise ApiError("invalid", 400, message=message)
    if end - begin > (DAYS + 1) * _DAY_MS:
        raise ApiError("invalid", 400, message=f"The range must not exceed {DAYS} days")
    return begin, end


def _check(context: RequestContext) -> None:
    body = context.body
    if "pageOffset" in body and body.get("nextToken"):
        raise ApiError("invalid", 400, message="pageOffset and nextToken are mutually exclusive")
    if body["eventTypes"].get(_VERSIONED) is not None and context.media != _VERSION:
        message = f"Event type {_VERSIONED} needs Accept: {_VERSION}"
        raise ApiError("invalid", 400, message=message)


def _selector(row: Row) -> Selector:
    types = {kind for name in row.get("filters") or () for kind in FOUND_BY.get(name, (name,))}
    return Selector(
        frozenset(map(str, row.get("eventTypeIds") or ())),
        tuple(row.get("parents") or ()),
        frozenset(types),
    )


def _ancestors(tracked: TrackedResource, entity: Entity) -> dict[str, str]:
    """Return the ids of the campaign and the ad group that an entity is or belongs to."""
    ids = (*entity.parents, entity.id) if tracked.entity in _LEVELS else entity.parents
    return dict(zip(("campaignId", "adGroupId"), ids, strict=False))


def _is_under(parent: Row, above: dict[str, str]) -> bool:
    if parent.get("useProfileIdAdvertiser"):
        return True
    named = {name: parent[name] for name in ("campaignId", "adGroupId") if parent.get(name)}
    return bool(named) and all(above.get(name) == str(each) for name, each in named.items())


def _changes_in_range(
    context: RequestContext, selectors: dict[str, Selector], begin: int, end: int
) -> list[tuple[tuple[int, int, int], Change]]:
    """Return the selected changes within the range, each with its sort key."""
    found = []
    turns: Counter[tuple[int, int]] = Counter()
    for change in context.sandbox.store.changes(context.profile.id):
        name, _, entity = change
        moment = int(entity.updated * 1000)
        turn = turns[moment, entity.seq]
        turns[moment, entity.seq] += 1
        tracked = HISTORY[name]
        asked = selectors.get(tracked.entity)
        if asked and begin <= moment <= end and asked.matches(tracked, entity):
            found.append(((moment, entity.seq, turn), change))
    return found


def _events(
    changes: list[tuple[tuple[int, int, int], Change]],
    selectors: dict[str, Selector],
    *,
    is_ascending: bool,
) -> Iterator[tuple[Place, Event]]:
    """Yield the events of changes, each with its sort key."""
    for place, change in changes:
        tracked = HISTORY[change[0]]
        types = selectors[tracked.entity].types
        found = list(enumerate(_events_of(tracked, change)))
        for part, event in found if is_ascending else reversed(found):
            if not types or event.kind in types:
                yield (*place, part), event


def _numbered(events: Iterator[tuple[Place, Event]], page: int, size: int) -> Document:
    found = [event for _, event in events][:_MAX_RESULTS]
    return Document(
        {
            "events": list(map(_row, found[page * size : (page + 1) * size])),
            "maxPageNumber": max(0, (len(found) - 1) // size),
            "pageOffset": page,
            "pageSize": size,
            "totalRecords": len(found),
            "totalResults": len(found),
        }
    )


def _continued(
    context: RequestContext,
    changes: list[tuple[tuple[int, int, int], Change]],
    selectors: dict[str, Selector],
    size: int,
    *,
    is_ascending: bool,
) -> Document:
    query = page_token.fingerprint(context.body, "count", "nextToken")
    after = _after(context, query)
    if after is not None:
        changes = [
            row for row in changes if (row[0] >= after[:3] if is_ascending else row[0] <= after[:3])
        ]
    found: list[tuple[Place, Event]] = []
    for place, event in _events(changes, selectors, is_ascending=is_ascending):
        if after is None or (place > after if is_ascending else place < after):
            found.append((place, event))
        if len(found) > size:
            break
    value: Row = {"events": [_row(event) for _, event in found[:size]]}
    if len(found) > size:
        value["nextToken"] = page_token.make_page_token(
            context, context.contract.name, query, *found[size - 1][0]
        )
    return Document(value)


def _after(context: RequestContext, query: str) -> Place | None:
    token = context.body.get("nextToken")
    if not token:
        return None
    place = page_token.read_page_token(context, context.contract.name, query, token)
    if place is None:
        raise ApiError("invalid", 400, message="Invalid nextToken")
    moment, seq, turn, part = map(int, place)
    return moment, seq, turn, part


def _events_of(tracked: TrackedResource, change: Change) -> Iterator[Event]:
    """Yield the events of one change: the creation of an entity, or each changed value."""
    _, before, entity = change
    if before is None:
        yield Event(change, "CREATED")
        return
    if before.state != entity.state:
        yield Event(change, "STATUS", before.state, entity.state)
    old, new = orjson.loads(before.body), orjson.loads(entity.body)
    for kind, member in tracked.members.items():
        previous, current = _read(member)(old), _read(member)(new)
        if previous != current:
            yield Event(change, kind, _text(previous), _text(current))
    if tracked.placements:
        yield from _placement_events(change, _percentages(tracked, old), _percentages(tracked, new))


def _placement_events(change: Change, old: dict[str, str], new: dict[str, str]) -> Iterator[Event]:
    for name in sorted({*old, *new}):
        previous, current = old.get(name, f"{name}:0"), new.get(name, f"{name}:0")
        if previous != current:
            yield Event(change, "PLACEMENT_GROUP", previous, current)


def _percentages(tracked: TrackedResource, whole: Row) -> dict[str, str]:
    rows = _read(tracked.placements)(whole) or ()
    return {
        row["placement"]: f"{row['placement']}:{_text(row.get('percentage', 0))}"
        for row in rows
        if row.get("placement")
    }


def _row(event: Event) -> Row:
    """Return an event in the format of the API, with its metadata."""
    name, _, entity = event.change
    tracked = HISTORY[name]
    metadata = _ancestors(tracked, entity)
    whole = orjson.loads(entity.body) if tracked.metadata else {}
    for text, member in tracked.metadata.items():
        value = _read(member)(whole)
        if value is not None:
            metadata[text] = tracked.words.get(value, value)
    return {
        "entityType": tracked.entity,
        "entityId": entity.id,
        "timestamp": int(entity.updated * 1000),
        "metadata": metadata,
        "changeType": event.kind,
        "previousValue": event.previous,
        "newValue": event.current,
    }


@cache
def _read(member: str) -> Callable[[Row], Any]:
    return getter(member)


def _text(value: Any) -> str:
    """Return a value as a string, empty for None."""
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
