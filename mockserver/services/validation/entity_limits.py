"""Entity limits: how many entities that are not archived an account or a parent may have."""

from __future__ import annotations

from adsmock.mockserver.catalog.resource import Limit
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    Item,
    ValidationContext,
    with_batch_check,
)

UNLIMITED = "unlimited"
"""The value of the sandbox choice ``entityLimits`` that turns limits off, for load tests."""


def within_limit(limit: Limit, rule_context: RuleContext, parent_noun: str) -> Check:
    """Return the check that the limit allows one more entity."""
    name = rule_context.contract.name
    number = limit.parent

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        table = validation.table(name)
        if len(table) < limit.maximum:
            return None  # nearly every create; needs no counting
        if number is None:
            count = table.live
        else:
            count = table.live_children.get((number, candidate.parents[number].id), 0)
        if count < limit.maximum or validation.sandbox.choices.get("entityLimits") == UNLIMITED:
            return None
        return rule_context.refuse(
            candidate.index,
            "entityQuotaError",
            "NON_ARCHIVED_QUOTA_EXCEEDED",
            extra={
                "entityType": rule_context.contract.entity_type,
                "quota": str(limit.maximum),
                "quotaScope": "ACCOUNT" if number is None else "PARENT_ENTITY",
            },
            scope=parent_noun,
        )

    def check_batch(items: list[Item], validation: ValidationContext) -> bool:
        has_room = len(validation.table(name)) + len(items) <= limit.maximum
        return has_room or validation.sandbox.choices.get("entityLimits") == UNLIMITED

    return with_batch_check(check, check_batch)
