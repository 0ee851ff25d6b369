"""Entities that a program created while another part of it read the list that shows them.

Whether a page shows such an entity depends on the moment. A program whose parts run at the same
time may change it in one pass and not in the next, without losing work.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from adsmock.harness.suite.checks.paging import TOKEN, list_key, next_token
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, own_id

Named = tuple[str, str]
"""The resource and the id of an entity."""


class Reading(NamedTuple):
    """A list of several pages that was read to its end: its profile and its time."""

    resource: str
    profile: str | None
    begin: float
    end: float


def changed_by_chance(view: CaseView) -> frozenset[Named]:
    """Return the entities that were created during a list and changed only after its last page."""
    readings = list(_readings(view))
    created = _created_during(view, readings)
    early = {
        (resource, entity)
        for call in view.of_verb("update")
        for resource, entity in _items(call)
        if call.arrive < created.get((resource, entity), 0.0)
    }
    return frozenset(created.keys() - early)


def _created_during(view: CaseView, readings: list[Reading]) -> dict[Named, float]:
    """Return the entities that were created during a list, with the end of the list."""
    found: dict[Named, float] = {}
    for call in view.of_verb("create"):
        resource = call.operation.rpartition(".")[0]
        ends = [
            reading.end
            for reading in readings
            if (reading.resource, reading.profile) == (resource, call.profile_id)
            and reading.begin < call.arrive < reading.end
        ]
        sent = batch(call) if ends else None
        for row in sent.success.values() if sent else ():
            found[resource, own_id(resource, row)] = max(ends)
    return found


def _readings(view: CaseView) -> Iterator[Reading]:
    """Yield the lists of several pages, each when its last page was read."""
    begun: dict[tuple[str, str], float] = {}
    for call in view.of_verb("list"):
        if not (call.is_success and isinstance(call.request, dict)):
            continue
        key = (call.operation, list_key(call))
        if not call.request.get(TOKEN):
            begun[key] = call.arrive
        elif not next_token(call) and key in begun:
            resource = call.operation.rpartition(".")[0]
            yield Reading(resource, call.profile_id, begun.pop(key), call.send)


def _items(call: Entry) -> Iterator[Named]:
    resource = call.operation.rpartition(".")[0]
    sent = batch(call)
    for item in sent.items if sent else ():
        yield resource, own_id(resource, item)
