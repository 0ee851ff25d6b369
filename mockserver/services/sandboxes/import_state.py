"""Import of entities into a sandbox: no quota, fault or limit applies, but parents must exist.

A document is imported completely or not at all.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import orjson

from adsmock.contracts.model import Contract
from adsmock.contracts.schema import entity as entity_schema
from adsmock.contracts.suggest import did_you_mean
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.core.entity import ARCHIVED, ENABLED, Entity
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.core.turns import SLICE, TURNS, free_in_slices
from adsmock.mockserver.services.sandboxes import entity_check
from adsmock.mockserver.services.validation.normalize import object_normalizer
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource, CompiledResources
from adsmock.mockserver.services.verbs.write import store_new, unused_ids, with_defaults

Readers = dict[str, tuple[Any, Any]]
"""By resource: what keeps the stored members of an entity, and a validator."""

State = dict[str, dict[str, list[Any]]]
"""Profile id to resource to rows."""

BATCH_SIZE = 200
"""Entities that are stored while calls wait: some milliseconds."""
_PAUSE = 0.001


@dataclass(slots=True)
class _PendingEntity:
    """One validated entity to store."""

    compiled: CompiledResource
    profile: Profile
    whole: Item
    id: str
    key: Hashable
    pointer: str
    without_offspring: bool = False


@dataclass(slots=True)
class _Draft:
    """An import in progress. ``chains`` are parents by (profile, resource, id)."""

    sandbox: Sandbox
    replace: bool
    rows: list[_PendingEntity] = field(default_factory=list)
    chains: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    keys: set[tuple[str, str, Hashable]] = field(default_factory=set)


def put_state(
    sandbox: Sandbox,
    resources: CompiledResources,
    document: dict[str, Any],
    *,
    replace: bool = False,
    known: Readers | None = None,
) -> dict[str, State]:
    """Import a document and return all ids, in its order.

    The document is ``{"profiles": {"<profileId>": {"<resource>": [{…members of the API…}]}}}``. An
    entity without an id gets one; computed members are ignored; the default state is ENABLED.
    ``replace`` removes all entities first. ``known`` are the readers of resources, made before: a
    caller that holds the lock for a small document saves their time.

    Raises:
        SetupError: an unknown profile, resource or parent, an invalid member, or an id or a unique
            key that is taken. Nothing has changed then.
    """
    draft = _Draft(sandbox, replace)
    ids = _draft_rows(draft, resources, document, known or {})
    if replace:
        sandbox.store.drop()
    for begin in range(0, len(draft.rows), SLICE):
        with _turn(draft.rows):
            _keep(sandbox, draft.rows[begin : begin + SLICE])
    free_in_slices(draft.rows)
    return {"profiles": ids}


def add_state(
    sandbox: Sandbox, resources: CompiledResources, document: dict[str, Any]
) -> dict[str, State]:
    """Import a document like ``put_state`` while the sandbox serves calls.

    The caller holds no lock. Entities are validated without a lock. Under the lock their ids and
    unique keys are checked again and reserved; then they are stored a few at a time.

    Raises:
        SetupError: as in ``put_state``.
    """
    draft = _Draft(sandbox, replace=False)
    ids = _draft_rows(draft, resources, document, {})
    with sandbox.lock:
        _reserve(draft)
    for begin in range(0, len(draft.rows), BATCH_SIZE):
        pause()
        with sandbox.lock:
            _keep(sandbox, draft.rows[begin : begin + BATCH_SIZE])
    return {"profiles": ids}


def pause() -> None:
    """Wait briefly without the lock: otherwise this thread would usually get it again first."""
    Event().wait(_PAUSE)


def _reserve(draft: _Draft) -> None:
    """Check ids and unique keys again, and reserve the keys.

    Raises:
        SetupError: an id or a unique key was taken meanwhile.
    """
    store = draft.sandbox.store
    for row in draft.rows:
        table = store.table(row.profile.id, row.compiled.name)
        if row.id in table:
            place = f"{row.pointer}/{row.compiled.id_field}"
            raise SetupError(
                f"The id {row.id} is taken: leave it out, or use another", pointer=place
            )
        if row.key is not None and table.holder(row.key) is not None:
            raise SetupError(
                "an entity with the same unique members exists: change them, or archive it first",
                pointer=row.pointer,
            )
    for row in draft.rows:
        if row.key is not None:
            store.table(row.profile.id, row.compiled.name).hold(row.key, row.id)


def _draft_rows(
    draft: _Draft, resources: CompiledResources, document: dict[str, Any], known: Readers
) -> State:
    """Validate every entity of a document and return the ids by profile."""
    sandbox, ids = draft.sandbox, State()
    for profile, compiled, items, pointer in _walk(sandbox, resources, document):
        shape, validator = known.get(compiled.name) or _reader(compiled.contract)
        rows = ids.setdefault(profile.id, {}).setdefault(compiled.name, [])
        for begin in range(0, len(items), SLICE):
            with _turn(items):
                part = _normalized(items, begin, validator, shape, pointer)
            for index, given in enumerate(part, begin):
                rows.append(_plan_row(draft, compiled, profile, given, f"{pointer}/{index}"))
    _skip_given_children(draft)
    return ids


def _turn(rows: list[Any]) -> AbstractContextManager[None]:
    """Return a turn for a slice of rows, nothing for a short list: its caller may hold a lock."""
    return TURNS if len(rows) > SLICE else nullcontext()


def _normalized(
    items: list[Any], begin: int, validator: Any, shape: Any, pointer: str
) -> list[Item]:
    """Validate a slice of a list of entities, and return their stored members."""
    part = items[begin : begin + SLICE]
    for index, given in enumerate(part, begin):
        _validate(validator, given, f"{pointer}/{index}")
    return list(map(shape, part))


def _keep(sandbox: Sandbox, rows: list[_PendingEntity]) -> None:
    now = sandbox.clock.now()
    contexts = {
        each.id: ValidationContext(sandbox, each, now) for each in sandbox.profiles.values()
    }
    with sandbox.store.without_log():
        for row in rows:
            validation = contexts[row.profile.id]
            store_new(
                row.compiled,
                row.whole,
                validation,
                row.key,
                row.id,
                without_offspring=row.without_offspring,
            )


def read_state(sandbox: Sandbox) -> dict[str, State]:
    """Return every entity by profile and resource, in the format of ``put_state``."""
    return {
        "profiles": {
            profile_id: {
                resource: [orjson.loads(each.body) for each in entities]
                for resource, entities in by_resource.items()
            }
            for profile_id, by_resource in _stored(sandbox).items()
        }
    }


def write_state(sandbox: Sandbox) -> Iterator[bytes]:
    """Yield the member that ``read_state`` returns as JSON text; entities are stored as such."""
    profiles = _stored(sandbox)
    yield b'"profiles":{'
    for number, (profile_id, by_resource) in enumerate(profiles.items()):
        yield (b"," if number else b"") + orjson.dumps(profile_id) + b":{"
        for place, (resource, entities) in enumerate(by_resource.items()):
            yield (b"," if place else b"") + orjson.dumps(resource) + b":["
            for index, entity in enumerate(entities):
                if index:
                    yield b","
                yield entity.body
            yield b"]"
        yield b"}"
    yield b"}"


def _stored(sandbox: Sandbox) -> dict[str, dict[str, list[Entity]]]:
    """Return the stored entities by profile and resource."""
    profiles: dict[str, dict[str, list[Entity]]] = {each: {} for each in sandbox.profiles}
    with sandbox.lock:  # only for copying: calls on the event loop wait for it
        tables = {key: table.all() for key, table in sorted(sandbox.store.tables().items())}
    for (profile_id, resource), entities in tables.items():
        if entities and resource in CATALOG:
            profiles[profile_id][resource] = entities
    return profiles


def _walk(
    sandbox: Sandbox, resources: CompiledResources, document: dict[str, Any]
) -> Iterator[tuple[Profile, CompiledResource, list[Any], str]]:
    """Yield the entity lists of a document, parents before children."""
    for profile_id, by_resource in (document.get("profiles") or {}).items():
        pointer = f"/profiles/{profile_id}"
        profile = sandbox.profiles.get(profile_id)
        if profile is None:
            advice = did_you_mean(profile_id, sandbox.profiles)
            raise SetupError(f'unknown profile "{profile_id}": {advice}', pointer=pointer)
        for name in by_resource:
            if name not in resources:
                advice = did_you_mean(name, resources)
                raise SetupError(
                    f'unknown resource "{name}": {advice}', pointer=f"{pointer}/{name}"
                )
        for name in sorted(by_resource, key=lambda each: len(resources[each].parent_members)):
            if not isinstance(by_resource[name], list):
                raise SetupError(
                    "this is not a list: use a list of entities", pointer=f"{pointer}/{name}"
                )
            yield profile, resources[name], by_resource[name], f"{pointer}/{name}"


def readers(resources: CompiledResources) -> Readers:
    """Return the readers of all resources: about two milliseconds for each."""
    return {name: _reader(compiled.contract) for name, compiled in resources.items()}


def _reader(contract: Contract) -> tuple[Any, Any]:
    """Return a function that keeps the stored members of an entity, and a validator."""
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
    """Check one entity against the store and the document; return its id."""
    sandbox = draft.sandbox
    validation = ValidationContext(sandbox, profile, sandbox.clock.now())
    state = {"state": compiled.words.get(ENABLED, ENABLED)} if compiled.words else {}
    whole = with_defaults(compiled, {**state, **given}, validation)
    entity_id = str(given.get(compiled.id_field) or "") or _minted(compiled, validation)
    if _chain(draft, profile, compiled.name, entity_id) is not None:
        raise SetupError(
            f"The id {entity_id} is taken: leave it out, or use another",
            pointer=f"{pointer}/{compiled.id_field}",
        )
    parents = _checked_parents(draft, compiled, profile, whole, pointer)
    is_live = whole.get("state", ENABLED).upper() != ARCHIVED
    key = compiled.key(profile.kind, whole) if is_live else None
    mark = (profile.id, compiled.name, key)
    if key is not None and (mark in draft.keys or _is_held(draft, profile, compiled.name, key)):
        raise SetupError(
            "an entity with the same unique members exists: change them, or archive it first",
            pointer=pointer,
        )
    draft.keys.add(mark)
    draft.chains[profile.id, compiled.name, entity_id] = parents
    draft.rows.append(_PendingEntity(compiled, profile, whole, entity_id, key, pointer))
    return entity_id


def _minted(compiled: CompiledResource, validation: ValidationContext) -> str:
    with validation.sandbox.lock:  # calls mint ids too
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
                f'unknown parent {parent.resource} "{parent_id}": import it, or use an existing id',
                pointer=f"{pointer}/{parent.member}",
            )
        found = (*found, parent_id)
    return found


def _name_upper_parents(
    draft: _Draft, compiled: CompiledResource, profile: Profile, whole: Item
) -> None:
    """Add the ids of upper parents, which an entity may leave out."""
    *upper, lowest = compiled.resource.parents
    chain = _chain(draft, profile, lowest.resource, str(whole.get(lowest.member, "")))
    for parent, parent_id in zip(upper, chain or (), strict=False):
        whole.setdefault(parent.member, parent_id if compiled.is_text else int(parent_id))


def _chain(draft: _Draft, profile: Profile, resource: str, found: str) -> tuple[str, ...] | None:
    """Return the parents of an entity in the document or, without ``replace``, in the store."""
    known = draft.chains.get((profile.id, resource, found))
    if known is not None or draft.replace:
        return known
    entity = draft.sandbox.store.table(profile.id, resource).get(found)
    return entity.parents if entity is not None else None


def _is_held(draft: _Draft, profile: Profile, resource: str, key: Hashable) -> bool:
    if draft.replace:
        return False
    return draft.sandbox.store.table(profile.id, resource).holder(key) is not None


def _skip_given_children(draft: _Draft) -> None:
    """Mark entities whose automatic children the document contains.

    So a state that was read and imported again is the same.
    """
    brought: set[tuple[str, str, str]] = set()
    for row in draft.rows:
        resource = row.compiled.resource
        if not resource.locked or row.whole.get(resource.variant) in resource.locked:
            brought |= {
                (row.profile.id, row.compiled.name, row.whole[member])
                for member in row.compiled.parent_members
            }
    for row in draft.rows:
        row.without_offspring = any(
            (row.profile.id, born.resource, row.id) in brought for born, _ in row.compiled.offspring
        )
