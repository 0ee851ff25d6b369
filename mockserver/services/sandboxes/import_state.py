"""Entities put into a sandbox from outside: no quota, no fault, no limit, but real parents.

Knows documents of whole states. A document is carried out wholly or not at all. Must not know
HTTP or any resource by name.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import orjson

from adsmock.contracts.model import Contract
from adsmock.contracts.schema import entity as entity_schema
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.core.entity import ARCHIVED, ENABLED
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.sandboxes import entity_check
from adsmock.mockserver.services.validation.normalize import object_normalizer
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource, CompiledResources
from adsmock.mockserver.services.verbs.write import store_new, unused_ids, with_defaults

State = dict[str, dict[str, list[Any]]]
"""Profile id to resource to rows."""

TURN = 200
"""Rows that are stored while calls wait: some milliseconds."""
_PAUSE = 0.001


@dataclass(slots=True)
class _Row:
    """One entity that is ready to be stored."""

    compiled: CompiledResource
    profile: Profile
    whole: Item
    id: str
    key: Hashable
    pointer: str
    without_offspring: bool = False


@dataclass(slots=True)
class _Draft:
    """A document half carried out. ``chains`` are parents by (profile, resource, id)."""

    sandbox: Sandbox
    replace: bool
    rows: list[_Row] = field(default_factory=list)
    chains: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    keys: set[tuple[str, str, Hashable]] = field(default_factory=set)


def put_state(
    sandbox: Sandbox,
    resources: CompiledResources,
    document: dict[str, Any],
    *,
    replace: bool = False,
) -> dict[str, State]:
    """Store what ``document`` says and return all ids, in its order.

    ``{"profiles": {"<profileId>": {"<resource>": [{…wire members…}]}}}``; an id may be given
    under its own name, else it is minted; computed members are ignored; the state is ENABLED
    unless given. With ``replace`` nothing of the state before remains.

    Raises:
        SetupError: unknown profile or resource, a member that does not fit, an unknown parent,
            an id or a unique key that is taken. Nothing has changed then.
    """
    draft = _Draft(sandbox, replace)
    ids = _drafted(draft, resources, document)
    if replace:
        sandbox.store.drop()
    _keep(sandbox, draft.rows)
    return {"profiles": ids}


def add_state(
    sandbox: Sandbox, resources: CompiledResources, document: dict[str, Any]
) -> dict[str, State]:
    """Store what ``document`` says beside what is there, as ``put_state`` does, while calls go on.

    The caller holds no lock. All is checked while nothing is locked, then once more against what
    came in between, and names are held from there; the rows come a few at a time.

    Raises:
        SetupError: as ``put_state``. Nothing has changed then.
    """
    draft = _Draft(sandbox, replace=False)
    ids = _drafted(draft, resources, document)
    with sandbox.lock:
        _claim(draft)
    for begin in range(0, len(draft.rows), TURN):
        _pause()
        with sandbox.lock:
            _keep(sandbox, draft.rows[begin : begin + TURN])
    return {"profiles": ids}


def _pause() -> None:
    """Let go for a moment: who has just freed a lock would be the first to have it again."""
    Event().wait(_PAUSE)


def _claim(draft: _Draft) -> None:
    """Let rows pass that are still free to come, and hold their keys for them.

    Raises:
        SetupError: an id or a unique key was taken meanwhile.
    """
    store = draft.sandbox.store
    for row in draft.rows:
        table = store.table(row.profile.id, row.compiled.name)
        if row.id in table:
            place = f"{row.pointer}/{row.compiled.id_field}"
            raise SetupError(f"The id {row.id} is taken", pointer=place)
        if row.key is not None and table.holder(row.key) is not None:
            raise SetupError("A live entity like this exists already", pointer=row.pointer)
    for row in draft.rows:
        if row.key is not None:
            store.table(row.profile.id, row.compiled.name).hold(row.key, row.id)


def _drafted(draft: _Draft, resources: CompiledResources, document: dict[str, Any]) -> State:
    """Plan every row of a document and return the ids by profile."""
    sandbox, ids = draft.sandbox, State()
    for profile, compiled, items, pointer in _walk(sandbox, resources, document):
        shape, validator = _reader(compiled.contract)
        rows = ids.setdefault(profile.id, {}).setdefault(compiled.name, [])
        for index, given in enumerate(items):
            place = f"{pointer}/{index}"
            _validate(validator, given, place)
            rows.append(_plan_row(draft, compiled, profile, shape(given), place))
    _spare_given_children(draft)
    return ids


def _keep(sandbox: Sandbox, rows: list[_Row]) -> None:
    now = sandbox.clock.now()
    scenes = {each.id: ValidationContext(sandbox, each, now) for each in sandbox.profiles.values()}
    with sandbox.store.without_log():
        for row in rows:
            validation = scenes[row.profile.id]
            store_new(
                row.compiled,
                row.whole,
                validation,
                row.key,
                row.id,
                without_offspring=row.without_offspring,
            )


def read_state(sandbox: Sandbox) -> dict[str, State]:
    """Return every entity of a resource by profile and resource, as ``put_state`` takes it."""
    profiles: State = {profile_id: {} for profile_id in sandbox.profiles}
    with sandbox.lock:  # for the copying alone: calls wait for it on the event loop
        tables = {key: table.all() for key, table in sorted(sandbox.store.tables().items())}
    for (profile_id, resource), entities in tables.items():
        if entities and resource in CATALOG:
            profiles[profile_id][resource] = [orjson.loads(each.body) for each in entities]
    return {"profiles": profiles}


def _walk(
    sandbox: Sandbox, resources: CompiledResources, document: dict[str, Any]
) -> Iterator[tuple[Profile, CompiledResource, list[Any], str]]:
    """Yield the lists of a document, parents before children."""
    for profile_id, by_resource in (document.get("profiles") or {}).items():
        pointer = f"/profiles/{profile_id}"
        profile = sandbox.profiles.get(profile_id)
        if profile is None:
            raise SetupError(f"No profile {profile_id} in this sandbox", pointer=pointer)
        for name in by_resource:
            if name not in resources:
                raise SetupError(f"Unknown resource {name}", pointer=f"{pointer}/{name}")
        for name in sorted(by_resource, key=lambda each: len(resources[each].parent_members)):
            if not isinstance(by_resource[name], list):
                raise SetupError("A list is needed here", pointer=f"{pointer}/{name}")
            yield profile, resources[name], by_resource[name], f"{pointer}/{name}"


def _reader(contract: Contract) -> tuple[Any, Any]:
    """Return what keeps the stored members of an entity, and what finds its flaws."""
    schema = entity_schema(contract, "read", numbers=True)
    return object_normalizer(contract.fields, "read"), entity_check.validator(
        schema, contract.fields
    )


def _validate(validator: Any, given: Any, pointer: str) -> None:
    if isinstance(given, dict):
        given = {name: value for name, value in given.items() if value is not None}
    for error in validator.iter_errors(given):
        path = "".join(f"/{part}" for part in error.instance_path)
        raise SetupError(error.message, pointer=pointer + path)


def _plan_row(
    draft: _Draft, compiled: CompiledResource, profile: Profile, given: Item, pointer: str
) -> str:
    """Check one entity against what is there and what the document brings; return its id."""
    sandbox = draft.sandbox
    validation = ValidationContext(sandbox, profile, sandbox.clock.now())
    state = {"state": compiled.words.get(ENABLED, ENABLED)} if compiled.words else {}
    whole = with_defaults(compiled, {**state, **given}, validation)
    entity_id = str(given.get(compiled.id_field) or "") or _minted(compiled, validation)
    if _chain(draft, profile, compiled.name, entity_id) is not None:
        raise SetupError(f"The id {entity_id} is taken", pointer=f"{pointer}/{compiled.id_field}")
    parents = _checked_parents(draft, compiled, profile, whole, pointer)
    is_live = whole.get("state", ENABLED).upper() != ARCHIVED
    key = compiled.key(profile.kind, whole) if is_live else None
    mark = (profile.id, compiled.name, key)
    if key is not None and (mark in draft.keys or _is_held(draft, profile, compiled.name, key)):
        raise SetupError("A live entity like this exists already", pointer=pointer)
    draft.keys.add(mark)
    draft.chains[profile.id, compiled.name, entity_id] = parents
    draft.rows.append(_Row(compiled, profile, whole, entity_id, key, pointer))
    return entity_id


def _minted(compiled: CompiledResource, validation: ValidationContext) -> str:
    with validation.sandbox.lock:  # calls mint too
        return unused_ids(compiled.name, validation.table(compiled.name), validation.sandbox.mint)[
            0
        ]


def _checked_parents(
    draft: _Draft, compiled: CompiledResource, profile: Profile, whole: Item, pointer: str
) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    if compiled.resource.is_placed_by_lowest:
        _name_upper_parents(draft, compiled, profile, whole)
    for parent in compiled.resource.parents:
        parent_id = str(whole.get(parent.member, ""))
        if _chain(draft, profile, parent.resource, parent_id) != found:
            raise SetupError(
                f"No {parent.resource} {parent_id} to belong to",
                pointer=f"{pointer}/{parent.member}",
            )
        found = (*found, parent_id)
    return found


def _name_upper_parents(
    draft: _Draft, compiled: CompiledResource, profile: Profile, whole: Item
) -> None:
    """Fill in the parents that an item need not name, from the one it does."""
    *upper, lowest = compiled.resource.parents
    chain = _chain(draft, profile, lowest.resource, str(whole.get(lowest.member, "")))
    for parent, parent_id in zip(upper, chain or (), strict=False):
        whole.setdefault(parent.member, parent_id if compiled.is_text else int(parent_id))


def _chain(draft: _Draft, profile: Profile, resource: str, found: str) -> tuple[str, ...] | None:
    """Return the parents of an entity of the document or, unless replaced, of the store."""
    known = draft.chains.get((profile.id, resource, found))
    if known is not None or draft.replace:
        return known
    entity = draft.sandbox.store.table(profile.id, resource).get(found)
    return entity.parents if entity is not None else None


def _is_held(draft: _Draft, profile: Profile, resource: str, key: Hashable) -> bool:
    if draft.replace:
        return False
    return draft.sandbox.store.table(profile.id, resource).holder(key) is not None


def _spare_given_children(draft: _Draft) -> None:
    """Mark entities whose automatic offspring the document brings itself.

    So a state that was read can be put back and is the same.
    """
    brought: set[tuple[str, str, str]] = set()
    for row in draft.rows:
        resource = row.compiled.resource
        if not resource.sealed or row.whole.get(resource.variant) in resource.sealed:
            brought |= {
                (row.profile.id, row.compiled.name, row.whole[member])
                for member in row.compiled.parent_members
            }
    for row in draft.rows:
        row.without_offspring = any(
            (row.profile.id, born.resource, row.id) in brought for born, _ in row.compiled.offspring
        )
