"""Which campaigns budget rules act on: tie them, untie them, list them from either side.

Knows the limits of a campaign's rules. Must not know any family by name.

Source: campaign management reference 7 (documented: members, limits, words of the status, the
code Ok). The codes and texts of refused items are assumed.
"""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from adsmock.mockserver.core.entity import ARCHIVED, ENABLED, Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.budget.part import (
    Deed,
    Refused,
    answer,
    answers,
    campaigns_of,
    find,
    links_of,
    live_links,
    name_of,
    named,
    page,
    rules_of,
    scene_of,
    shown,
    status_of,
)
from adsmock.mockserver.services.scene import Item, Scene
from adsmock.mockserver.services.work import Work

MOST = 250
"""Rules of one campaign. Source: reference 7 (documented)."""


def campaigns(work: Work) -> Document:
    """Return a page of the campaigns that a rule acts on.

    Raises:
        ApiError: 404; there is no such rule.
    """
    scene = scene_of(work)
    rule = named(work, scene)
    status = status_of(rule, scene)
    table = scene.table(campaigns_of(work))

    def row(link: Entity) -> Item:
        campaign = table.get(link.parents[0])
        name = scene.document(campaign)["name"] if campaign else ""
        return {"campaignId": link.parents[0], "campaignName": name, "ruleStatus": status}

    return page(work, live_links(work, scene, 1, rule.id), "associatedCampaigns", row)


def associated(work: Work) -> Document:
    """Return the rules that act on a campaign.

    Raises:
        ApiError: 404; there is no such campaign.
    """
    scene = scene_of(work)
    campaign_id = _campaign(work, scene)
    rules = scene.table(rules_of(work)).many(
        link.parents[1] for link in live_links(work, scene, 0, campaign_id)
    )
    return Document({"associatedRules": [shown(each, scene) for each in rules]})


def associate(work: Work) -> Document:
    """Let rules act on a campaign.

    Raises:
        ApiError: 404; there is no such campaign.
    """
    scene = scene_of(work)
    campaign_id = _campaign(work, scene)
    pairs = [{"campaignId": campaign_id, "budgetRuleId": each} for each in _ids(work)]
    return Document({"responses": answers(work, _join, pairs)})


def disassociate(work: Work) -> Document:
    """Let a rule act on a campaign no more.

    Raises:
        ApiError: 404; it does not.
    """
    try:
        _part(work, scene_of(work), work.parameters)
    except Refused as refused:
        raise ApiError("notFound", 404, message=refused.details) from None
    return Document({})


def join(work: Work) -> Document:
    """Let rules act on campaigns, pair by pair."""
    return _each_pair(work, "budgetRulesAssociations", _join)


def part(work: Work) -> Document:
    """Let rules act on campaigns no more, pair by pair."""
    return _each_pair(work, "budgetRulesDisAssociations", _part)


def _each_pair(work: Work, member: str, deed: Deed) -> Document:
    lists: dict[str, list[Item]] = {"errorList": [], "successList": []}
    for index, pair in enumerate(work.body.get(member) or ()):
        row = answer(work, deed, index, pair)
        row |= {"index": index, "campaignId": pair["campaignId"]}
        lists["successList" if row["code"] == "Ok" else "errorList"].append(row)
    return Document({member: lists})


def _join(work: Work, scene: Scene, pair: Item) -> Item:
    rule = find(work, scene, pair["budgetRuleId"])
    campaign = scene.table(campaigns_of(work)).get(pair["campaignId"])
    if campaign is None or campaign.is_archived:
        raise Refused("NOT_FOUND", f"Campaign {pair['campaignId']} was not found")
    others = [each.parents[1] for each in live_links(work, scene, 0, campaign.id)]
    if len(others) >= MOST:
        raise Refused("LIMIT_EXCEEDED", f"A campaign has at most {MOST} budget rules")
    names = {name_of(each, scene) for each in scene.table(rules_of(work)).many(others)}
    if rule.id in others or name_of(rule, scene) in names:
        raise Refused("INVALID_ARGUMENT", "The campaign has a rule of this name already")
    _put_link(work, scene, campaign.id, rule.id, ENABLED)
    return {"ruleId": rule.id}


def _part(work: Work, scene: Scene, pair: Item) -> Item:
    campaign_id, rule_id = pair["campaignId"], pair["budgetRuleId"]
    if rule_id not in {each.parents[1] for each in live_links(work, scene, 0, campaign_id)}:
        raise Refused("NOT_FOUND", f"Rule {rule_id} does not act on campaign {campaign_id}")
    _put_link(work, scene, campaign_id, rule_id, ARCHIVED)
    return {"ruleId": rule_id}


def _put_link(work: Work, scene: Scene, campaign_id: str, rule_id: str, state: str) -> None:
    pair = {"campaignId": campaign_id, "ruleId": rule_id}
    table, link_id = scene.table(links_of(work)), f"{campaign_id}.{rule_id}"
    before = table.get(link_id)
    seq = before.seq if before else scene.sandbox.store.next_seq()
    parents = (campaign_id, rule_id)
    table.put(Entity(link_id, seq, state, orjson.dumps(pair), parents, None, scene.now, scene.now))


def _campaign(work: Work, scene: Scene) -> str:
    campaign_id = work.parameters["campaignId"]
    if scene.table(campaigns_of(work)).get(campaign_id) is None:
        raise ApiError("notFound", 404, message=f"Campaign {campaign_id} was not found")
    return campaign_id


def _ids(work: Work) -> Iterable[str]:
    rows: Iterable[str] = work.body.get("budgetRuleIds") or ()
    return rows
