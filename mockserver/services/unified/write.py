"""Create, update and archive in the unified model; the native resource does the work.

A batch is not atomic: what succeeded stays.

Source: campaign management reference 8 (documented: shapes, codes, whole entities in replies);
which code a refusal gets is assumed (``dialects.json``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from adsmock.mockserver.core.outcome import Batch, Failure, Outcome, Success
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.status.moderation import versions
from adsmock.mockserver.services.unified import content_version, extra_fields
from adsmock.mockserver.services.unified.contract_errors import violation_of
from adsmock.mockserver.services.unified.derived_fields import restore, set_derived
from adsmock.mockserver.services.unified.model import (
    MappedResource,
    Model,
    unified_tail,
    without_nulls,
)
from adsmock.mockserver.services.unified.to_native import NotConvertible, item_of
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.archive import archive_item
from adsmock.mockserver.services.verbs.create import create_item
from adsmock.mockserver.services.verbs.update import update_item

_STATE = "unsupportedOperationError", "UNSUPPORTED_OPERATION"
_VERSION_ERRORS = {
    "conflict": (
        "entityStateError",
        "VERSION_UNDER_REVIEW",
        "The last version is under review",
    ),
    "kind": ("unsupportedOperationError", "UNSUPPORTED_OPERATION", "It is of another kind"),
}
"""Kind, reason and message of the error for a refused version."""


@dataclass(slots=True)
class BatchContext:
    """One batch. ``known`` caches the status of parents within the call."""

    context: RequestContext
    model: Model
    validation: ValidationContext
    failing: frozenset[int]
    known: dict[Any, Any] = field(default_factory=dict)

    def location(self, index: int) -> str:
        """Return the JSON path of an item in the body."""
        contract = self.model.contract
        key = contract.envelope
        if self.context.operation.verb == "archive" and contract.identity is not None:
            key = contract.identity.selector
        return f"$.{key}[{index}]"

    def refuse(self, index: int, kind: str, reason: str, message: str, member: str = "") -> Failure:
        """Return the refusal of an item at one of its members."""
        tail = f".{member}" if member else ""
        return self.model.refuse(Failure(index, kind, reason, message), self.location(index) + tail)

    def planned_failure(self, index: int, mapped: MappedResource, named: str = "") -> Failure:
        """Return the planned refusal of an item."""
        assert self.context.fault is not None
        location = self.location(index)
        failure = partial.failure(self.context.fault, mapped.compiled, index, location, named)
        return self.model.refuse(failure, location)

    def to_unified(self, outcome: Outcome, mapped: MappedResource) -> Outcome:
        """Return a native outcome in the unified model."""
        if isinstance(outcome, Failure):
            tail = unified_tail(outcome.location, mapped.compiled.root, mapped)
            if self.context.operation.verb == "archive":
                tail = ""
            return self.model.refuse(outcome, self.location(outcome.index) + tail)
        entity = self.validation.table(mapped.compiled.name).get(outcome.id)
        assert entity is not None
        return Success(
            outcome.index,
            outcome.id,
            self.model.render(mapped, entity, self.validation, self.known),
        )


def _batch(context: RequestContext, items: Sequence[Item]) -> BatchContext:
    assert context.model is not None
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    return BatchContext(
        context, context.model, validation, partial.failing_indexes(context.fault, items)
    )


def _sent_items(context: RequestContext) -> list[Item]:
    assert context.model is not None
    items: list[Item] = context.body[context.model.contract.envelope]
    return items


def create(context: RequestContext) -> Batch:
    """Return one outcome for each item of the batch; a success has the whole record."""
    batch = _batch(context, _sent_items(context))
    items = batch.model.normalize_create(_sent_items(context))
    return Batch([_create(index, item, batch) for index, item in enumerate(items)])


def _create(index: int, item: Item, batch: BatchContext) -> Outcome:
    item = without_nulls(item)
    mapped = _find_mapping(item, batch.model)
    if index in batch.failing:
        return batch.planned_failure(index, mapped or batch.model.mapped_resources[0])
    if mapped is None:
        return _unmapped(index, item, batch)
    refusal, native = _native(index, item, mapped, batch)
    if refusal is None:
        native = {**mapped.mapping.initial, **native}
        refusal = _fill_parents(index, native, mapped, batch) or _validate(
            index, native, mapped, "create", batch
        )
    if refusal is not None:
        return refusal
    before = set_derived(item, native, mapped, batch.validation)
    checks = mapped.compiled.checks_of("create", batch.validation.profile.kind)
    outcome = create_item(index, native, mapped.compiled, batch.validation, checks)
    if isinstance(outcome, Success):
        _keep_extra_fields(item, outcome.id, mapped, batch)
    else:
        restore(before, batch.validation)
    return batch.to_unified(outcome, mapped)


def _keep_extra_fields(
    item: Item, entity_id: str, mapped: MappedResource, batch: BatchContext
) -> None:
    """Store the extra fields of the entity, or of the version that shows them."""
    extra = extra_fields.extra_of(item, mapped.cover)
    newest, review = mapped.mapping.live[1], mapped.compiled.resource.review
    entity = batch.validation.table(mapped.compiled.name).get(entity_id)
    if newest in extra and review is not None and entity is not None:
        version = versions(entity, mapped.compiled.resource, batch.validation)[-1]
        extra_fields.keep(review.of, version.id, {newest: extra.pop(newest)}, batch.validation)
    extra_fields.keep(mapped.compiled.name, entity_id, extra, batch.validation)


def _find_mapping(item: Item, model: Model) -> MappedResource | None:
    """Return the mapping whose conditions an item meets."""
    for mapped in model.mapped_resources:
        mapping = mapped.mapping
        if _agrees(item, mapped) and (not mapping.level or mapping.level == _level(item)):
            return mapped
    return None


def _agrees(item: Item, mapped: MappedResource) -> bool:
    return all(item.get(name) in values for name, values in mapped.mapping.when.items())


def _level(item: Item) -> str:
    """Return the lowest parent that an item names."""
    return next((name for name in ("adGroupId", "campaignId") if item.get(name)), "")


def _unmapped(index: int, item: Item, batch: BatchContext) -> Failure:
    """Refuse an item that no native resource takes: at the missing parent, or as a whole."""
    candidates = [mapped for mapped in batch.model.mapped_resources if _agrees(item, mapped)]
    if not candidates:
        return batch.refuse(index, *_STATE, "This kind of target is not supported", "targetType")
    level = candidates[0].mapping.level
    return batch.refuse(
        index, "missingValueError", "MISSING_VALUE", f"{level} must not be null", level
    )


def _native(
    index: int, item: Item, mapped: MappedResource, batch: BatchContext
) -> tuple[Failure | None, Item]:
    """Return the native item, or the refusal."""
    try:
        return None, item_of(mapped.mapping.rows, item, batch.model.conversion(batch.validation))
    except NotConvertible as error:
        failure = batch.refuse(index, error.kind, error.reason, error.message, error.member)
        return failure, {}


def _fill_parents(
    index: int, native: Item, mapped: MappedResource, batch: BatchContext
) -> Failure | None:
    """Fill in the parents above the lowest one: an item only has to name that."""
    *upper, lowest = mapped.compiled.resource.parents or (None,)
    if lowest is None or not upper:
        return None
    holder = batch.validation.table(lowest.resource).get(str(native.get(lowest.member)))
    if holder is None:
        member = mapped.member(lowest.member)
        return batch.refuse(
            index, "parentEntityError", "PARENT_ENTITY_NOT_FOUND", "Parent entity not found", member
        )
    for parent, found in zip(upper, holder.parents, strict=True):
        native.setdefault(parent.member, found if mapped.compiled.is_text else int(found))
    return None


def _validate(
    index: int, native: Item, mapped: MappedResource, verb: str, batch: BatchContext
) -> Failure | None:
    """Refuse a native item that does not fit its contract."""
    violation = violation_of(mapped.validators[verb], native)
    if violation is None:
        return None
    kind, reason, message, path = violation
    return batch.refuse(index, kind, reason, message, mapped.member(path))


def update(context: RequestContext) -> Batch:
    """Return one outcome for each item of the batch; a success has the whole record."""
    batch = _batch(context, _sent_items(context))
    items = batch.model.normalize_update(_sent_items(context))
    return Batch([_update(index, item, batch) for index, item in enumerate(items)])


def _update(index: int, item: Item, batch: BatchContext) -> Outcome:
    assert batch.model.contract.identity is not None
    own = batch.model.contract.identity.field
    mapped = batch.model.owner(item[own], batch.validation)
    if index in batch.failing:
        return batch.planned_failure(index, mapped or batch.model.mapped_resources[0], item[own])
    if mapped is None:
        return _unknown(index, item[own], batch, own)
    refusal, native = _native(index, item, mapped, batch)
    refusal = refusal or _validate(index, native, mapped, "update", batch)
    if refusal is not None:
        return refusal
    return batch.to_unified(_change(index, item, native, mapped, batch), mapped)


def _change(
    index: int, item: Item, native: Item, mapped: MappedResource, batch: BatchContext
) -> Outcome:
    """Change an entity; a change of versioned content creates a version."""
    validation, shown = batch.validation, content_version.split(native, mapped)
    stored = validation.table(mapped.compiled.name).get(str(native.get(mapped.compiled.id_field)))
    if stored is not None:
        native = content_version.with_unchanged(native, validation.document(stored))
    if shown and stored is not None and not stored.is_archived:
        shown = content_version.merged(shown, stored, mapped, validation)
        conflict = content_version.conflict_of(shown, stored, mapped, validation)
        if conflict:
            member = mapped.mapping.live[1]
            return Failure(
                index, *_VERSION_ERRORS[conflict], f"{mapped.compiled.root}[{index}].{member}"
            )
    checks = mapped.compiled.checks_of("update", validation.profile.kind)
    outcome = update_item(index, native, mapped.compiled, validation, checks)
    if isinstance(outcome, Success):
        if shown and stored is not None:
            content_version.create_version(shown, stored, mapped, validation)
        _keep_extra_fields(item, outcome.id, mapped, batch)
    return outcome


def archive(context: RequestContext) -> Batch:
    """Return one outcome for each id; a success has the archived record."""
    assert context.model is not None
    identity = context.model.contract.identity
    assert identity is not None
    ids = context.body[identity.selector]
    batch = _batch(context, [{identity.field: found} for found in ids])
    return Batch([_archive(index, str(found), batch) for index, found in enumerate(ids)])


def _archive(index: int, entity_id: str, batch: BatchContext) -> Outcome:
    mapped = batch.model.owner(entity_id, batch.validation)
    if index in batch.failing:
        return batch.planned_failure(index, mapped or batch.model.mapped_resources[0], entity_id)
    if mapped is None:
        return _unknown(index, entity_id, batch, "")
    location = batch.location(index)
    return batch.to_unified(
        archive_item(index, entity_id, location, mapped.compiled, batch.validation), mapped
    )


def _unknown(index: int, entity_id: str, batch: BatchContext, member: str) -> Failure:
    noun = batch.model.contract.noun
    message = f"Could not find {noun} with id {entity_id}"
    return batch.refuse(index, "entityNotFoundError", "ENTITY_NOT_FOUND", message, member)
