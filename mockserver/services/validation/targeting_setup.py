"""Checks of targeting: what a campaign's targeting type and an ad group's content allow."""

from __future__ import annotations

import re
from typing import Any

from adsmock.mockserver.catalog.resource import Rule
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.validation.normalize import getter
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    ValidationContext,
)

_KIND = "targetingClauseSetupError"


def targeting_type(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that a parent is not of the refused variant."""
    settings = rule.settings
    number: int = settings["parent"]
    refused: str = settings["refused"]
    member = rule_context.resource.parents[number].member

    def check(candidate: Candidate, _validation: ValidationContext) -> Failure | None:
        parent = candidate.parents[number]
        if parent.variant != refused:
            return None
        return rule_context.refuse(
            candidate.index,
            settings["error"],
            settings["reason"],
            member=member,
            value=parent.id,
            message=settings["message"],
        )

    return check


def alone(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that a parent holds no live child of the other resource."""
    number: int = rule.settings["parent"]
    other: str = rule.settings["other"]
    member = rule_context.resource.parents[number].member

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        parent_id = candidate.parents[number].id
        if not validation.table(other).live_children.get((number, parent_id)):
            return None
        return rule_context.refuse(
            candidate.index, _KIND, "TYPE_CONFLICT_IN_AD_GROUP", member=member, value=parent_id
        )

    return check


def manual_only(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that clients do not create what only the service creates."""
    member: str = rule.settings["member"]
    refused: str = rule.settings["refused"]

    def check(candidate: Candidate, _validation: ValidationContext) -> Failure | None:
        stored = candidate.stored
        is_automatic = stored is not None and stored.variant == refused
        if candidate.given.get(member) != refused or is_automatic:
            return None
        return rule_context.refuse(
            candidate.index,
            _KIND,
            "AUTO_TARGETING_CLAUSE_CANNOT_BE_CREATED_MANUALLY",
            member=member,
            value=refused,
        )

    return check


def expression(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that each predicate has a value in the format of its type.

    Types without a pattern need any value, ``bare`` types need none; an array value contains
    predicates. ``automatic`` types belong to clauses that only the service creates.
    """
    settings = rule.settings
    member: str = settings["member"]
    automatic = frozenset(settings.get("automatic", ()))
    bare = frozenset(settings.get("bare", ()))
    patterns = {kind: re.compile(text) for kind, text in settings["patterns"].items()}

    def holds(predicate: dict[str, Any]) -> bool:
        kind, value = predicate.get("type"), predicate.get("value")
        if isinstance(value, list):
            return bool(value) and all(map(holds, value))
        if value is None and kind in bare:
            return True
        form = patterns.get(kind or "")
        return value is not None and (form is None or form.fullmatch(value) is not None)

    def check(candidate: Candidate, _validation: ValidationContext) -> Failure | None:
        predicates = candidate.given.get(member)
        if predicates is None:
            return None
        if any(predicate.get("type") in automatic for predicate in predicates):
            reason = "AUTO_TARGETING_CLAUSE_CANNOT_BE_CREATED_MANUALLY"
        elif predicates and all(map(holds, predicates)):
            return None
        else:
            reason = "TARGETING_EXPRESSION_INVALID_VALUE"
        return rule_context.refuse(candidate.index, _KIND, reason, member=member, value=predicates)

    return check


def needs(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that a member comes with another member that has an allowed value.

    ``values`` limits the check to those values of ``member``; ``allowed`` are the values of
    ``other`` that pass.
    """
    settings = rule.settings
    member, other = settings["member"], settings["other"]
    values, allowed = settings.get("values"), settings.get("allowed")

    def check(candidate: Candidate, _validation: ValidationContext) -> Failure | None:
        given, found = candidate.given.get(member), candidate.given.get(other)
        if given is None or (values and given not in values):
            return None
        if found is not None and (allowed is None or found in allowed):
            return None
        return rule_context.refuse(
            candidate.index,
            settings["error"],
            settings["reason"],
            member=other if found is not None else member,
            value=given,
            message=settings["message"],
        )

    return check


def uniform(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that live children of one parent agree in a dotted member.

    Source: campaign management reference 3.1 (documented for the creatives of an ad group).
    """
    settings = rule.settings
    read = getter(settings["member"])
    number: int = settings["parent"]
    holder = rule_context.resource.parents[number].member

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        parent_id = candidate.parents[number].id
        table = validation.table(rule_context.contract.name)
        if not table.live_children.get((number, parent_id)):
            return None
        children = table.many(table.children(number, parent_id))
        first = next(each for each in children if not each.is_archived)
        if read(validation.document(first)) == read(candidate.whole):
            return None
        return rule_context.refuse(
            candidate.index,
            settings["error"],
            settings["reason"],
            member=holder,
            value=parent_id,
            message=settings["message"],
        )

    return check


def allowed_by_parent(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that each predicate is of a type that the parent's ``by`` member allows."""
    settings = rule.settings
    member: str = settings["member"]
    number: int = settings["parent"]
    by: str = settings["by"]
    allowed = {value: frozenset(kinds) for value, kinds in settings["allowed"].items()}

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        found = validation.document(candidate.parents[number])[by]
        kinds = [predicate.get("type") for predicate in candidate.given.get(member) or ()]
        unsupported = [kind for kind in kinds if kind not in allowed[found]]
        if not unsupported:
            return None
        return rule_context.refuse(
            candidate.index,
            "expressionTypeError",
            "UNSUPPORTED_EXPRESSION_TYPE",
            member=member,
            value=unsupported[0],
            message=settings["message"].format(kind=unsupported[0], by=found),
        )

    return check
