"""Checks of a budget with a policy: what each policy needs, its days, its currency.

Source: OpenAPI Portfolios 3 (documented: policies, the reasons, nulls that remove a budget);
version 2 documented that both days are needed. Assumed: which error comes first, and that unchanged
days may be past.
"""

from __future__ import annotations

from collections.abc import Iterator

from adsmock.contracts.iso8601 import is_date
from adsmock.mockserver.catalog.resource import Rule
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    Item,
    ValidationContext,
)

Violation = tuple[str, str, str, str]
"""Kind, reason, member and message of an error."""

_BUDGET, _DATE = "budgetError", "dateError"
_PAST = (
    ("startDate", "START_DATE_EARLIER_THAN_TODAY", "Start date cannot be in the past"),
    ("endDate", "END_DATE_EARLIER_THAN_TODAY", "End date cannot be in the past"),
)


def policy(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check of an object that holds a policy with its amount, days and currency.

    ``needs`` names the members that each policy must have; a policy that needs none has none.
    """
    member: str = rule.settings["member"]
    needs: dict[str, tuple[str, ...]] = rule.settings["needs"]

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        if not candidate.given.get(member):
            return None
        whole = candidate.whole[member]
        before = (candidate.before or {}).get(member) or {}
        for kind, reason, name, message in _violations(whole, before, needs, validation):
            return rule_context.refuse(
                candidate.index,
                kind,
                reason,
                member=f"{member}.{name}",
                value=whole.get(name),
                message=message,
            )
        return None

    return check


def _violations(
    whole: Item, before: Item, needs: dict[str, tuple[str, ...]], validation: ValidationContext
) -> Iterator[Violation]:
    """Yield what is wrong with a budget; the item gets the first."""
    chosen, held = whole.get("policy"), {name for name, value in whole.items() if value is not None}
    held -= {"policy", "currencyCode"}
    if chosen is None and held:
        yield _BUDGET, "MISSING_BUDGETING_POLICY", "policy", "A budget needs a policy"
    needed = needs.get(chosen or "", ())
    if chosen is not None and (chosen not in needs or (held and not needed)):
        message = "The policy does not fit the budget"
        yield _BUDGET, "BUDGETING_POLICY_INVALID", "policy", message
    currency = whole.get("currencyCode")
    if currency is not None and currency != validation.profile.currency:
        reason = "BUDGET_CURRENCY_DOES_NOT_MATCH_MARKETPLACE_SETTINGS"
        yield _BUDGET, reason, "currencyCode", "The currency is not that of the marketplace"
    if ("amount" in needed or "amount" in held) and not (whole.get("amount") or 0) > 0:
        yield _BUDGET, "BUDGET_AMOUNT_INVALID", "amount", "The amount must be greater than 0"
    yield from _dated(whole, before, needed, validation.today)


def _dated(whole: Item, before: Item, needed: tuple[str, ...], today: str) -> Iterator[Violation]:
    start, end = whole.get("startDate"), whole.get("endDate")
    if start is None and "startDate" in needed:
        yield _DATE, "START_DATE_NOT_NULL", "startDate", "A start date is needed"
    if end is None and "endDate" in needed:
        yield "missingValueError", "MISSING_VALUE", "endDate", "An end date is needed"
    for name in ("startDate", "endDate"):
        if whole.get(name) is not None and not is_date(whole[name]):
            yield _DATE, "INVALID_DATE", name, "Date is invalid"
    for name, reason, message in _PAST:
        day = whole.get(name)
        if day is not None and day < today and day != before.get(name):
            yield _DATE, reason, name, message
    if start is not None and end is not None and start >= end:
        is_same = start == end
        reason = "START_DATE_EQUAL_END_DATE" if is_same else "START_DATE_AFTER_END_DATE"
        yield _DATE, reason, "endDate", "End date must be after start date"
