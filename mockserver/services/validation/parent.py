"""Checks of parents: they exist, belong together and are not archived."""

from __future__ import annotations

from adsmock.mockserver.catalog.resource import Parent, Rule
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    Item,
    ValidationContext,
    with_batch_check,
)


def live_parents(parents: tuple[Parent, ...], rule_context: RuleContext) -> Check:
    """Return the check that every parent exists under the one above it and is not archived.

    Parents are checked from the top; the first failure is the refusal. The parents are left in
    ``candidate.parents`` for the checks that follow.
    """

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        found: tuple[Entity, ...] = ()
        ids: tuple[str, ...] = ()
        for parent in parents:
            parent_id = str(candidate.whole[parent.member])
            entity = validation.table(parent.resource).get(parent_id)
            reason = _refusal_reason(entity, ids)
            if entity is None or reason:
                return rule_context.refuse(
                    candidate.index,
                    "parentEntityError",
                    reason,
                    member=parent.member,
                    value=parent_id,
                )
            found = (*found, entity)
            ids = (*ids, parent_id)
        candidate.parents = found
        return None

    return check


def named_parents(parents: tuple[Parent, ...], rule_context: RuleContext) -> Check:
    """Return ``live_parents`` for items that only have to name their lowest parent.

    The other parents are filled in from it; where an item names them they must match.
    """
    check_parents = live_parents(parents, rule_context)
    *upper, lowest = parents
    is_text = rule_context.contract.identity is None or rule_context.contract.identity.type == "id"

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        whole = candidate.whole
        parent_id = str(whole[lowest.member])
        entity = validation.table(lowest.resource).get(parent_id)
        if entity is None:
            return rule_context.refuse(
                candidate.index,
                "parentEntityError",
                "PARENT_ENTITY_NOT_FOUND",
                member=lowest.member,
                value=parent_id,
            )
        for parent, found in zip(upper, entity.parents, strict=True):
            whole.setdefault(parent.member, found if is_text else int(found))
        return check_parents(candidate, validation)

    return check


def referred(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that a referenced entity exists in the profile and is not archived.

    A reference that an update does not change is not checked again.
    """
    member: str = rule.settings["member"]
    resource: str = rule.settings["resource"]
    message: str = rule.settings["message"]

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        named = candidate.given.get(member)
        if named is None or named == "" or named == (candidate.before or {}).get(member):
            return None
        entity = validation.table(resource).get(str(named))
        reason = (
            _refusal_reason(entity, ())
            if entity is None
            else _refusal_reason(entity, entity.parents)
        )
        if not reason:
            return None
        return rule_context.refuse(
            candidate.index,
            "parentEntityError",
            reason,
            member=member,
            value=named,
            message=message,
        )

    def check_batch(items: list[Item], _validation: ValidationContext) -> bool:
        return not any([member in item for item in items])  # noqa: C419 -- half the time (measured)

    return with_batch_check(check, check_batch)


def _refusal_reason(entity: Entity | None, above: tuple[str, ...]) -> str:
    """Return the reason of a parent's refusal, empty if it is valid."""
    if entity is None or entity.parents != above:
        return "PARENT_ENTITY_NOT_FOUND"
    return "PARENT_ENTITY_ARCHIVED" if entity.is_archived else ""


def unarchived_parents(parents: tuple[Parent, ...], rule_context: RuleContext) -> Check:
    """Return the check that no parent of an updated entity is archived.

    Source: campaign management reference 2.8 (documented: the reason).
    """

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        assert candidate.stored is not None
        found = tuple(
            entity
            for parent, parent_id in zip(parents, candidate.stored.parents, strict=True)
            if (entity := validation.table(parent.resource).get(parent_id)) is not None
        )
        candidate.parents = found
        if not any(entity.is_archived for entity in found):
            return None
        return rule_context.refuse(
            candidate.index,
            "entityStateError",
            "PARENT_ARCHIVED_FORBIDS_UPDATES",
            extra={"entityType": rule_context.contract.entity_type},
        )

    return check
