"""Changes that are harm at any exit code: made twice, or of entities that are left alone otherwise.

A change that was set back to its first value is neither.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from adsmock.harness.suite.checks.changed_again import committed_updates
from adsmock.harness.suite.checks.data import listed_entities
from adsmock.harness.suite.free_run.achievement import Changed, changed_entities
from adsmock.harness.suite.free_run.playing import Pass
from adsmock.harness.suite.journal import CaseView, Work
from adsmock.harness.suite.journal.item import own_id

Place = tuple[str, str]
"""The operation and the profile's label."""

Values = dict[str, Any]


class Usual(NamedTuple):
    """What a pass without faults changed, and all that its updates named and stored."""

    changes: dict[Place, dict[str, Changed]]
    stored: dict[tuple[str, str], list[Values]]
    named: frozenset[tuple[str, str]]


def usual_changes(played: Pass) -> Usual:
    """Return the changes of a pass without faults."""
    view = CaseView.of(played.record)
    named = {
        (call.operation, own_id(call.operation.rpartition(".")[0], item))
        for call in view.of_verb("update")
        if isinstance(call.request, dict)
        for items in call.request.values()
        if isinstance(items, list)
        for item in items
        if isinstance(item, dict)
    }
    return Usual(_changes(played), committed_updates(view), frozenset(named))


def with_excess(work: tuple[Work, ...], clean: tuple[Usual, ...], played: Pass) -> tuple[Work, ...]:
    """Return the work with changes that were made twice, and with those that no clean pass made."""
    view = CaseView.of(played.record)
    stored, changes = committed_updates(view), _changes(played)
    shown = listed_entities(view)
    found: list[Work] = []
    for piece in work:
        entity = piece.name.partition(" ")[0]
        change = changes.get((piece.operation, piece.profile), {}).get(entity)
        key = (piece.operation, entity)
        usually = [one.stored.get(key, []) for one in clean]
        is_lost = piece.kind == "changed" and piece.is_lost and piece.least == 1
        if is_lost and change and _again(change, usually, stored.get(key, []), shown.get(entity)):
            found.append(replace(piece, most=1, seen=2))
        else:
            found.append(piece)
    return (*found, *_uninvited(clean, changes, stored))


def _again(
    change: Changed, usually: list[list[Values]], items: list[Values], shown: Values | None
) -> bool:
    """Say whether a member got its usual value, was read with it, and then got a third one.

    Each clean pass sets it once. Another order of calls may give other values where two parts of a
    program set it.
    """
    for name, final in change.new.items():
        values = [item[name] for item in items if name in item]
        clean = [[item[name] for item in each if name in item] for each in usually]
        if any(len(each) != 1 or each != clean[0] for each in clean):
            continue
        wanted = clean[0][0]
        was_read = wanted in values[:-1] and shown is not None and shown.get(name) == wanted
        if was_read and values[-1] == final and final not in (wanted, change.old.get(name)):
            return True
    return False


def _uninvited(
    clean: tuple[Usual, ...],
    changes: dict[Place, dict[str, Changed]],
    stored: dict[tuple[str, str], list[Values]],
) -> Iterator[Work]:
    """Yield the changes of entities that no clean pass named, where both changed the same ones.

    A program that changes another entity in place of one that it cannot change does no more work.
    """
    for place, found in changes.items():
        own = [set(one.changes.get(place, {})) for one in clean]
        if not own[0] or any(each != own[0] for each in own) or len(found) <= len(own[0]):
            continue
        for entity, change in sorted(found.items()):
            key = (place[0], entity)
            is_usual = entity in own[0] or any(key in one.named for one in clean)
            if not is_usual and key in stored:
                name = f"{entity} {json.dumps(change.new, sort_keys=True)}"
                yield Work("changed", *place, name, 0, 0, 1)


def _changes(played: Pass) -> dict[Place, dict[str, Changed]]:
    """Return the changed entities by operation and profile, then by id."""
    found: dict[Place, dict[str, Changed]] = {}
    for each in changed_entities(played):
        found.setdefault((f"{each.resource}.update", each.profile), {})[each.id] = each
    return found
