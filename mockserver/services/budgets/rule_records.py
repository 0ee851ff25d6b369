"""Budget rules as stored records: how the verbs find, render and page them.

A rule is one entity. Its association with a campaign is another, with the campaign and the rule as
parents. The campaigns are those of the contract's family.

Source: campaign management reference 7 (documented: members, limits, the code Ok); saved replies of
Amazon's Postman collection (observed: status values, nulls, texts of accepted items). The codes
and texts of refused items are assumed.
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
_REACHED = 0.7
"""Share of performance rules whose threshold is reached (assumed)."""


REASONS = {"ON_HOLD": "INELIGIBLE_PERFORMANCE_METRIC"}
"""Why a rule does not act, by its status (observed)."""


class ItemRefused(Exception):
    """The refusal of one item: its code and details."""

    def __init__(self, code: str, details: str) -> None:
        super().__init__(details)
        self.code = code
        self.details = details


Action = Callable[[RequestContext, ValidationContext, Item], Item]


def item_reply(context: RequestContext, action: Action, index: int, item: Item) -> Item:
    """Return the reply of one item: its result or its refusal."""
    effect = partial.failing(context.fault, index, item)
    if effect is not None:
        return _refusal(item, effect.reason, partial.text(effect))
    try:
        return {"code": "Ok", "details": "", **action(context, validation_of(context), item)}
    except ItemRefused as refused:
        return _refusal(item, refused.code, refused.details)


def _refusal(item: Item, code: str, details: str) -> Item:
    rule_id = item.get("ruleId") or item.get("budgetRuleId")
    row = {"code": code, "details": details}
    # A create has no id, and its member may hold anything.
    return {**row, "ruleId": rule_id} if rule_id and isinstance(rule_id, str) else row


def item_replies(context: RequestContext, action: Action, items: Iterable[Item]) -> list[Item]:
    """Return the replies of a batch, in its order."""
    return [item_reply(context, action, index, item) for index, item in enumerate(items)]


def find(context: RequestContext, validation: ValidationContext, rule_id: str) -> Entity:
    """Return a rule.

    Raises:
        ItemRefused: the rule is unknown.
    """
    stored = validation.table(rules_of(context)).get(rule_id)
    if stored is None:
        raise ItemRefused("NOT_FOUND", f"Budget rule {rule_id} was not found")
    return stored


def rule_in_path(context: RequestContext, validation: ValidationContext) -> Entity:
    """Return the rule that the path names.

    Raises:
        ApiError: 404; the rule is unknown.
    """
    try:
        return find(context, validation, context.parameters["budgetRuleId"])
    except ItemRefused as refused:
        raise ApiError("notFound", 404, message=refused.details) from None


def live_associations(
    context: RequestContext, validation: ValidationContext, parent: int, parent_id: str
) -> list[Entity]:
    """Return associations of a parent: 0 is the campaign, 1 the rule."""
    table = validation.table(associations_of(context))
    found = table.many(table.children(parent, parent_id))
    return [each for each in found if not each.is_archived]


def page(
    context: RequestContext, rows: list[Entity], key: str, rule_row: Callable[[Entity], Item]
) -> Document:
    """Return a page of entities in order of creation.

    Raises:
        ApiError: 400; the page size or the token is not valid.
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
    value: Item = {key: [rule_row(each) for each in page], "nextToken": None}
    if len(left) > len(page):
        value["nextToken"] = next_page_token(context, name, [], page[-1].seq)
    return Document(value)


def rule_row(rule: Entity, validation: ValidationContext, *, of_campaign: bool = False) -> Item:
    """Return a rule in the format of reads; what it lacks is null.

    ``of_campaign`` adds why it does or does not act on the campaign.
    """
    whole, status = validation.document(rule), status_of(rule, validation)
    why = {"status": status, "reasonCode": REASONS.get(status)}
    return {
        **whole,
        "ruleDetails": _with_nulls(whole["ruleDetails"]),
        "ruleStatus": status,
        "ruleStatusDetails": why if of_campaign else None,
        "createdDate": int(rule.created * 1000),
        "lastUpdatedDate": int(rule.updated * 1000),
    }


def _with_nulls(details: Item) -> Item:
    """Return the details of a rule with null for every member that it lacks."""
    duration: Item = {"dateRangeTypeRuleDuration": None, "eventTypeRuleDuration": None}
    duration |= {name: days and {"endDate": None, **days} for name, days in _durations(details)}
    recurrence = {"daysOfWeek": None, "intraDaySchedule": None, **(details.get("recurrence") or {})}
    return {
        "performanceMeasureCondition": None,
        **details,
        "duration": duration,
        "recurrence": recurrence,
    }


def _durations(details: Item) -> list[tuple[str, Item]]:
    """Return the durations that a rule has, by member: one."""
    return [(name, days) for name, days in details["duration"].items() if days]


def status_of(rule: Entity, validation: ValidationContext) -> str:
    """Return the status of a rule today."""
    whole = validation.document(rule)
    details, today = whole["ruleDetails"], validation.day("day")
    begins, ends = span(details)
    if whole["ruleState"] == "PAUSED":
        return "PAUSED"
    if begins > today:
        return "PENDING_START"
    if ends and ends < today:
        return "EXPIRED"
    is_met = seeded_random.unit(validation.sandbox.seed, "budgetRule", rule.id, today) < _REACHED
    if details["ruleType"] == "PERFORMANCE" and not is_met:
        return "ON_HOLD"
    return "ACTIVE"


def span(details: Item) -> tuple[str, str]:
    """Return the first and last day of a rule as YYYYMMDD, empty without one."""
    ((_, days),) = _durations(details)
    first, last = str(days.get("startDate") or ""), str(days.get("endDate") or "")
    return first.replace("-", ""), last.replace("-", "")


def name_of(rule: Entity, validation: ValidationContext) -> str:
    """Return the name of a rule."""
    return str(validation.document(rule)["ruleDetails"]["name"])


def validation_of(context: RequestContext) -> ValidationContext:
    """Return the validation context of the call."""
    return ValidationContext(context.sandbox, context.profile, context.now)


def rules_of(context: RequestContext) -> str:
    """Return the resource name of rules."""
    return context.contract.name


def associations_of(context: RequestContext) -> str:
    """Return the resource name of associations."""
    return f"{context.contract.name}.campaigns"


def campaigns_of(context: RequestContext) -> str:
    """Return the resource name of the family's campaigns."""
    return f"{context.contract.family}.campaigns"
