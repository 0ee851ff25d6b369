"""Import of a budget rule with its campaigns, as a setup: no limit applies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from adsmock.mockserver.core.entity import ENABLED, Entity
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs.write import render


def import_rule(
    validation: ValidationContext, family: str, details: dict[str, Any], campaigns: Iterable[str]
) -> str:
    """Store an active rule and its associations, and return its id.

    Args:
        validation: the profile and the time.
        family: ``sp``, ``sb`` or ``sd``.
        details: the rule as a create sends it; its first day may have passed.
        campaigns: ids of campaigns of the family.
    """
    rules = f"{family}.budgetRules"
    rule_id = validation.sandbox.mint.uuid(rules)
    whole = {"ruleDetails": details, "ruleState": "ACTIVE", "ruleId": rule_id}
    _put(validation, rules, rule_id, render(whole), ())
    for campaign in campaigns:
        pair = orjson.dumps({"campaignId": campaign, "ruleId": rule_id})
        place = f"{rules}.campaigns"
        _put(validation, place, f"{campaign}.{rule_id}", pair, (campaign, rule_id))
    return rule_id


def _put(
    validation: ValidationContext, name: str, own: str, body: bytes, parents: tuple[str, ...]
) -> None:
    seq, now = validation.sandbox.store.next_seq(), validation.now
    validation.table(name).put(Entity(own, seq, ENABLED, body, parents, None, now, now))
