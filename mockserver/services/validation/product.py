"""Checks of the advertised product: which identifier an item has, and its format."""

from __future__ import annotations

import re

from adsmock.contracts.model import Rule as WireRule
from adsmock.mockserver.catalog.resource import Rule
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    ValidationContext,
)


def one_of(rule: WireRule, rule_context: RuleContext) -> Check:
    """Return the check that an item has exactly one of the comma-separated members."""
    members = tuple(name.strip() for name in rule.field.split(","))

    def check(candidate: Candidate, _validation: ValidationContext) -> Failure | None:
        given = [name for name in members if candidate.whole.get(name) is not None]
        if len(given) == 1:
            return None
        return rule_context.refuse(
            candidate.index,
            rule.error,
            rule.reason,
            member=members[0],
            value=candidate.whole.get(members[0]),
            message=rule.message,
        )

    return check


def product(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that the identifier of the account kind is present and well-formed."""
    member: str = rule.settings["member"]
    reason: str = rule.settings["reason"]
    matches = re.compile(rule.settings["pattern"]).fullmatch

    def check(candidate: Candidate, _validation: ValidationContext) -> Failure | None:
        value = candidate.whole.get(member)
        if value is None:
            return rule_context.refuse(
                candidate.index, "missingValueError", "MISSING_VALUE", member=member
            )
        if matches(value):
            return None
        return rule_context.refuse(
            candidate.index, "productIdentifierError", reason, member=member, value=value
        )

    return check


def sole(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that an entity with a certain member is the only live child of its parent.

    Source: campaign management reference 1.9 (documented: one product ad if it has a custom text;
    assumed: the kind of the error).
    """
    member: str = rule.settings["member"]
    number: int = rule.settings["parent"]
    holder = rule_context.resource.parents[number].member

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        table = validation.table(rule_context.contract.name)
        parent_id = candidate.parents[number].id
        live = table.live_children.get((number, parent_id), 0)
        if not live:
            return None
        # If there are several live children, none of them has to be the only one.
        is_special = candidate.whole.get(member) is not None or (
            live == 1 and _has_member(table, number, parent_id, member, validation)
        )
        if not is_special:
            return None
        return rule_context.refuse(
            candidate.index,
            "unsupportedOperationError",
            "UNSUPPORTED_OPERATION",
            member=holder,
            value=parent_id,
        )

    return check


def _has_member(
    table: Table, number: int, parent_id: str, member: str, validation: ValidationContext
) -> bool:
    """Say whether the live child of a parent has the member."""
    children = table.many(table.children(number, parent_id))
    return any(
        validation.document(child).get(member) is not None
        for child in children
        if not child.is_archived
    )
