"""Associations of budget rules with campaigns: create, delete, list from either side.

Source: campaign management reference 7 (documented: members, limits, status values, the code Ok).
The codes and texts of refused items are assumed.
"""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from adsmock.mockserver.core.entity import ARCHIVED, ENABLED, Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.budgets.rule_records import (
    Action,
    ItemRefused,
    associations_of,
    campaigns_of,
    find,
    item_replies,
    item_reply,
    live_associations,
    name_of,
    page,
    rule_in_path,
    rule_row,
    rules_of,
    status_of,
    validation_of,
)
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext

MAX_RULES = 250
"""Rules of one campaign. Source: reference 7 (documented)."""


def campaigns(context: RequestContext) -> Document:
    """Return a page of the campaigns of a rule.

    Raises:
        ApiError: 404; the rule is unknown.
    """
    validation = validation_of(context)
    rule = rule_in_path(context, validation)
    status = status_of(rule, validation)
    table = validation.table(campaigns_of(context))

    def row(link: Entity) -> Item:
        campaign = table.get(link.parents[0])
        name = validation.document(campaign)["name"] if campaign else ""
        return {"campaignId": link.parents[0], "campaignName": name, "ruleStatus": status}

    return page(
        context, live_associations(context, validation, 1, rule.id), "associatedCampaigns", row
    )


def associated(context: RequestContext) -> Document:
    """Return the rules of a campaign.

    Raises:
        ApiError: 404; the campaign is unknown.
    """
    validation = validation_of(context)
    campaign_id = _campaign(context, validation)
    rules = validation.table(rules_of(context)).many(
        link.parents[1] for link in live_associations(context, validation, 0, campaign_id)
    )
    rows = [rule_row(each, validation, of_campaign=True) for each in rules]
    return Document({"associatedRules": rows})


def associate(context: RequestContext) -> Document:
    """Associate rules with a campaign.

    Raises:
        ApiError: 404; the campaign is unknown.
    """
    validation = validation_of(context)
    campaign_id = _campaign(context, validation)
    pairs = [{"campaignId": campaign_id, "budgetRuleId": each} for each in _ids(context)]
    return Document({"responses": item_replies(context, _join, pairs)})


def disassociate(context: RequestContext) -> Document:
    """Disassociate a rule from a campaign.

    Raises:
        ApiError: 404; they are not associated.
    """
    try:
        _part(context, validation_of(context), context.parameters)
    except ItemRefused as refused:
        raise ApiError("notFound", 404, message=refused.details) from None
    return Document({})


def join(context: RequestContext) -> Document:
    """Associate rules with campaigns, pair by pair."""
    return _each_pair(context, "budgetRulesAssociations", _join)


def part(context: RequestContext) -> Document:
    """Disassociate rules from campaigns, pair by pair."""
    return _each_pair(context, "budgetRulesDisAssociations", _part)


def _each_pair(context: RequestContext, member: str, action: Action) -> Document:
    lists: dict[str, list[Item]] = {"errorList": [], "successList": []}
    for index, pair in enumerate(context.body.get(member) or ()):
        row = item_reply(context, action, index, pair)
        row |= {"index": index, "campaignId": pair["campaignId"]}
        lists["successList" if row["code"] == "Ok" else "errorList"].append(row)
    return Document({member: lists})


def _join(context: RequestContext, validation: ValidationContext, pair: Item) -> Item:
    rule = find(context, validation, pair["budgetRuleId"])
    campaign = validation.table(campaigns_of(context)).get(pair["campaignId"])
    if campaign is None or campaign.is_archived:
        raise ItemRefused("NOT_FOUND", f"Campaign {pair['campaignId']} was not found")
    others = [each.parents[1] for each in live_associations(context, validation, 0, campaign.id)]
    if len(others) >= MAX_RULES:
        raise ItemRefused("LIMIT_EXCEEDED", f"A campaign has at most {MAX_RULES} budget rules")
    names = {name_of(each, validation) for each in validation.table(rules_of(context)).many(others)}
    if rule.id in others or name_of(rule, validation) in names:
        raise ItemRefused("INVALID_ARGUMENT", "The campaign has a rule of this name already")
    _put_link(context, validation, campaign.id, rule.id, ENABLED)
    return {"ruleId": rule.id, "details": "Budget rule associated"}


def _part(context: RequestContext, validation: ValidationContext, pair: Item) -> Item:
    campaign_id, rule_id = pair["campaignId"], pair["budgetRuleId"]
    if rule_id not in {
        each.parents[1] for each in live_associations(context, validation, 0, campaign_id)
    }:
        raise ItemRefused("NOT_FOUND", f"Rule {rule_id} does not act on campaign {campaign_id}")
    _put_link(context, validation, campaign_id, rule_id, ARCHIVED)
    return {"ruleId": rule_id}


def _put_link(
    context: RequestContext,
    validation: ValidationContext,
    campaign_id: str,
    rule_id: str,
    state: str,
) -> None:
    pair = {"campaignId": campaign_id, "ruleId": rule_id}
    table, link_id = validation.table(associations_of(context)), f"{campaign_id}.{rule_id}"
    before = table.get(link_id)
    seq = before.seq if before else validation.sandbox.store.next_seq()
    parents = (campaign_id, rule_id)
    table.put(
        Entity(
            link_id, seq, state, orjson.dumps(pair), parents, None, validation.now, validation.now
        )
    )


def _campaign(context: RequestContext, validation: ValidationContext) -> str:
    campaign_id = context.parameters["campaignId"]
    if validation.table(campaigns_of(context)).get(campaign_id) is None:
        raise ApiError("notFound", 404, message=f"Campaign {campaign_id} was not found")
    return campaign_id


def _ids(context: RequestContext) -> Iterable[str]:
    rows: Iterable[str] = context.body.get("budgetRuleIds") or ()
    return rows
