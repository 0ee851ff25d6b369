"""Budget rules: make, change, list and get them.

Knows what makes a lawful rule. Must not know any family by name.

Source: campaign management reference 7 (documented: members, limits, words of the status, the
code Ok). The codes and texts of refused items are assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from adsmock.mockserver.core.entity import ENABLED, Entity
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.budget.part import (
    Refused,
    answers,
    find,
    live_links,
    named,
    page,
    rules_of,
    scene_of,
    shown,
    span,
)
from adsmock.mockserver.services.scene import Item, Scene
from adsmock.mockserver.services.work import Work
from adsmock.mockserver.services.write import render

_DAY: Final = "%Y%m%d"


def create(work: Work) -> Document:
    """Make rules; every item answers for itself."""
    return Document({"responses": answers(work, _make, _details(work))})


def update(work: Work) -> Document:
    """Change rules: their details, or whether they are active."""
    return Document({"responses": answers(work, _change, _details(work))})


def browse(work: Work) -> Document:
    """Return a page of the profile's rules."""
    scene = scene_of(work)
    rules = scene.table(rules_of(work)).all()
    return page(work, rules, "budgetRulesForAdvertiserResponse", lambda each: shown(each, scene))


def get(work: Work) -> Document:
    """Return one rule.

    Raises:
        ApiError: 404; there is none with this id.
    """
    scene = scene_of(work)
    return Document({"budgetRule": shown(named(work, scene), scene)})


def _make(work: Work, scene: Scene, details: Item) -> Item:
    _judge(details, scene)
    rule_id = scene.sandbox.mint.uuid(rules_of(work))
    _keep(work, scene, rule_id, {"ruleDetails": details, "ruleState": "ACTIVE"})
    return {"ruleId": rule_id, "associatedCampaignIds": []}


def _change(work: Work, scene: Scene, given: Item) -> Item:
    stored = find(work, scene, given["ruleId"])
    whole = dict(scene.document(stored))
    if given.get("ruleDetails"):
        whole["ruleDetails"] = {**whole["ruleDetails"], **given["ruleDetails"]}
        _judge(whole["ruleDetails"], scene, is_new=False)
    whole["ruleState"] = given.get("ruleState") or whole["ruleState"]
    _keep(work, scene, stored.id, whole, stored)
    links = live_links(work, scene, 1, stored.id)
    return {"ruleId": stored.id, "associatedCampaignIds": [each.parents[0] for each in links]}


def _judge(details: Item, scene: Scene, *, is_new: bool = True) -> None:
    """Let details pass that make a rule."""
    kind, duration = details.get("ruleType"), details.get("duration") or {}
    if not details.get("name") or not kind or not details.get("budgetIncreaseBy"):
        raise Refused("INVALID_ARGUMENT", "name, ruleType and budgetIncreaseBy are needed")
    if details["budgetIncreaseBy"]["value"] <= 0:
        raise Refused("INVALID_ARGUMENT", "A budget increases by more than nothing")
    if kind == "PERFORMANCE" and not details.get("performanceMeasureCondition"):
        raise Refused("INVALID_ARGUMENT", "A rule of performance needs its condition")
    if [*map(type, duration.values())] != [dict]:
        raise Refused("INVALID_ARGUMENT", "A rule has one duration: days or an event")
    begins, ends = span(details)
    if not all(map(_is_day, filter(None, (begins, ends)))):
        raise Refused("INVALID_ARGUMENT", "A day is written as YYYYMMDD")
    if (ends and begins > ends) or (is_new and begins and begins < scene.day("day")):
        raise Refused("INVALID_ARGUMENT", "A rule begins today or later and ends after that")


def _is_day(text: str) -> bool:
    try:
        return datetime.strptime(text, _DAY).strftime(_DAY) == text  # noqa: DTZ007 -- a day
    except ValueError:
        return False


def _keep(
    work: Work, scene: Scene, rule_id: str, whole: Item, before: Entity | None = None
) -> None:
    body = render({**whole, "ruleId": rule_id})
    entity = Entity(rule_id, 0, ENABLED, body, (), None, scene.now, scene.now)
    if before is None:
        entity = entity._replace(seq=scene.sandbox.store.next_seq())
    else:
        entity = entity._replace(seq=before.seq, created=before.created)
    scene.table(rules_of(work)).put(entity)


def _details(work: Work) -> Iterable[Item]:
    rows: Iterable[Item] = work.body.get("budgetRulesDetails") or ()
    return rows
