"""What the verbs of budget rules share: how rules are kept, found, shown and paged.

A rule is an entity of its own; that it acts on a campaign is another, whose parents are the
campaign and the rule. The resource of campaigns is that of the contract's family. Must not know
any family by name.

Source: campaign management reference 7 (documented: members, limits, words of the status, the
code Ok). The codes and texts of refused items are assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.list_by_body import next_page_token, page_start

_PAGE = 30
_MET = 0.7
"""How often a rule of performance finds its threshold met (assumed)."""


class Refused(Exception):
    """One item that is not done: its code and why."""

    def __init__(self, code: str, details: str) -> None:
        super().__init__(details)
        self.code = code
        self.details = details


Deed = Callable[[RequestContext, ValidationContext, Item], Item]


def answer(context: RequestContext, deed: Deed, index: int, item: Item) -> Item:
    """Return the row of one item: what was done, or why it was not."""
    planned = partial.failing(context.planned, index)
    if planned is not None:
        return _refusal(item, planned.reason, partial.text(planned))
    try:
        return {"code": "Ok", "details": "", **deed(context, scene_of(context), item)}
    except Refused as refused:
        return _refusal(item, refused.code, refused.details)


def _refusal(item: Item, code: str, details: str) -> Item:
    named = item.get("ruleId") or item.get("budgetRuleId")
    row = {"code": code, "details": details}
    # A create knows no id: what stands in its place may be anything.
    return {**row, "ruleId": named} if named and isinstance(named, str) else row


def answers(context: RequestContext, deed: Deed, items: Iterable[Item]) -> list[Item]:
    """Return the rows of a batch, in its order."""
    return [answer(context, deed, index, item) for index, item in enumerate(items)]


def find(context: RequestContext, validation: ValidationContext, rule_id: str) -> Entity:
    """Return a rule, or refuse the item that names it."""
    stored = validation.table(rules_of(context)).get(rule_id)
    if stored is None:
        raise Refused("NOT_FOUND", f"Budget rule {rule_id} was not found")
    return stored


def named(context: RequestContext, validation: ValidationContext) -> Entity:
    """Return the rule that the path names.

    Raises:
        ApiError: 404; there is none with this id.
    """
    try:
        return find(context, validation, context.parameters["budgetRuleId"])
    except Refused as refused:
        raise ApiError("notFound", 404, message=refused.details) from None


def live_links(
    context: RequestContext, validation: ValidationContext, parent: int, parent_id: str
) -> list[Entity]:
    """Return what ties campaigns and rules, by parent number (0 campaign, 1 rule)."""
    table = validation.table(links_of(context))
    found = table.many(table.children(parent, parent_id))
    return [each for each in found if not each.is_archived]


def page(
    context: RequestContext, rows: list[Entity], key: str, shown: Callable[[Entity], Item]
) -> Document:
    """Return a page of entities in order of creation.

    Raises:
        ApiError: 400; the size or the token is not one that a page can have.
    """
    size = context.parameters.get("pageSize", "")
    name = f"{context.operation.id} {context.parameters.get('budgetRuleId', '')}"
    after = page_start(context, name, [], context.parameters.get("nextToken"))
    if not size.isdecimal() or not 1 <= int(size) <= _PAGE:
        raise ApiError("invalid", 400, message=f"pageSize is a number from 1 to {_PAGE}")
    if after is None:
        raise ApiError("invalid", 400, message="Invalid nextToken")
    left = [each for each in rows if each.seq > after]
    page = left[: int(size)]
    value: Item = {key: [shown(each) for each in page]}
    if len(left) > len(page):
        value["nextToken"] = next_page_token(context, name, [], page[-1].seq)
    return Document(value)


def shown(rule: Entity, validation: ValidationContext) -> Item:
    """Return a rule as reads show it."""
    return {
        **validation.document(rule),
        "ruleStatus": status_of(rule, validation),
        "createdDate": int(rule.created * 1000),
        "lastUpdatedDate": int(rule.updated * 1000),
    }


def status_of(rule: Entity, validation: ValidationContext) -> str:
    """Return the word of what a rule does today."""
    whole = validation.document(rule)
    details, today = whole["ruleDetails"], validation.day("day")
    begins, ends = span(details)
    if whole["ruleState"] == "PAUSED":
        return "Paused"
    if begins > today:
        return "Pending start"
    if ends and ends < today:
        return "Expired"
    is_met = seeded_random.unit(validation.sandbox.seed, "budgetRule", rule.id, today) < _MET
    if details["ruleType"] == "PERFORMANCE" and not is_met:
        return "Budget threshold not met"
    return "Active"


def span(details: Item) -> tuple[str, str]:
    """Return the first and the last day of a rule as YYYYMMDD; empty where none is named."""
    (days,) = details["duration"].values()
    first, last = str(days.get("startDate") or ""), str(days.get("endDate") or "")
    return first.replace("-", ""), last.replace("-", "")


def name_of(rule: Entity, validation: ValidationContext) -> str:
    """Return the name of a rule."""
    return str(validation.document(rule)["ruleDetails"]["name"])


def scene_of(context: RequestContext) -> ValidationContext:
    """Return the profile at this moment."""
    return ValidationContext(context.sandbox, context.profile, context.now)


def rules_of(context: RequestContext) -> str:
    """Return the resource that rules are kept as."""
    return context.contract.name


def links_of(context: RequestContext) -> str:
    """Return the resource that ties campaigns and rules."""
    return f"{context.contract.name}.campaigns"


def campaigns_of(context: RequestContext) -> str:
    """Return the family's resource of campaigns."""
    return f"{context.contract.family}.campaigns"
