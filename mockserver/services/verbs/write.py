"""Store entities: rendered once, indexed by the members that the catalog names."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import count, repeat
from operator import itemgetter
from sys import intern
from typing import Any

import orjson

from adsmock.mockserver.catalog.resource import Identified, Resource
from adsmock.mockserver.core.entity import ENABLED, Entity, new_entity
from adsmock.mockserver.core.ids import Mint
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.services.sandboxes.identities import asin_of
from adsmock.mockserver.services.validation.normalize import copy_members
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource

_SORTED = orjson.OPT_SORT_KEYS


def render(whole: Item) -> bytes:
    """Return an entity's bytes, members sorted."""
    return _render([whole])[0]


def _render(wholes: list[Item]) -> list[bytes]:
    """Return the bytes of entities.

    The copy matters (joining two parts is the fastest): the encoder's bytes can keep its whole
    buffer alive, ten times the size of an entity.
    """
    return [b"".join((orjson.dumps(whole, option=_SORTED), b"")) for whole in wholes]


def with_defaults(compiled: CompiledResource, given: Item, validation: ValidationContext) -> Item:
    """Return a new entity with its defaults, without its id. A null counts as missing."""
    whole = {name: value for name, value in given.items() if value is not None}
    add_defaults(compiled, [whole], validation)
    return whole


def add_defaults(
    compiled: CompiledResource, wholes: list[Item], validation: ValidationContext
) -> None:
    """Add the defaults to new entities, which have no nulls.

    An empty text counts as missing where the catalog says so, but gets no default.
    """
    _follow(compiled.resource, wholes)
    for name, value in _defaults(compiled, validation).items():
        for whole in wholes:
            if name not in whole:
                whole[name] = value
    for name in compiled.completed:
        default = compiled.defaults[name]
        members = default.keys()
        for whole in wholes:
            if not members <= whole[name].keys():
                whole[name] = default | whole[name]
    _drop_blanks(compiled.resource, wholes)


def _follow(resource: Resource, wholes: list[Item]) -> None:
    """Set the defaults that depend on other members."""
    for when, name, value in resource.follows:
        for whole in wholes:
            if when in whole:
                whole.setdefault(name, value)


def _drop_blanks(resource: Resource, wholes: list[Item]) -> None:
    """Drop texts that count as missing."""
    for name in resource.blank_ignored:
        for whole in wholes:
            if name in whole and whole[name] == "":
                del whole[name]


def _defaults(compiled: CompiledResource, validation: ValidationContext) -> dict[str, Any]:
    """Return the defaults of this call: some depend on the date or the country."""
    if not compiled.computed_defaults:
        return compiled.defaults
    computed = ((name, compute(validation)) for name, compute in compiled.computed_defaults)
    return compiled.defaults | {name: value for name, value in computed if value is not None}


def without_nulls(items: list[Item]) -> list[Item]:
    """Return items without nulls: in a create, null counts as missing."""
    return [
        {name: value for name, value in given.items() if value is not None}
        if None in given.values()
        else given
        for given in items
    ]


def unused_ids(name: str, table: Table, mint: Mint, count: int = 1) -> list[str]:
    """Return ids that no entity has, imported ones included."""
    found = mint.entities(name, count)
    while not table.lacks(found):
        left = [each for each in found if each not in table]
        found = left + mint.entities(name, count - len(left))
    return found


def store_new(
    compiled: CompiledResource,
    whole: Item,
    validation: ValidationContext,
    key: Hashable,
    entity_id: str | None = None,
    *,
    without_offspring: bool = False,
) -> Entity:
    """Store a new entity, with its offspring unless excluded, and return it.

    Changes ``whole`` into the entity.
    """
    table = validation.table(compiled.name)
    ids = [entity_id] if entity_id else unused_ids(compiled.name, table, validation.sandbox.mint)
    (entity,) = _new_entities(compiled, [whole], validation, ids, [key])
    table.put(entity)
    if compiled.offspring and not without_offspring:
        store_offspring(compiled, whole, entity, validation)
    return entity


def store_all(
    compiled: CompiledResource, wholes: list[Item], validation: ValidationContext
) -> list[Entity]:
    """Store new entities that do not conflict with each other, with their offspring.

    Changes ``wholes`` into the entities. Numbering and indexing a batch at once costs half as much
    as one by one (measured).
    """
    table, make_keys = validation.table(compiled.name), compiled.make_keys(validation.profile.kind)
    ids = unused_ids(compiled.name, table, validation.sandbox.mint, len(wholes))
    entities = _new_entities(
        compiled, wholes, validation, ids, make_keys(wholes) if make_keys else repeat(None)
    )
    table.add(entities)
    if compiled.offspring:
        for whole, entity in zip(wholes, entities, strict=True):
            store_offspring(compiled, whole, entity, validation)
    return entities


def _new_entities(
    compiled: CompiledResource,
    wholes: list[Item],
    validation: ValidationContext,
    ids: list[str],
    keys: Iterable[Hashable],
) -> list[Entity]:
    """Return new entities, built column by column. Changes ``wholes`` into them."""
    resource, now, name = compiled.resource, validation.now, compiled.id_field
    for whole, found in zip(wholes, ids if compiled.is_text else map(int, ids), strict=True):
        whole[name] = found
    if resource.mirrors or resource.copied:
        for whole in wholes:
            _mirror(whole, resource)
            _copy(whole, resource, validation)
    if resource.identified is not None:
        for whole in wholes:
            _identify(whole, resource.identified, validation)
    parents = (
        [_parents(compiled, whole) for whole in wholes] if compiled.parent_members else repeat(())
    )
    for member in compiled.hidden:
        for whole in wholes:
            del whole[member]
    # Each parsed body has its own copies of the same few words: intern them.
    states = map(intern, map(str.upper, [whole.get("state", ENABLED) for whole in wholes]))
    variant = resource.variant
    kinds = map(intern, map(itemgetter(variant), wholes)) if variant else repeat("")
    numbers = count(validation.sandbox.store.next_seq(len(wholes)))
    columns = (ids, numbers, states, _render(wholes), parents, keys, repeat(now), repeat(now))
    return list(map(new_entity, zip(*columns, kinds)))  # noqa: B905 -- some columns are endless


def _parents(compiled: CompiledResource, whole: Item) -> tuple[str, ...]:
    ids = [whole[member] for member in compiled.parent_members]
    return tuple(ids) if compiled.is_text else tuple(map(str, ids))


def store_offspring(
    compiled: CompiledResource, whole: Item, entity: Entity, validation: ValidationContext
) -> None:
    """Store what is created along with an entity; ``whole`` has its members and id."""
    for row, child in compiled.offspring:
        parent = compiled.resource.parents[row.parent]
        holder = validation.table(parent.resource).get(entity.parents[row.parent])
        if row.variant and (holder is None or holder.variant != row.variant):
            continue
        if row.holds and not _holds(holder, row.holds, validation):
            continue
        for item in row.items:
            born: dict[str, Any] = {**item, **{name: whole[name] for name in row.inherits}}
            if row.transcribes:
                born = with_defaults(child, born | copy_members(whole, row.transcribes), validation)
            store_new(child, born, validation, child.key(validation.profile.kind, born))


def _holds(holder: Entity | None, wanted: tuple[str, str], validation: ValidationContext) -> bool:
    """Say whether an array member of a parent contains a value."""
    member, value = wanted
    return holder is not None and value in (validation.document(holder).get(member) or ())


def _copy(whole: Item, resource: Resource, validation: ValidationContext) -> None:
    """Copy members from the parent."""
    for number, member in resource.copied:
        parent = resource.parents[number]
        holder = validation.table(parent.resource).get(str(whole[parent.member]))
        if holder is not None and member in (found := validation.document(holder)):
            whole[member] = found[member]


def _identify(whole: Item, row: Identified, validation: ValidationContext) -> None:
    """Fill in the ASIN of a SKU."""
    sku = whole.get(row.given)
    if sku is not None and whole.get(row.member) is None:
        whole[row.member] = asin_of(validation.sandbox, validation.profile, sku)


def _mirror(whole: Item, resource: Resource) -> None:
    """Set the members that repeat others."""
    for source, copy in resource.mirrors:
        whole[copy] = whole[source]


def store_changed(
    compiled: CompiledResource,
    before: Entity,
    whole: Item,
    validation: ValidationContext,
    key: Hashable,
) -> Entity:
    """Replace a stored entity and return the new one."""
    _mirror(whole, compiled.resource)
    variant = compiled.resource.variant
    state = whole["state"].upper() if "state" in whole else ENABLED
    kind = whole[variant] if variant else ""
    found, number, _, _, parents, _, created, _, _ = before
    now, body = validation.now, render(whole)
    entity = new_entity((found, number, state, body, parents, key, created, now, kind))
    validation.table(compiled.name).put(entity)
    return entity
