"""What the verbs of budget rules share: how rules are kept, found, shown and paged.

A rule is an entity of its own; that it acts on a campaign is another, whose parents are the
campaign and the rule. The resource of campaigns is that of the contract's family. Must not know
any family by name.

Source: campaign management reference 7 (documented: members, limits, words of the status, the
code Ok). The codes and texts of refused items are assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from adsmock.mockserver.core import draw
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services import planned
from adsmock.mockserver.services.query import resumed, sealed
from adsmock.mockserver.services.scene import Item, Scene
from adsmock.mockserver.services.work import Work

_PAGE = 30
_MET = 0.7
"""How often a rule of performance finds its threshold met (assumed)."""


class Refused(Exception):
    """One item that is not done: its code and why."""

    def __init__(self, code: str, details: str) -> None:
        super().__init__(details)
        self.code = code
        self.details = details


Deed = Callable[[Work, Scene, Item], Item]


def answer(work: Work, deed: Deed, index: int, item: Item) -> Item:
    """Return the row of one item: what was done, or why it was not."""
    if work.planned is not None and index in planned.indexes(work.planned):
        return _refusal(item, work.planned.reason, planned.words(work.planned))
    try:
        return {"code": "Ok", "details": "", **deed(work, scene_of(work), item)}
    except Refused as refused:
        return _refusal(item, refused.code, refused.details)


def _refusal(item: Item, code: str, details: str) -> Item:
    named = item.get("ruleId") or item.get("budgetRuleId")
    row = {"code": code, "details": details}
    # A create knows no id: what stands in its place may be anything.
    return {**row, "ruleId": named} if named and isinstance(named, str) else row


def answers(work: Work, deed: Deed, items: Iterable[Item]) -> list[Item]:
    """Return the rows of a batch, in its order."""
    return [answer(work, deed, index, item) for index, item in enumerate(items)]


def find(work: Work, scene: Scene, rule_id: str) -> Entity:
    """Return a rule, or refuse the item that names it."""
    stored = scene.table(rules_of(work)).get(rule_id)
    if stored is None:
        raise Refused("NOT_FOUND", f"Budget rule {rule_id} was not found")
    return stored


def named(work: Work, scene: Scene) -> Entity:
    """Return the rule that the path names.

    Raises:
        ApiError: 404; there is none with this id.
    """
    try:
        return find(work, scene, work.parameters["budgetRuleId"])
    except Refused as refused:
        raise ApiError("notFound", 404, message=refused.details) from None


def live_links(work: Work, scene: Scene, parent: int, parent_id: str) -> list[Entity]:
    """Return what ties campaigns and rules, by parent number (0 campaign, 1 rule)."""
    table = scene.table(links_of(work))
    found = table.many(table.children(parent, parent_id))
    return [each for each in found if not each.is_archived]


def page(work: Work, rows: list[Entity], key: str, shown: Callable[[Entity], Item]) -> Document:
    """Return a page of entities in order of creation.

    Raises:
        ApiError: 400; the size or the token is not one that a page can have.
    """
    size = work.parameters.get("pageSize", "")
    name = f"{work.operation.id} {work.parameters.get('budgetRuleId', '')}"
    after = resumed(work, name, [], work.parameters.get("nextToken"))
    if not size.isdecimal() or not 1 <= int(size) <= _PAGE:
        raise ApiError("invalid", 400, message=f"pageSize is a number from 1 to {_PAGE}")
    if after is None:
        raise ApiError("invalid", 400, message="Invalid nextToken")
    left = [each for each in rows if each.seq > after]
    page = left[: int(size)]
    value: Item = {key: [shown(each) for each in page]}
    if len(left) > len(page):
        value["nextToken"] = sealed(work, name, [], page[-1].seq)
    return Document(value)


def shown(rule: Entity, scene: Scene) -> Item:
    """Return a rule as reads show it."""
    return {
        **scene.document(rule),
        "ruleStatus": status_of(rule, scene),
        "createdDate": int(rule.created * 1000),
        "lastUpdatedDate": int(rule.updated * 1000),
    }


def status_of(rule: Entity, scene: Scene) -> str:
    """Return the word of what a rule does today."""
    whole = scene.document(rule)
    details, today = whole["ruleDetails"], scene.day("day")
    begins, ends = span(details)
    if whole["ruleState"] == "PAUSED":
        return "Paused"
    if begins > today:
        return "Pending start"
    if ends and ends < today:
        return "Expired"
    is_met = draw.unit(scene.sandbox.seed, "budgetRule", rule.id, today) < _MET
    if details["ruleType"] == "PERFORMANCE" and not is_met:
        return "Budget threshold not met"
    return "Active"


def span(details: Item) -> tuple[str, str]:
    """Return the first and the last day of a rule as YYYYMMDD; empty where none is named."""
    (days,) = details["duration"].values()
    first, last = str(days.get("startDate") or ""), str(days.get("endDate") or "")
    return first.replace("-", ""), last.replace("-", "")


def name_of(rule: Entity, scene: Scene) -> str:
    """Return the name of a rule."""
    return str(scene.document(rule)["ruleDetails"]["name"])


def scene_of(work: Work) -> Scene:
    """Return the profile at this moment."""
    return Scene(work.sandbox, work.profile, work.now)


def rules_of(work: Work) -> str:
    """Return the resource that rules are kept as."""
    return work.contract.name


def links_of(work: Work) -> str:
    """Return the resource that ties campaigns and rules."""
    return f"{work.contract.name}.campaigns"


def campaigns_of(work: Work) -> str:
    """Return the family's resource of campaigns."""
    return f"{work.contract.family}.campaigns"
