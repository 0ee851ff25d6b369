"""Any sequence of making, changing and tying budget rules leaves what a plain dictionary says.

One machine for the three families that have them.
"""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from adsmock.contracts.iso8601 import format_utc
from tests.stateful.content import item
from tests.unit.mockserver.fixtures import contract_set, create_server, runtime, value
from tests.unit.mockserver.services.budgets.test_rules import RULE

JSON = "application/json"
NUMBERS = count()
home = cache(runtime)
NAMES = st.sampled_from(("A", "B"))
STATES = st.sampled_from(("ACTIVE", "PAUSED"))
PICKS = st.integers(0, 5)
UNKNOWN = "7"
NOT_FOUND = 404
DAY = 86_400


class BudgetRules(RuleBasedStateMachine):
    """Two campaigns; ``rules`` are name and state by id, ``ties`` the rules of each campaign."""

    family: str

    @initialize()
    def open(self) -> None:
        self.own = create_server(home(), f"rules{next(NUMBERS)}")
        self.rules: dict[str, tuple[str, str]] = {}
        self.ties: dict[str, list[str]] = {self.campaign(number): [] for number in (1, 2)}

    def campaign(self, number: int) -> str:
        name = f"{self.family}.campaigns"
        operation = contract_set().operations[f"{name}.create"]
        row, envelope = item(name, number, "seller"), contract_set().by_name[name].envelope
        body = {envelope: [row]} if envelope else [row]
        answer = value(self.own.call(operation.path, body, media=operation.request))
        made = answer[envelope]["success"] if envelope else answer
        return str(made[0]["campaignId"])

    def send(self, method: str, path: str, body: Any = b"") -> Any:
        return self.own.call(f"/{self.family}{path}", body, method, media=JSON)

    def days(self) -> Any:
        """Return a duration that no wait has left behind: a rule begins today or later."""
        now = self.own.sandbox.clock.now()
        first, last = (format_utc(now + days * DAY)[:10].replace("-", "") for days in (1, 3))
        return {"dateRangeTypeRuleDuration": {"startDate": first, "endDate": last}}

    def picked(self, place: int) -> str:
        ids = [*self.rules]
        return ids[place] if place < len(ids) else UNKNOWN

    @rule(names=st.lists(NAMES, min_size=1, max_size=2), spoilt=st.booleans())
    def make(self, names, spoilt):
        rows = [RULE | {"name": name, "duration": self.days()} for name in names]
        if spoilt:
            rows[0] = rows[0] | {"duration": {}}
        answer = value(self.send("POST", "/budgetRules", {"budgetRulesDetails": rows}))
        for place, (row, name) in enumerate(zip(answer["responses"], names, strict=True)):
            assert row["code"] == ("INVALID_ARGUMENT" if spoilt and place == 0 else "Ok")
            if row["code"] == "Ok":
                self.rules[row["ruleId"]] = (name, "ACTIVE")

    @rule(place=PICKS, state=STATES)
    def change(self, place, state):
        found = self.picked(place)
        row = {"ruleId": found, "ruleState": state}
        answer = value(self.send("PUT", "/budgetRules", {"budgetRulesDetails": [row]}))
        (reported,) = answer["responses"]
        assert reported["code"] == ("Ok" if found in self.rules else "NOT_FOUND")
        if found in self.rules:
            self.rules[found] = (self.rules[found][0], state)
            held = {one for one, ties in self.ties.items() if found in ties}
            assert {*reported["associatedCampaignIds"]} == held

    @rule(second=st.booleans(), place=PICKS)
    def tie(self, second, place):
        held, found = [*self.ties][second], self.picked(place)
        path = f"/campaigns/{held}/budgetRules"
        (reported,) = value(self.send("POST", path, {"budgetRuleIds": [found]}))["responses"]
        taken = {self.rules[one][0] for one in self.ties[held]}
        word = "NOT_FOUND"
        if found in self.rules:
            word = "INVALID_ARGUMENT" if self.rules[found][0] in taken else "Ok"
        assert reported["code"] == word
        if word == "Ok":
            self.ties[held].append(found)

    @rule(second=st.booleans(), place=PICKS)
    def untie(self, second, place):
        held, found = [*self.ties][second], self.picked(place)
        reply = self.send("DELETE", f"/campaigns/{held}/budgetRules/{found}")
        assert (reply.status == NOT_FOUND) == (found not in self.ties[held])
        if found in self.ties[held]:
            self.ties[held].remove(found)

    @rule(hours=st.integers(1, 40))
    def wait(self, hours):
        self.own.sandbox.clock.advance(hours * 3600)

    @invariant()
    def rules_are_as_the_model_says(self):
        seen, token = {}, ""
        while True:
            answer = value(self.send("GET", f"/budgetRules?pageSize=2&nextToken={token}"))
            rows = answer["budgetRulesForAdvertiserResponse"]
            seen |= {row["ruleId"]: (row["ruleDetails"]["name"], row["ruleState"]) for row in rows}
            token = answer.get("nextToken", "")
            if not token:
                break
        assert seen == self.rules

    @invariant()
    def ties_are_as_the_model_says(self):
        for held, ties in self.ties.items():
            rows = value(self.send("GET", f"/campaigns/{held}/budgetRules"))["associatedRules"]
            assert {row["ruleId"] for row in rows} == {*ties}
        for found in self.rules:
            path = f"/budgetRules/{found}/campaigns?pageSize=9"
            rows = value(self.send("GET", path))["associatedCampaigns"]
            held = {one for one, ties in self.ties.items() if found in ties}
            assert {row["campaignId"] for row in rows} == held


@pytest.mark.parametrize("family", ["sp", "sb", "sd"])
def test_budget_rules_are_as_the_model_says(family):
    kind = type("Machine", (BudgetRules,), {"family": family})
    run_state_machine_as_test(kind, settings=settings(max_examples=6, stateful_step_count=12))
