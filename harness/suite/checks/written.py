"""What the calls of one resource show of its entities: items that were sent, entities read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.checks.settled import is_final
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, own_id

SEEN = "sp."
"""Families whose batches the journal shows item by item."""


@dataclass(frozen=True, slots=True)
class Written:
    """An item as a call shows it; without a call as the mock has it at the end."""

    item: dict[str, Any]
    call: Entry | None
    is_stored: bool = True
    """Whether the service took it: not for an item that was refused or never answered."""
    is_refused: bool = False
    """Whether it was refused so that no retry can change it."""


def written_to(view: CaseView, profile: str, resource: str, verb: str) -> list[Written]:
    """Return what all calls of a verb show, those of a list as they were answered.

    Items that were not stored count too: they show what the client meant.
    """
    calls = view.api_by_operation.get((profile, f"{resource}.{verb}"), ())
    return [each for call in calls for each in (_read(call) if verb == "list" else sent_by(call))]


def written_by_id(
    view: CaseView, profile: str, resource: str, verb: str
) -> dict[str, list[Written]]:
    """Return the same by the id of the entity."""
    found: dict[str, list[Written]] = {}
    for each in written_to(view, profile, resource, verb):
        found.setdefault(own_id(resource, each.item), []).append(each)
    return found


def sent_by(call: Entry) -> list[Written]:
    """Return the items of a write."""
    made = batch(call)
    if made is None:
        return []
    found = []
    for place, item in enumerate(made.items):
        errors = made.errors_of(place) if place in made.error else ()
        is_stored = place in made.success or (call.committed and place not in made.error)
        found.append(Written(item, call, is_stored, not is_stored and is_final(call, errors)))
    return found


def _read(call: Entry) -> list[Written]:
    parts = call.reply.values() if isinstance(call.reply, dict) and call.is_success else ()
    return [
        Written(each, call)
        for part in parts
        if isinstance(part, list)
        for each in part
        if isinstance(each, dict)
    ]
