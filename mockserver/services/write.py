"""Putting entities into the store: rendered once, indexed by what the catalog says.

Knows rendering and keeping. Must not know rules or any resource by name.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import orjson

from mockserver.catalog.entry import Resource
from mockserver.core.ids import Mint
from mockserver.core.store import ENABLED, Entity, Table, new_entity
from mockserver.services.plan import Plan
from mockserver.services.scene import Item, Scene
from mockserver.services.shape import transcribed

_SORTED = orjson.OPT_SORT_KEYS


def render(whole: Item) -> bytes:
    """Return an entity's bytes, members sorted.

    The copy (joining two parts is the fastest) matters: what the encoder returns may hold its
    whole buffer, ten times an entity.
    """
    return b"".join((orjson.dumps(whole, option=_SORTED), b""))


def with_defaults(plan: Plan, given: Item, scene: Scene) -> Item:
    """Return the entity that a create asks for, without its id.

    A null says the same as nothing; so does an empty text where the catalog ignores one.
    """
    if None in given.values():
        given = {name: value for name, value in given.items() if value is not None}
    whole = plan.defaults | given
    for name in plan.completed:
        if name in given:
            whole[name] = plan.defaults[name] | given[name]
    if plan.drawn or plan.resource.follows:
        _fill(plan, whole, given, scene)
    for name in plan.resource.blank_ignored:
        if whole.get(name) == "":
            del whole[name]
    return whole


def _fill(plan: Plan, whole: Item, given: Item, scene: Scene) -> None:
    """Write the defaults that hang on the day, the country or another member."""
    for when, name, value in plan.resource.follows:
        if when in given and name not in given:
            whole[name] = value
    for name, draw in plan.drawn:
        if name not in whole and (value := draw(scene)) is not None:
            whole[name] = value


def fresh_id(name: str, table: Table, mint: Mint) -> str:
    """Return an id that no entity has, not even one whose id was given from outside."""
    found = mint.entity(name)
    while table.get(found) is not None:
        found = mint.entity(name)
    return found


def keep_new(
    plan: Plan,
    whole: Item,
    scene: Scene,
    key: Hashable,
    entity_id: str | None = None,
    *,
    is_barren: bool = False,
) -> Entity:
    """Store a new entity with its offspring and return it. ``whole`` becomes the entity.

    Nothing is born along with an entity that ``is_barren``.
    """
    resource, sandbox, table = plan.resource, scene.sandbox, scene.table(plan.name)
    now, variant = scene.now, resource.variant
    found = entity_id or fresh_id(plan.name, table, sandbox.mint)
    whole[plan.id_field] = found if plan.is_text else int(found)
    if resource.mirrors or resource.copied:
        _mirror(whole, resource)
        _copy(whole, resource, scene)
    parents = _parents(plan, whole) if plan.parent_members else ()
    for name in plan.hidden:
        del whole[name]
    state = whole["state"].upper() if "state" in whole else ENABLED
    kind = whole[variant] if variant else ""
    number = sandbox.store.next_seq()
    entity = new_entity((found, number, state, render(whole), parents, key, now, now, kind))
    table.put(entity)
    if plan.brood and not is_barren:
        keep_brood(plan, whole, entity, scene)
    return entity


def _parents(plan: Plan, whole: Item) -> tuple[str, ...]:
    ids = [whole[member] for member in plan.parent_members]
    return tuple(ids) if plan.is_text else tuple(map(str, ids))


def keep_brood(plan: Plan, whole: Item, entity: Entity, scene: Scene) -> None:
    """Store what is born along with an entity; ``whole`` holds its members and its id."""
    for row, child in plan.brood:
        parent = plan.resource.parents[row.parent]
        holder = scene.table(parent.resource).get(entity.parents[row.parent])
        if row.variant and (holder is None or holder.variant != row.variant):
            continue
        if row.holds and not _holds(holder, row.holds, scene):
            continue
        key_of = child.key(scene.profile.kind)
        for item in row.items:
            born: dict[str, Any] = {**item, **{name: whole[name] for name in row.inherits}}
            if row.transcribes:
                born = with_defaults(child, born | transcribed(whole, row.transcribes), scene)
            keep_new(child, born, scene, key_of(born) if key_of else None)


def _holds(holder: Entity | None, wanted: tuple[str, str], scene: Scene) -> bool:
    """Say whether a parent's array has a value."""
    member, value = wanted
    return holder is not None and value in (scene.document(holder).get(member) or ())


def _copy(whole: Item, resource: Resource, scene: Scene) -> None:
    """Write the members that are as the parent's."""
    for number, member in resource.copied:
        parent = resource.parents[number]
        holder = scene.table(parent.resource).get(str(whole[parent.member]))
        if holder is not None and member in (found := scene.document(holder)):
            whole[member] = found[member]


def _mirror(whole: Item, resource: Resource) -> None:
    """Write the members that are computed from others."""
    for source, copy in resource.mirrors:
        whole[copy] = whole[source]


def keep_changed(plan: Plan, before: Entity, whole: Item, scene: Scene, key: Hashable) -> Entity:
    """Store an entity's new members in its place and return it."""
    _mirror(whole, plan.resource)
    variant = plan.resource.variant
    state = whole["state"].upper() if "state" in whole else ENABLED
    kind = whole[variant] if variant else ""
    found, number, _, _, parents, _, created, _, _ = before
    now, body = scene.now, render(whole)
    entity = new_entity((found, number, state, body, parents, key, created, now, kind))
    scene.table(plan.name).put(entity)
    return entity
