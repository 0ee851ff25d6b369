"""Budget rules: create, update, list and get.

Source: campaign management reference 7 (documented: members, limits, words of the status, the
code Ok). The codes and texts of refused items are assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from adsmock.contracts.iso8601 import is_date
from adsmock.mockserver.core.entity import ENABLED, Entity
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.budgets.rule_records import (
    ItemRefused,
    find,
    item_replies,
    live_associations,
    page,
    rule_in_path,
    rule_row,
    rules_of,
    span,
    validation_of,
)
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.write import render

_DAY: Final = "%Y%m%d"


def create(context: RequestContext) -> Document:
    """Create rules. Each item succeeds or fails on its own."""
    return Document({"responses": item_replies(context, _make, _details(context))})


def update(context: RequestContext) -> Document:
    """Update rules: their details or their state."""
    return Document({"responses": item_replies(context, _change, _details(context))})


def browse(context: RequestContext) -> Document:
    """Return a page of the profile's rules."""
    validation = validation_of(context)
    rules = validation.table(rules_of(context)).all()
    return page(
        context, rules, "budgetRulesForAdvertiserResponse", lambda each: rule_row(each, validation)
    )


def get(context: RequestContext) -> Document:
    """Return one rule.

    Raises:
        ApiError: 404; the rule is unknown.
    """
    validation = validation_of(context)
    return Document({"budgetRule": rule_row(rule_in_path(context, validation), validation)})


def _make(context: RequestContext, validation: ValidationContext, details: Item) -> Item:
    _check(details, validation)
    rule_id = validation.sandbox.mint.uuid(rules_of(context))
    _keep(context, validation, rule_id, {"ruleDetails": details, "ruleState": "ACTIVE"})
    return {
        "ruleId": rule_id,
        "associatedCampaignIds": None,
        "details": "Budget rule created",
    }


def _change(context: RequestContext, validation: ValidationContext, given: Item) -> Item:
    stored = find(context, validation, given["ruleId"])
    whole = dict(validation.document(stored))
    if given.get("ruleDetails"):
        whole["ruleDetails"] = {**whole["ruleDetails"], **given["ruleDetails"]}
        _check(whole["ruleDetails"], validation, is_new=False)
    whole["ruleState"] = given.get("ruleState") or whole["ruleState"]
    _keep(context, validation, stored.id, whole, stored)
    links = live_associations(context, validation, 1, stored.id)
    ids = [each.parents[0] for each in links]
    return {
        "ruleId": stored.id,
        "associatedCampaignIds": ids or None,
        "details": "Budget rule updated",
    }


def _check(details: Item, validation: ValidationContext, *, is_new: bool = True) -> None:
    """Check the details of a rule.

    Raises:
        ItemRefused: they are not valid.
    """
    kind = details.get("ruleType")
    duration = {name: each for name, each in (details.get("duration") or {}).items() if each}
    if not details.get("name") or not kind or not details.get("budgetIncreaseBy"):
        raise ItemRefused("INVALID_ARGUMENT", "name, ruleType and budgetIncreaseBy are needed")
    if details["budgetIncreaseBy"]["value"] <= 0:
        raise ItemRefused("INVALID_ARGUMENT", "budgetIncreaseBy must be more than 0")
    if kind == "PERFORMANCE" and not details.get("performanceMeasureCondition"):
        raise ItemRefused("INVALID_ARGUMENT", "PERFORMANCE needs performanceMeasureCondition")
    if [*map(type, duration.values())] != [dict]:
        raise ItemRefused("INVALID_ARGUMENT", "duration must have one member: days or an event")
    begins, ends = span(details)
    if not all(is_date(day, compact=True) for day in (begins, ends) if day):
        raise ItemRefused("INVALID_ARGUMENT", "A date must have the format YYYYMMDD")
    if (ends and begins > ends) or (is_new and begins and begins < validation.day("day")):
        raise ItemRefused(
            "INVALID_ARGUMENT",
            "A rule must begin today or later, and end on or after its first day",
        )


def _keep(
    context: RequestContext,
    validation: ValidationContext,
    rule_id: str,
    whole: Item,
    before: Entity | None = None,
) -> None:
    body = render({**whole, "ruleId": rule_id})
    entity = Entity(rule_id, 0, ENABLED, body, (), None, validation.now, validation.now)
    if before is None:
        entity = entity._replace(seq=validation.sandbox.store.next_seq())
    else:
        entity = entity._replace(seq=before.seq, created=before.created)
    validation.table(rules_of(context)).put(entity)


def _details(context: RequestContext) -> Iterable[Item]:
    rows: Iterable[Item] = context.body.get("budgetRulesDetails") or ()
    return rows
