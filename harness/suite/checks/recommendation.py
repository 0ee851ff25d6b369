"""Checks of recommended budgets: asked for in batches, and applied once, as recommended.

Source: Well-Architected Framework, insights and recommendations (documented: check that a
recommendation is current, track it to its end); each budget recommendation starts from the budget
that the campaign has (assumed).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.reaction import reports_failure
from adsmock.harness.suite.journal import CaseView, Entry

ASK, UPDATE = "sp.advice.budgets", "sp.campaigns.update"
VERB = "apply_recommendations"
RESULTS = "budgetRecommendationsSuccessResults"
LARGEST = 100
"""Campaigns of one call (documented)."""


@dataclass(slots=True)
class _Campaign:
    """What happened to the budget of one campaign so far.

    ``changes`` are the budgets that other tasks write.
    """

    id: str
    changes: list[Decimal]
    advice: Decimal | None = None
    applied: Decimal | None = None
    current: Decimal | None = None
    times: int = 0
    breach: str = ""
    calls: list[Entry] = field(default_factory=list)

    def recommend(self, budget: Decimal) -> None:
        """Take a recommendation."""
        self.advice = budget

    def write(self, budget: Decimal, call: Entry) -> None:
        """Take a write of the budget: another task's change, or a recommendation that is applied.

        A repeated write of the same value changes nothing.
        """
        self.calls.append(call)
        if budget == self.current:
            return
        self.current = budget
        if self.changes and budget == self.changes[0]:
            self.changes.pop(0)
            self.advice = self.applied = None
            return
        self.breach = self.breach or self._wrong(budget)
        self.applied, self.times = budget, self.times + 1

    def _wrong(self, budget: Decimal) -> str:
        where = f"the budget of campaign {self.id} was set to {_text(budget)}"
        if self.applied is not None:
            return f"{where} after {_text(self.applied)}: one task applied two recommendations"
        if self.advice is None:
            return f"{where}, and no recommendation was asked for since its budget last changed"
        if budget != self.advice:
            return f"{where}; the API recommends {_text(self.advice)}"
        return ""


def recommended_budgets_are_applied_once(view: CaseView) -> Finding:
    """Hold when each task applies what is recommended then, once for each campaign."""
    tasks = view.task_args(VERB)
    wanted = [str(name) for args in tasks for name in args["campaignIds"]]
    campaigns = _campaigns(view, wanted)
    asked = [call for call in view.of_operation(ASK) if call.is_success]
    applied = sum(each.times for each in campaigns)
    numbers: dict[str, Any] = {"recommendations": len(asked), "applied": applied}
    if not asked and not applied:
        return unproven("no recommended budget was requested", **numbers)
    if not wanted:
        return unproven("no task applies recommended budgets", **numbers)
    wrong = next((each for each in campaigns if each.breach), None)
    if wrong:
        return broken(
            wrong.breach,
            [*rows(asked, "recommendations"), *rows(wrong.calls, "budget written")],
            **numbers,
        )
    if applied < len(wanted):
        return _left(view, len(wanted) - applied, asked, numbers)
    return holds(
        f"{counted(applied, 'budget')} set as recommended, each once",
        rows(asked, "recommendations"),
        **numbers,
    )


def recommendations_are_asked_in_batches(view: CaseView, least: int) -> Finding:
    """Hold when the calls for recommendations name ``least`` campaigns on average.

    Half of the campaigns of the tasks must have been asked for. A repeated attempt of a call that
    failed is not counted.
    """
    wanted = {str(name) for args in view.task_args(VERB) for name in args["campaignIds"]}
    calls = [call for call in view.of_operation(ASK) if call.is_success]
    asked = [wanted.intersection(_named(call)) for call in calls]
    named = set[str]().union(*asked)
    numbers = {"calls": len(calls), "campaigns": len(named), "least": least}
    if not named or 2 * len(named) < len(wanted):
        missing = counted(len(wanted - named), "campaign")
        return unproven(f"no recommendation was asked for of {missing}", **numbers)
    said = f"{counted(len(calls), 'call')} asked for {counted(len(named), 'campaign')}"
    evidence = rows(calls, "recommendations")
    if sum(map(len, asked)) < least * len(calls):
        return broken(f"{said}; one call takes {LARGEST}", evidence, **numbers)
    return holds(said, evidence, **numbers)


def _named(call: Entry) -> Iterator[str]:
    """Yield the campaigns of a call for recommendations."""
    body = call.request if isinstance(call.request, dict) else {}
    yield from map(str, body.get("campaignIds") or ())


def _campaigns(view: CaseView, wanted: list[str]) -> list[_Campaign]:
    """Return the campaigns of the tasks with what happened to their budgets."""
    campaigns = {name: _Campaign(name, _changes(view, name)) for name in wanted}
    for call in view.api:
        for name, budget in _budgets(call):
            if name in campaigns and call.operation == ASK:
                campaigns[name].recommend(budget)
            elif name in campaigns:
                campaigns[name].write(budget, call)
    return list(campaigns.values())


def _left(view: CaseView, left: int, asked: list[Entry], numbers: dict[str, Any]) -> Finding:
    said = f"{counted(left, 'recommendation')} not applied"
    if view.record.ending.timed_out:
        return inconclusive(f"the client was stopped: {said}", **numbers)
    if reports_failure(view):
        return unproven(f"the client reports a failure: {said}", **numbers)
    return broken(f"{said}, and no failure was reported", rows(asked, "recommendations"), **numbers)


def _changes(view: CaseView, campaign: str) -> list[Decimal]:
    """Return the budgets that other tasks write to a campaign, in order."""
    items = [item for args in view.task_args("update") for item in args["items"]]
    return [
        Decimal(str(item["budget"]["budget"])) for item in items if item["campaignId"] == campaign
    ]


def _budgets(call: Entry) -> Iterator[tuple[str, Decimal]]:
    """Yield campaign and budget of each recommendation in an answer, or of each write."""
    if call.operation == ASK and call.is_success and isinstance(call.reply, dict):
        for row in call.reply.get(RESULTS) or ():
            yield str(row["campaignId"]), Decimal(str(row["suggestedBudget"]))
    if call.operation == UPDATE and call.committed and isinstance(call.request, dict):
        for item in call.request.get("campaigns") or ():
            budget = item.get("budget")
            if isinstance(budget, dict) and budget.get("budget") is not None:
                yield str(item.get("campaignId")), Decimal(str(budget["budget"]))


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"


JUDGES = (recommendations_are_asked_in_batches, recommended_budgets_are_applied_once)
