"""Check of budgets that a program raises because of messages: once each, and no others.

Source: Ads docs, Marketing Stream, budget-usage: one message at each 5 % step, perhaps twice;
documented.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    row,
    unproven,
)
from adsmock.harness.suite.checks.stream import Record, deliveries, is_cut
from adsmock.harness.suite.journal import CaseView

UPDATE = "sp.campaigns.update"
VERB = "raise_budgets"
DATASET = "budget-usage"


def budgets_are_raised_once(view: CaseView, campaigns: int) -> Finding:
    """Hold when each campaign whose budget is nearly used is raised once, and no other.

    Args:
        view: the view of the case; its task has the percentage and the amount.
        campaigns: campaigns with a message that asks for a raise.
    """
    task = next(iter(view.task_args(VERB)), {"percent": 0, "amount": 0})
    known = _messages(view)
    budget_of = {str(one["budget_scope_id"]): Decimal(str(one["budget"])) for one in known}
    due = due_campaigns(view, task["percent"])
    numbers: dict[str, Any] = {"messages": len(known), "due": len(due)}
    if is_cut(view):
        return inconclusive("a reply with messages was too large for the journal", **numbers)
    if len(due) < campaigns:
        return unproven(
            f"messages about {len(due)} of {campaigns} budgets were received", **numbers
        )
    written, evidence = _written(view, budget_of)
    numbers["raised"] = len(written)
    amount, left = Decimal(str(task["amount"])), sorted(due - set(written))
    breach = _wrong_raise(written, {each: budget_of[each] for each in due}, amount)
    if not breach and left and view.record.ending.timed_out:
        return inconclusive("the client was stopped before it raised all budgets", **numbers)
    if not breach and left:
        those = f"{len(left)} of {counted(len(due), 'budget')}"
        breach = f"{those} not raised, such as that of campaign {left[0]}"
    if breach:
        return broken(breach, evidence, **numbers)
    said = f"{counted(len(due), 'budget')} raised once, for {counted(len(known), 'message')}"
    return holds(said, evidence, **numbers)


def due_campaigns(view: CaseView, percent: float) -> set[str]:
    """Return the campaigns that have used so much of their budget, as received messages say."""
    return {
        str(one["budget_scope_id"])
        for one in _messages(view)
        if one["budget_usage_percentage"] >= percent
    }


def _messages(view: CaseView) -> list[Record]:
    return [each.record or {} for each in deliveries(view) if each.dataset == DATASET]


def _wrong_raise(
    written: dict[str, list[Decimal]], due: dict[str, Decimal], amount: Decimal
) -> str:
    """Return which write was wrong, empty if none; ``due`` has the budgets to raise."""
    for campaign, values in written.items():
        if campaign not in due:
            return (
                f"campaign {campaign} was raised to {_text(values[0])}, although no message says "
                "that so much of its budget is used"
            )
        wanted = due[campaign] + amount
        if values != [wanted]:
            return (
                f"the budget of campaign {campaign} was {_text(due[campaign])}, and one raise "
                f"makes it {_text(wanted)}; the program wrote {', then '.join(map(_text, values))}"
            )
    return ""


def _written(
    view: CaseView, budget_of: dict[str, Decimal]
) -> tuple[dict[str, list[Decimal]], tuple[Evidence, ...]]:
    """Return the different budgets that were written to each campaign, in order, and the calls.

    A repeated write of the same value changes nothing, so it counts once.
    """
    values: dict[str, list[Decimal]] = {}
    evidence = []
    for call in view.of_operation(UPDATE):
        items = call.request.get("campaigns", ()) if isinstance(call.request, dict) else ()
        for item in items if call.committed else ():
            campaign, budget = str(item.get("campaignId")), item.get("budget")
            value = budget.get("budget") if isinstance(budget, dict) else None
            if value is None or Decimal(str(value)) == budget_of.get(campaign):
                continue
            own = values.setdefault(campaign, [])
            if Decimal(str(value)) not in own:
                own.append(Decimal(str(value)))
        evidence.append(row(call, "update of campaigns"))
    return values, tuple(evidence)


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"


JUDGES = (budgets_are_raised_once,)
