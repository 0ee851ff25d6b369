"""Create, update and archive in the unified model: each item is done by its native resource.

Knows how an item finds its side and how an outcome is told. Must not know any resource by name,
nor HTTP statuses. A batch is not atomic: what succeeded stays.

Source: campaign management reference 8 (documented: shapes, codes, whole entities in replies);
which code a refusal gets is assumed (``dialects.json``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from adsmock.mockserver.core.outcome import Batch, Failure, Outcome, Success
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.status.moderation import versions
from adsmock.mockserver.services.unified import content_version, extra_fields
from adsmock.mockserver.services.unified.contract_errors import breach_of
from adsmock.mockserver.services.unified.derived_fields import turn, turn_back
from adsmock.mockserver.services.unified.model import Model, NativeSide, located, whole_of
from adsmock.mockserver.services.unified.to_native import Unsayable, item_of
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.archive import archive_item
from adsmock.mockserver.services.verbs.create import create_item
from adsmock.mockserver.services.verbs.update import update_item

_STATE = "unsupportedOperationError", "UNSUPPORTED_OPERATION"
_AGAINST = {
    "conflict": (
        "entityStateError",
        "VERSION_UNDER_REVIEW",
        "The last version is still under review",
    ),
    "kind": ("unsupportedOperationError", "UNSUPPORTED_OPERATION", "It is of another kind"),
}
"""What is said of a version that may not follow: kind, reason and text of the item error."""


@dataclass(slots=True)
class Desk:
    """One batch under way. ``known`` remembers what parents stand for within the call."""

    context: RequestContext
    model: Model
    validation: ValidationContext
    failing: frozenset[int]
    known: dict[Any, Any] = field(default_factory=dict)

    def place(self, index: int) -> str:
        """Return where an item stands in the body."""
        contract = self.model.contract
        key = contract.envelope
        if self.context.operation.verb == "archive" and contract.identity is not None:
            key = contract.identity.selector
        return f"$.{key}[{index}]"

    def refuse(self, index: int, kind: str, reason: str, message: str, member: str = "") -> Failure:
        """Return the refusal of an item at one of its members."""
        tail = f".{member}" if member else ""
        return self.model.refuse(Failure(index, kind, reason, message), self.place(index) + tail)

    def doom(self, index: int, side: NativeSide, named: str = "") -> Failure:
        """Return the planned refusal of an item."""
        assert self.context.planned is not None
        place = self.place(index)
        failure = partial.failure(self.context.planned, side.compiled, index, place, named)
        return self.model.refuse(failure, place)

    def tell(self, outcome: Outcome, side: NativeSide) -> Outcome:
        """Return a native outcome in the unified model."""
        if isinstance(outcome, Failure):
            tail = located(outcome.location, side.compiled.root, side)
            if self.context.operation.verb == "archive":
                tail = ""
            return self.model.refuse(outcome, self.place(outcome.index) + tail)
        entity = self.validation.table(side.compiled.name).get(outcome.id)
        assert entity is not None
        return Success(
            outcome.index, outcome.id, self.model.render(side, entity, self.validation, self.known)
        )


def _desk(context: RequestContext) -> Desk:
    assert context.model is not None
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    return Desk(context, context.model, validation, partial.indexes(context.planned))


def create(context: RequestContext) -> Batch:
    """Return one outcome for each item of the batch; successes carry the whole record."""
    desk = _desk(context)
    items = desk.model.normalize_create(context.body[desk.model.contract.envelope])
    return Batch([_create(index, item, desk) for index, item in enumerate(items)])


def _create(index: int, item: Item, desk: Desk) -> Outcome:
    item = whole_of(item)
    side = _side_for(item, desk.model)
    if index in desk.failing:
        return desk.doom(index, side or desk.model.sides[0])
    if side is None:
        return _homeless(index, item, desk)
    refusal, native = _native(index, item, side, desk)
    if refusal is None:
        native = {**side.face.born, **native}
        refusal = _place(index, native, side, desk) or _judge(index, native, side, "create", desk)
    if refusal is not None:
        return refusal
    before = turn(item, native, side, desk.validation)
    checks = side.compiled.checks_of("create", desk.validation.profile.kind)
    outcome = create_item(index, native, side.compiled, desk.validation, checks)
    if isinstance(outcome, Success):
        _keep_rest(item, outcome.id, side, desk)
    else:
        turn_back(before, desk.validation)
    return desk.tell(outcome, side)


def _keep_rest(item: Item, entity_id: str, side: NativeSide, desk: Desk) -> None:
    """Keep what has no native member: beside the entity, or beside the version that shows it."""
    rest = extra_fields.rest_of(item, side.cover)
    newest, review = side.face.live[1], side.compiled.resource.review
    entity = desk.validation.table(side.compiled.name).get(entity_id)
    if newest in rest and review is not None and entity is not None:
        version = versions(entity, side.compiled.resource, desk.validation)[-1]
        extra_fields.keep(review.of, version.id, {newest: rest.pop(newest)}, desk.validation)
    extra_fields.keep(side.compiled.name, entity_id, rest, desk.validation)


def _side_for(item: Item, model: Model) -> NativeSide | None:
    """Return the side whose conditions an item meets."""
    for side in model.sides:
        face = side.face
        if _agrees(item, side) and (not face.level or face.level == _level(item)):
            return side
    return None


def _agrees(item: Item, side: NativeSide) -> bool:
    return all(item.get(name) in values for name, values in side.face.when.items())


def _level(item: Item) -> str:
    """Return the lowest parent that an item names."""
    return next((name for name in ("adGroupId", "campaignId") if item.get(name)), "")


def _homeless(index: int, item: Item, desk: Desk) -> Failure:
    """Refuse an item that no native resource takes: at the parent it lacks, or altogether."""
    near = [side for side in desk.model.sides if _agrees(item, side)]
    if not near:
        return desk.refuse(index, *_STATE, "This kind of target is not supported", "targetType")
    level = near[0].face.level
    return desk.refuse(
        index, "missingValueError", "MISSING_VALUE", f"{level} must not be null", level
    )


def _native(index: int, item: Item, side: NativeSide, desk: Desk) -> tuple[Failure | None, Item]:
    """Return the native item, or why there is none."""
    try:
        return None, item_of(side.face.rows, item, desk.model.frame(desk.validation))
    except Unsayable as error:
        failure = desk.refuse(index, error.kind, error.reason, error.message, error.member)
        return failure, {}


def _place(index: int, native: Item, side: NativeSide, desk: Desk) -> Failure | None:
    """Fill in the parents above the lowest one, which is all that an item must name."""
    *upper, lowest = side.compiled.resource.parents or (None,)
    if lowest is None or not upper:
        return None
    holder = desk.validation.table(lowest.resource).get(str(native.get(lowest.member)))
    if holder is None:
        member = side.member(lowest.member)
        return desk.refuse(
            index, "parentEntityError", "PARENT_ENTITY_NOT_FOUND", "Parent entity not found", member
        )
    for parent, found in zip(upper, holder.parents, strict=True):
        native.setdefault(parent.member, found if side.compiled.is_text else int(found))
    return None


def _judge(index: int, native: Item, side: NativeSide, verb: str, desk: Desk) -> Failure | None:
    """Refuse a native item that its own contract would refuse the whole request for."""
    breach = breach_of(side.readers[verb], native)
    if breach is None:
        return None
    kind, reason, message, path = breach
    return desk.refuse(index, kind, reason, message, side.member(path))


def update(context: RequestContext) -> Batch:
    """Return one outcome for each item of the batch; successes carry the whole record."""
    desk = _desk(context)
    items = desk.model.normalize_update(context.body[desk.model.contract.envelope])
    return Batch([_update(index, item, desk) for index, item in enumerate(items)])


def _update(index: int, item: Item, desk: Desk) -> Outcome:
    assert desk.model.contract.identity is not None
    own = desk.model.contract.identity.field
    side = desk.model.owner(item[own], desk.validation)
    if index in desk.failing:
        return desk.doom(index, side or desk.model.sides[0], item[own])
    if side is None:
        return _unknown(index, item[own], desk, own)
    refusal, native = _native(index, item, side, desk)
    refusal = refusal or _judge(index, native, side, "update", desk)
    if refusal is not None:
        return refusal
    return desk.tell(_change(index, item, native, side, desk), side)


def _change(index: int, item: Item, native: Item, side: NativeSide, desk: Desk) -> Outcome:
    """Change an entity; what it shows by versions becomes a further one."""
    validation, shown = desk.validation, content_version.split(native, side)
    stored = validation.table(side.compiled.name).get(str(native.get(side.compiled.id_field)))
    if stored is not None:
        native = content_version.filled(native, validation.document(stored))
    if shown and stored is not None and not stored.is_archived:
        shown = content_version.settled(shown, stored, side, validation)
        against = content_version.obstacle_to(shown, stored, side, validation)
        if against:
            member = side.face.live[1]
            return Failure(index, *_AGAINST[against], f"{side.compiled.root}[{index}].{member}")
    checks = side.compiled.checks_of("update", validation.profile.kind)
    outcome = update_item(index, native, side.compiled, validation, checks)
    if isinstance(outcome, Success):
        if shown and stored is not None:
            content_version.revise(shown, stored, side, validation)
        _keep_rest(item, outcome.id, side, desk)
    return outcome


def archive(context: RequestContext) -> Batch:
    """Return one outcome for each id; successes carry the record, now archived."""
    desk = _desk(context)
    assert desk.model.contract.identity is not None
    ids = context.body[desk.model.contract.identity.selector]
    return Batch([_archive(index, str(found), desk) for index, found in enumerate(ids)])


def _archive(index: int, entity_id: str, desk: Desk) -> Outcome:
    side = desk.model.owner(entity_id, desk.validation)
    if index in desk.failing:
        return desk.doom(index, side or desk.model.sides[0], entity_id)
    if side is None:
        return _unknown(index, entity_id, desk, "")
    place = desk.place(index)
    return desk.tell(archive_item(index, entity_id, place, side.compiled, desk.validation), side)


def _unknown(index: int, entity_id: str, desk: Desk, member: str) -> Failure:
    noun = desk.model.contract.noun
    message = f"Could not find {noun} with id {entity_id}"
    return desk.refuse(index, "entityNotFoundError", "ENTITY_NOT_FOUND", message, member)
