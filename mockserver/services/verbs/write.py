"""Putting entities into the store: rendered once, indexed by what the catalog says.

Knows rendering and keeping. Must not know rules or any resource by name.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import count, repeat
from operator import itemgetter
from sys import intern
from typing import Any

import orjson

from adsmock.mockserver.catalog.resource import Resource
from adsmock.mockserver.core.entity import ENABLED, Entity, new_entity
from adsmock.mockserver.core.ids import Mint
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.services.validation.normalize import transcribed
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource

_SORTED = orjson.OPT_SORT_KEYS


def render(whole: Item) -> bytes:
    """Return an entity's bytes, members sorted."""
    return _render([whole])[0]


def _render(wholes: list[Item]) -> list[bytes]:
    """Return the bytes of entities.

    The copy (joining two parts is the fastest) matters: what the encoder returns may hold its
    whole buffer, ten times an entity.
    """
    return [b"".join((orjson.dumps(whole, option=_SORTED), b"")) for whole in wholes]


def with_defaults(plan: CompiledResource, given: Item, validation: ValidationContext) -> Item:
    """Return the entity that a create asks for, without its id."""
    return all_with_defaults(plan, without_nulls([given]), validation)[0]


def all_with_defaults(
    plan: CompiledResource, items: list[Item], validation: ValidationContext
) -> list[Item]:
    """Return the entities that creates without nulls ask for, without their ids.

    An empty text says the same as nothing where the catalog ignores one.
    """
    usual = plan.defaults
    if plan.drawn:
        drawn = {name: draw(validation) for name, draw in plan.drawn}
        usual = usual | {name: value for name, value in drawn.items() if value is not None}
    wholes = [usual | given for given in items]
    for name in plan.completed:
        default = usual[name]
        members = default.keys()
        for whole in wholes:
            if not members <= whole[name].keys():
                whole[name] = default | whole[name]
    if plan.resource.follows or plan.resource.blank_ignored:
        _settle(plan, wholes, items)
    return wholes


def _settle(plan: CompiledResource, wholes: list[Item], items: list[Item]) -> None:
    """Write the defaults that hang on another member, and drop texts that count as nothing."""
    for when, name, value in plan.resource.follows:
        for whole, given in zip(wholes, items, strict=True):
            if when in given and name not in given:
                whole[name] = value
    for name in plan.resource.blank_ignored:
        for whole in wholes:
            if name in whole and whole[name] == "":
                del whole[name]


def without_nulls(items: list[Item]) -> list[Item]:
    """Return creates without their nulls, which say the same as nothing."""
    return [
        {name: value for name, value in given.items() if value is not None}
        if None in given.values()
        else given
        for given in items
    ]


def fresh_ids(name: str, table: Table, mint: Mint, count: int = 1) -> list[str]:
    """Return ids that no entity has, not even one whose id was given from outside."""
    found = mint.entities(name, count)
    while not table.lacks(found):
        left = [each for each in found if each not in table]
        found = left + mint.entities(name, count - len(left))
    return found


def keep_new(
    plan: CompiledResource,
    whole: Item,
    validation: ValidationContext,
    key: Hashable,
    entity_id: str | None = None,
    *,
    is_barren: bool = False,
) -> Entity:
    """Store a new entity with its offspring and return it. ``whole`` becomes the entity.

    Nothing is born along with an entity that ``is_barren``.
    """
    table = validation.table(plan.name)
    ids = [entity_id] if entity_id else fresh_ids(plan.name, table, validation.sandbox.mint)
    (entity,) = _born(plan, [whole], validation, ids, [key])
    table.put(entity)
    if plan.brood and not is_barren:
        keep_brood(plan, whole, entity, validation)
    return entity


def keep_all(
    plan: CompiledResource, wholes: list[Item], validation: ValidationContext
) -> list[Entity]:
    """Store new entities, none of which is in the way of another, with their offspring.

    ``wholes`` become the entities. A batch is numbered and indexed as one: half of the cost of
    ten times one (measured).
    """
    table, make_keys = validation.table(plan.name), plan.make_keys(validation.profile.kind)
    ids = fresh_ids(plan.name, table, validation.sandbox.mint, len(wholes))
    entities = _born(
        plan, wholes, validation, ids, make_keys(wholes) if make_keys else repeat(None)
    )
    table.add(entities)
    if plan.brood:
        for whole, entity in zip(wholes, entities, strict=True):
            keep_brood(plan, whole, entity, validation)
    return entities


def _born(
    plan: CompiledResource,
    wholes: list[Item],
    validation: ValidationContext,
    ids: list[str],
    keys: Iterable[Hashable],
) -> list[Entity]:
    """Return new entities of ``wholes``, which become them; a column for each of their members."""
    resource, now, name = plan.resource, validation.now, plan.id_field
    for whole, found in zip(wholes, ids if plan.is_text else map(int, ids), strict=True):
        whole[name] = found
    if resource.mirrors or resource.copied:
        for whole in wholes:
            _mirror(whole, resource)
            _copy(whole, resource, validation)
    parents = [_parents(plan, whole) for whole in wholes] if plan.parent_members else repeat(())
    for member in plan.hidden:
        for whole in wholes:
            del whole[member]
    # A parsed body brings the same few words anew each time: one of each is kept.
    states = map(intern, map(str.upper, [whole.get("state", ENABLED) for whole in wholes]))
    variant = resource.variant
    kinds = map(intern, map(itemgetter(variant), wholes)) if variant else repeat("")
    numbers = count(validation.sandbox.store.next_seq(len(wholes)))
    columns = (ids, numbers, states, _render(wholes), parents, keys, repeat(now), repeat(now))
    return list(map(new_entity, zip(*columns, kinds)))  # noqa: B905 -- some of them do not end


def _parents(plan: CompiledResource, whole: Item) -> tuple[str, ...]:
    ids = [whole[member] for member in plan.parent_members]
    return tuple(ids) if plan.is_text else tuple(map(str, ids))


def keep_brood(
    plan: CompiledResource, whole: Item, entity: Entity, validation: ValidationContext
) -> None:
    """Store what is born along with an entity; ``whole`` holds its members and its id."""
    for row, child in plan.brood:
        parent = plan.resource.parents[row.parent]
        holder = validation.table(parent.resource).get(entity.parents[row.parent])
        if row.variant and (holder is None or holder.variant != row.variant):
            continue
        if row.holds and not _holds(holder, row.holds, validation):
            continue
        for item in row.items:
            born: dict[str, Any] = {**item, **{name: whole[name] for name in row.inherits}}
            if row.transcribes:
                born = with_defaults(child, born | transcribed(whole, row.transcribes), validation)
            keep_new(child, born, validation, child.key(validation.profile.kind, born))


def _holds(holder: Entity | None, wanted: tuple[str, str], validation: ValidationContext) -> bool:
    """Say whether a parent's array has a value."""
    member, value = wanted
    return holder is not None and value in (validation.document(holder).get(member) or ())


def _copy(whole: Item, resource: Resource, validation: ValidationContext) -> None:
    """Write the members that are as the parent's."""
    for number, member in resource.copied:
        parent = resource.parents[number]
        holder = validation.table(parent.resource).get(str(whole[parent.member]))
        if holder is not None and member in (found := validation.document(holder)):
            whole[member] = found[member]


def _mirror(whole: Item, resource: Resource) -> None:
    """Write the members that are computed from others."""
    for source, copy in resource.mirrors:
        whole[copy] = whole[source]


def keep_changed(
    plan: CompiledResource,
    before: Entity,
    whole: Item,
    validation: ValidationContext,
    key: Hashable,
) -> Entity:
    """Store an entity's new members in its place and return it."""
    _mirror(whole, plan.resource)
    variant = plan.resource.variant
    state = whole["state"].upper() if "state" in whole else ENABLED
    kind = whole[variant] if variant else ""
    found, number, _, _, parents, _, created, _, _ = before
    now, body = validation.now, render(whole)
    entity = new_entity((found, number, state, body, parents, key, created, now, kind))
    validation.table(plan.name).put(entity)
    return entity
