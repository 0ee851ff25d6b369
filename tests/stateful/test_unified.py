"""Any sequence of calls, by either of two families, leaves what a plain dictionary says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from adsmock.mockserver.core.fault import Match
from tests.unit.mockserver.fixtures import campaign as native_campaign
from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.unified.fixtures import (
    SB,
    SD,
    SP,
    ST,
    ad_group,
    campaign,
    query_records,
    send_batch,
    unified_server,
)

NAMES = st.sampled_from(("A", "B", "C"))
STATES = st.sampled_from(("ENABLED", "PAUSED"))
BATCHES = st.lists(NAMES, min_size=1, max_size=3)
PICKS = st.integers(0, 8)


Row = dict[str, Any]
LATER = "2027-01-01T00:00:00-08:00"
"""When campaigns start: after all that the machine may wait."""
SHORT = {SP: "sp", SB: "sb", SD: "sd", ST: "st"}
ODD = {
    SB: {
        "costType": "CPC",
        "brandId": "ENTITY1",
        "optimizations": {"goalSettings": {"kpi": "CLICKS"}},
    },
    SD: {"costType": "VCPM", "autoCreationSettings": None},
    ST: {"marketplaceScope": None, "autoCreationSettings": None},
}
"""What a campaign of a product has besides, or, where None, has not."""
ODD_GROUP = {
    SB: {"bid": None},
    SD: {"marketplaceScope": "SINGLE_MARKETPLACE", "marketplaces": ["US"]},
}
"""The same of an ad group."""


class UnifiedMachine(RuleBasedStateMachine):
    """Campaigns and ad groups of one seller: ``campaigns`` are name and state by id."""

    product = SP

    @initialize()
    def open(self) -> None:
        self.server = unified_server()
        self.campaigns: dict[str, tuple[str, str]] = {}
        self.groups: dict[str, tuple[str, str]] = {}

    def item(self, name: str, state: str) -> Row:
        row = campaign(name, state=state, adProduct=self.product, startDateTime=LATER)
        row |= ODD.get(self.product, {})
        return {member: value for member, value in row.items() if value is not None}

    def group(self, parent: str, name: str) -> Row:
        row = ad_group(parent, name, adProduct=self.product) | ODD_GROUP.get(self.product, {})
        return {member: value for member, value in row.items() if value is not None}

    def rows(self, resource: str, size: int) -> list[Row]:
        return query_records(self.server, resource, self.product, maxResults=size)

    def pick(self, place: int) -> str:
        ids = list(self.campaigns)
        return ids[place] if place < len(ids) else "1"

    def is_taken(self, name: str, but: str = "") -> bool:
        return self.product != ST and any(
            own != but and row[0] == name and row[1] != "ARCHIVED"
            for own, row in self.campaigns.items()
        )

    def is_named(self, parent: str, name: str) -> bool:
        return self.product != ST and (parent, name) in self.groups.values()

    def judge(self, own: str) -> str:
        if own not in self.campaigns:
            return "RESOURCE_ID_NOT_FOUND"
        return "ARCHIVED_RESOURCE_CANNOT_EDIT" if self.campaigns[own][1] == "ARCHIVED" else ""

    @rule(names=BATCHES, state=STATES, doomed=st.booleans())
    def create(self, names, state, doomed):
        if doomed:
            here = Match(operation=(f"v1.{SHORT[self.product]}.campaigns.create",))
            self.server.plan("partial", effect={"indexes": (0,)}, match=here, times=1)
        items = [self.item(name, state) for name in names]
        made, refused = send_batch(self.server, "create/campaigns", {"campaigns": items})
        ids = iter(made)
        for index, name in enumerate(names):
            code = "TOO_MANY_REQUESTS" if doomed and index == 0 else ""
            code = code or ("FIELD_VALUE_NOT_UNIQUE" if self.is_taken(name) else "")
            assert refused.get(index, ("",))[0] == code
            if not code:
                self.campaigns[next(ids)["campaignId"]] = (name, state)
        self.server.sandbox.faults.remove("partial")

    @precondition(lambda self: self.product == SP)
    @rule(name=NAMES, state=STATES)
    def create_natively(self, name, state):
        body = {"campaigns": [native_campaign(name, state=state)]}
        answer = value(self.server.call("/sp/campaigns", body))["campaigns"]
        assert bool(answer["error"]) == self.is_taken(name)
        for row in answer["success"]:
            self.campaigns[row["campaignId"]] = (name, state)

    @rule(place=PICKS, name=NAMES, state=STATES)
    def update(self, place, name, state):
        own = self.pick(place)
        change = {"campaignId": own, "name": name, "state": state}
        _, refused = send_batch(self.server, "update/campaigns", {"campaigns": [change]})
        code = self.judge(own) or ("FIELD_VALUE_NOT_UNIQUE" if self.is_taken(name, but=own) else "")
        assert refused.get(0, ("",))[0] == code
        if not code:
            self.campaigns[own] = (name, state)

    @precondition(lambda self: self.product != ST)
    @rule(place=PICKS, natively=st.booleans())
    def archive(self, place, natively):
        own = self.pick(place)
        code = self.judge(own)
        if natively and self.product == SP:
            self.server.call("/sp/campaigns/delete", {"campaignIdFilter": {"include": [own]}})
        else:
            _, refused = send_batch(self.server, "delete/campaigns", {"campaignIds": [own]})
            assert refused.get(0, ("",))[0] == code
        if not code:
            self.campaigns[own] = (self.campaigns[own][0], "ARCHIVED")

    @rule(place=PICKS, name=NAMES)
    def create_group(self, place, name):
        parent = self.pick(place)
        made, refused = send_batch(
            self.server, "create/adGroups", {"adGroups": [self.group(parent, name)]}
        )
        code = {
            "RESOURCE_ID_NOT_FOUND": "FIELD_VALUE_NOT_FOUND",
            "ARCHIVED_RESOURCE_CANNOT_EDIT": "ARCHIVED_PARENT_CANNOT_CREATE",
            "": "FIELD_VALUE_NOT_UNIQUE" if self.is_named(parent, name) else "",
        }[self.judge(parent)]
        assert refused.get(0, ("",))[0] == code
        if not code:
            self.groups[made[0]["adGroupId"]] = (parent, name)

    @rule(seconds=st.integers(1, 86_400))
    def wait(self, seconds):
        self.server.sandbox.clock.advance(seconds)

    @invariant()
    def every_family_shows_the_model(self):
        unified = {
            row["campaignId"]: (row["name"], row["state"]) for row in self.rows("campaigns", 2)
        }
        groups = {
            row["adGroupId"]: (row["campaignId"], row["name"]) for row in self.rows("adGroups", 1)
        }
        assert (unified, groups) == (self.campaigns, self.groups)

    @precondition(lambda self: self.product == SP)
    @invariant()
    def the_native_family_shows_the_model(self):
        native = {
            row["campaignId"]: (row["name"], row["state"])
            for row in value(self.server.call("/sp/campaigns/list", {}))["campaigns"]
        }
        assert native == self.campaigns

    @invariant()
    def no_other_product_shows_anything(self):
        others = [product for product in SHORT if product != self.product]
        assert [query_records(self.server, "campaigns", product) for product in others] == [
            [],
            [],
            [],
        ]


@pytest.mark.parametrize("product", SHORT)
def test_a_product_is_as_the_model_says(product):
    kind = type("Machine", (UnifiedMachine,), {"product": product})
    run_state_machine_as_test(kind, settings=settings(max_examples=8, stateful_step_count=12))
