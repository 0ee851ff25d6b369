"""What the unified model alone says, in the document of a sandbox's state.

It stands there by profile, native resource and id, and lies beside the entity again when the
document comes back. Knows the models. Must not know HTTP, nor any resource by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema_rs
import orjson

from adsmock.contracts.schema import entity as entity_schema
from adsmock.mockserver.catalog.unified.index import FACES
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.unified import extra_fields
from adsmock.mockserver.services.unified.model import Model, Models, NativeSide
from adsmock.mockserver.services.validation.normalize import Normalizer, object_normalizer
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResources

MEMBER = "unified"
"""Of the document: profile id to native resource to entity id to members."""

Rests = dict[str, dict[str, dict[str, Item]]]
Judge = Callable[[Any, str], None]


def read_rests(sandbox: Sandbox) -> dict[str, Rests]:
    """Return the document's member, nothing where nothing is kept beside any entity."""
    found: Rests = {}
    with sandbox.lock:  # for the copying alone: calls wait for it on the event loop
        tables = {key: table.all() for key, table in sorted(sandbox.store.tables().items())}
    for (profile_id, table), rests in tables.items():
        resource = extra_fields.owner_of(table)
        if resource and rests:
            rows = {each.id: orjson.loads(each.body) for each in rests}
            found.setdefault(profile_id, {})[resource] = rows
    return {MEMBER: found} if found else {}


def check_rests(
    sandbox: Sandbox,
    resources: CompiledResources,
    models: Models,
    document: dict[str, Any],
    *,
    replace: bool,
) -> None:
    """Let a document pass whose members of the unified model can be kept.

    Raises:
        SetupError: unknown profile or resource, an entity that neither the document brings nor,
            unless replaced, the sandbox has, or a member that is not the unified model's alone.
    """
    for profile_id, by_resource in (document.get(MEMBER) or {}).items():
        pointer = f"/{MEMBER}/{profile_id}"
        if profile_id not in sandbox.profiles:
            raise SetupError(f"No profile {profile_id} in this sandbox", pointer=pointer)
        brought = document["profiles"].get(profile_id) or {}
        for resource, rests in by_resource.items():
            place = f"{pointer}/{resource}"
            judge, own = _judge_of(resource, models, place), resources[resource].id_field
            known = {str(each.get(own)) for each in brought.get(resource) or ()}
            table = sandbox.store.table(profile_id, resource)
            for entity_id, rest in rests.items():
                if entity_id not in known and (replace or entity_id not in table):
                    message = f"No {resource} {entity_id} to lie beside"
                    raise SetupError(message, pointer=f"{place}/{entity_id}")
                judge(rest, f"{place}/{entity_id}")


def keep_rests(sandbox: Sandbox, document: dict[str, Any]) -> None:
    """Lay the members of a document that has passed beside its entities."""
    now = sandbox.clock.now()
    for profile_id, by_resource in (document.get(MEMBER) or {}).items():
        validation = ValidationContext(sandbox, sandbox.profiles[profile_id], now)
        for resource, rests in by_resource.items():
            for entity_id, rest in rests.items():
                extra_fields.keep(resource, entity_id, rest, validation)


def _judge_of(resource: str, models: Models, pointer: str) -> Judge:
    """Return what lets members pass that may lie beside an entity of a native resource."""
    found = _side_of(resource, models)
    if found is None:
        raise SetupError(f"The unified model keeps nothing beside {resource}", pointer=pointer)
    model, side = found
    shape: Normalizer = object_normalizer(model.contract.fields, "read")
    schema = entity_schema(model.contract, "read", numbers=True)
    validator = jsonschema_rs.validator_for(_without_demands(schema))

    def judge(rest: Any, pointer: str) -> None:
        for error in validator.iter_errors(rest):
            path = "".join(f"/{part}" for part in error.instance_path)
            raise SetupError(error.message, pointer=pointer + path)
        if not rest == shape(rest) == extra_fields.rest_of(rest, side.cover):
            message = f"A member is unknown to the unified model, or {resource} itself holds it"
            raise SetupError(message, pointer=pointer)

    return judge


def _side_of(resource: str, models: Models) -> tuple[Model, NativeSide] | None:
    """Return the side that shows a native resource, or versions that are kept as one."""
    for name, faces in FACES.items():
        for place, face in enumerate(faces):
            model = models.get(name)
            side = model.sides[place]
            review = side.compiled.resource.review
            if resource in (face.resource, review.of if review else ""):
                return model, side
    return None


def _without_demands(schema: Any) -> Any:
    """Return a schema that lets any member be missing: what is kept is a part of a record."""
    if isinstance(schema, list):
        return [_without_demands(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_demands(value)
        for name, value in schema.items()
        if name != "required" or not isinstance(value, list)
    }
