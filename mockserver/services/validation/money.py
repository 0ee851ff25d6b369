"""Checks of amounts: the limits of the marketplace, and bids no higher than the budget."""

from __future__ import annotations

from adsmock.contracts.model import Rule as WireRule
from adsmock.mockserver.catalog.resource import Rule
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.validation.normalize import batch_getter, getter
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    Item,
    ValidationContext,
    with_batch_check,
)


def market(rule: WireRule, rule_context: RuleContext) -> Check:
    """Return the check that an amount is within the limits of the profile's marketplace.

    Limits of the account kind override the general ones; a marketplace without limits allows every
    amount.
    """
    read, read_all = getter(rule.field), batch_getter(rule.field)
    own = f"{rule.limit}.{rule_context.account}"
    bounds = {
        country: (found.minimum, found.maximum)
        for country, marketplace in rule_context.marketplaces.items()
        if (found := marketplace.limits.get(own) or marketplace.limits.get(rule.limit or ""))
    }

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        amount = read(candidate.given)
        if amount is None:
            return None
        low, high = bounds.get(validation.profile.country, (amount, amount))
        if low <= amount <= high:
            return None
        refusal = rule_context.refuse(
            candidate.index,
            rule.error,
            rule.reason,
            member=rule.field,
            value=amount,
            message=(rule.message_above if amount > high else "") or rule.message,
            extra=_limits_text(low, high),
        )
        refusal.is_bare = rule.is_bare
        return refusal

    def check_batch(items: list[Item], validation: ValidationContext) -> bool:
        found = bounds.get(validation.profile.country)
        amounts = read_all(items)
        return found is None or not amounts or found[0] <= min(amounts) <= max(amounts) <= found[1]

    return with_batch_check(check, check_batch)


def _limits_text(low: float, high: float) -> dict[str, str]:
    """Return limits as the backend's messages print them (documented: 1.0, 1000.0)."""
    return {"lowerLimit": repr(float(low)), "upperLimit": repr(float(high))}


def bid_by_parent(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check of a bid whose limits depend on the campaign's cost type.

    ``limits`` gives the name of the limits by the value of the parent's ``by`` member.
    Source: campaign management reference 1.9 (documented).
    """
    member: str = rule.settings["bid"]
    number: int = rule.settings["parent"]
    by: str = rule.settings["by"]
    limits: dict[str, str] = rule.settings["limits"]

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        bid = candidate.given.get(member)
        if bid is None:
            return None
        name = limits[validation.document(candidate.parents[number])[by]]
        found = rule_context.marketplaces[validation.profile.country].limits.get(name)
        if found is None or found.minimum <= bid <= found.maximum:
            return None
        return rule_context.refuse(
            candidate.index,
            "biddingError",
            "BID_OUT_OF_MARKET_PLACE_RANGE",
            member=member,
            value=bid,
            extra=_limits_text(found.minimum, found.maximum),
        )

    return check


def within_budget(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check that a bid is not above the budget of the parent campaign.

    Source: campaign management reference 2.6 (documented: the reason exists; assumed from its
    name: when it applies).
    """
    member: str = rule.settings["bid"]
    number: int = rule.settings["parent"]
    budget_of = getter(rule.settings["budget"])

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        bid = candidate.given.get(member)
        if bid is None:
            return None
        budget = budget_of(validation.document(candidate.parents[number]))
        if budget is None or bid <= budget:
            return None
        return rule_context.refuse(
            candidate.index, "biddingError", "BID_GT_BUDGET", member=member, value=bid
        )

    return check
