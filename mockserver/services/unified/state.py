"""The extra fields of the unified model in the document of a sandbox's state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema_rs
import orjson

from adsmock.contracts.schema import entity as entity_schema
from adsmock.mockserver.catalog.unified.index import MAPPINGS
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.unified import extra_fields
from adsmock.mockserver.services.unified.model import MappedResource, Model, Models
from adsmock.mockserver.services.validation.normalize import Normalizer, object_normalizer
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResources

MEMBER = "unified"
"""The document's member: profile id to native resource to entity id to members."""

ExtraByResource = dict[str, dict[str, dict[str, Item]]]
ExtraCheck = Callable[[Any, str], None]


def read_extra_fields(sandbox: Sandbox) -> dict[str, ExtraByResource]:
    """Return the document's member, empty if no entity has extra fields."""
    found: ExtraByResource = {}
    with sandbox.lock:  # for copying only: calls wait for it on the event loop
        tables = {key: table.all() for key, table in sorted(sandbox.store.tables().items())}
    for (profile_id, table), extras in tables.items():
        resource = extra_fields.owner_of(table)
        if resource and extras:
            rows = {each.id: orjson.loads(each.body) for each in extras}
            found.setdefault(profile_id, {})[resource] = rows
    return {MEMBER: found} if found else {}


def check_extra_fields(
    sandbox: Sandbox,
    resources: CompiledResources,
    models: Models,
    document: dict[str, Any],
    *,
    replace: bool,
) -> None:
    """Check that the extra fields of a document can be stored.

    Raises:
        SetupError: a profile or resource is unknown; an entity is neither in the document nor,
            unless replaced, in the sandbox; or a member is not an extra field.
    """
    for profile_id, by_resource in (document.get(MEMBER) or {}).items():
        pointer = f"/{MEMBER}/{profile_id}"
        if profile_id not in sandbox.profiles:
            raise SetupError(f"No profile {profile_id} in this sandbox", pointer=pointer)
        brought = document["profiles"].get(profile_id) or {}
        for resource, extras in by_resource.items():
            place = f"{pointer}/{resource}"
            check, own = _extra_check(resource, models, place), resources[resource].id_field
            known = {str(each.get(own)) for each in brought.get(resource) or ()}
            table = sandbox.store.table(profile_id, resource)
            for entity_id, extra in extras.items():
                if entity_id not in known and (replace or entity_id not in table):
                    message = f"No {resource} {entity_id} in the document or sandbox"
                    raise SetupError(message, pointer=f"{place}/{entity_id}")
                check(extra, f"{place}/{entity_id}")


def keep_extra_fields(sandbox: Sandbox, document: dict[str, Any]) -> None:
    """Store the extra fields of a document that was checked."""
    now = sandbox.clock.now()
    for profile_id, by_resource in (document.get(MEMBER) or {}).items():
        validation = ValidationContext(sandbox, sandbox.profiles[profile_id], now)
        for resource, extras in by_resource.items():
            for entity_id, extra in extras.items():
                extra_fields.keep(resource, entity_id, extra, validation)


def _extra_check(resource: str, models: Models, pointer: str) -> ExtraCheck:
    """Return the check of extra fields of a native resource."""
    found = _mapping_of(resource, models)
    if found is None:
        raise SetupError(f"The unified model has no extra fields of {resource}", pointer=pointer)
    model, mapped = found
    shape: Normalizer = object_normalizer(model.contract.fields, "read")
    schema = entity_schema(model.contract, "read", numbers=True)
    validator = jsonschema_rs.validator_for(_without_required(schema))

    def check(extra: Any, pointer: str) -> None:
        for error in validator.iter_errors(extra):
            path = "".join(f"/{part}" for part in error.instance_path)
            raise SetupError(error.message, pointer=pointer + path)
        if not extra == shape(extra) == extra_fields.extra_of(extra, mapped.cover):
            message = f"A member is unknown to the unified model, or {resource} has it itself"
            raise SetupError(message, pointer=pointer)

    return check


def _mapping_of(resource: str, models: Models) -> tuple[Model, MappedResource] | None:
    """Return the mapping that shows a native resource, or versions that are a resource."""
    for name, mappings in MAPPINGS.items():
        for place, mapping in enumerate(mappings):
            model = models.get(name)
            mapped = model.mapped_resources[place]
            review = mapped.compiled.resource.review
            if resource in (mapping.resource, review.of if review else ""):
                return model, mapped
    return None


def _without_required(schema: Any) -> Any:
    """Return a schema without required members: extra fields are a part of a record."""
    if isinstance(schema, list):
        return [_without_required(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_required(value)
        for name, value in schema.items()
        if name != "required" or not isinstance(value, list)
    }
