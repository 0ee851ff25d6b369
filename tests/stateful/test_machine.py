"""Any sequence of calls leaves the sandbox as a plain dictionary says it should."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mockserver.core.fault import Effect
from mockserver.core.outcome import Success
from tests.stateful.model import Shop
from tests.unit.services.stage import Stage, ad_group, campaign

COUNTRIES = st.sampled_from(("US", "DE"))
NAMES = st.sampled_from(("A", "B", "C"))
STATES = st.sampled_from(("ENABLED", "PAUSED"))
KINDS = st.sampled_from(("MANUAL", "AUTO"))
CHANGES = st.fixed_dictionaries({}, optional={"name": NAMES, "state": STATES})
PICKS = st.integers(0, 30)
"""Positions in the list of all ids, of this profile and the other; beyond it, an unknown id."""


class SandboxMachine(RuleBasedStateMachine):
    """Two profiles, a seller and a vendor, and what a client does to them."""

    @initialize()
    def open(self) -> None:
        self.stage = Stage()
        self.shops = {"US": Shop(may_repeat_names=False), "DE": Shop(may_repeat_names=True)}

    def known(self, table: str) -> list[str]:
        return [found for shop in self.shops.values() for found in getattr(shop, table)]

    def pick(self, table: str, place: int) -> str:
        ids = self.known(table)
        return ids[place] if place < len(ids) else "1"

    def told(self, outcomes: list[Any]) -> list[str]:
        assert [each.index for each in outcomes] == list(range(len(outcomes)))
        return ["ok" if isinstance(each, Success) else each.kind for each in outcomes]

    @rule(
        country=COUNTRIES,
        drawn=st.lists(st.tuples(NAMES, KINDS), max_size=4),
        doomed=st.sets(st.integers(0, 3)),
    )
    def create_campaigns(self, country, drawn, doomed):
        shop = self.shops[country]
        effect = Effect("partial", indexes=tuple(doomed)) if doomed else None
        items = [campaign(name, targetingType=kind) for name, kind in drawn]
        outcomes = self.stage.create("sp.campaigns", items, country=country, planned=effect)
        for outcome, word, item in zip(outcomes, self.told(outcomes), items, strict=True):
            is_doomed = outcome.index in doomed
            assert word == ("throttledError" if is_doomed else shop.judge_campaign(item["name"]))
            if word == "ok":
                shop.campaigns[outcome.id] = dict(item)

    @rule(country=COUNTRIES, drawn=st.lists(st.tuples(PICKS, NAMES), max_size=4))
    def create_groups(self, country, drawn):
        shop = self.shops[country]
        items = [ad_group(self.pick("campaigns", place), name) for place, name in drawn]
        outcomes = self.stage.create("sp.adGroups", items, country=country)
        for outcome, word, item in zip(outcomes, self.told(outcomes), items, strict=True):
            assert word == shop.judge_group(item["campaignId"], item["name"])
            if word == "ok":
                shop.add_group(outcome.id, dict(item))

    @rule(country=COUNTRIES, drawn=st.lists(st.tuples(PICKS, CHANGES), max_size=4))
    def update_campaigns(self, country, drawn):
        shop = self.shops[country]
        pairs = [(self.pick("campaigns", place), changes) for place, changes in drawn]
        items = [{"campaignId": found, **changes} for found, changes in pairs]
        words = self.told(self.stage.update("sp.campaigns", items, country=country))
        for word, (found, changes) in zip(words, pairs, strict=True):
            assert word == shop.judge_campaign_update(found, changes)
            if word == "ok":
                shop.campaigns[found] |= changes

    @rule(country=COUNTRIES, drawn=st.lists(st.tuples(PICKS, CHANGES), max_size=4))
    def update_groups(self, country, drawn):
        shop = self.shops[country]
        pairs = [(self.pick("groups", place), changes) for place, changes in drawn]
        items = [{"adGroupId": found, **changes} for found, changes in pairs]
        words = self.told(self.stage.update("sp.adGroups", items, country=country))
        for word, (found, changes) in zip(words, pairs, strict=True):
            assert word == shop.judge_group_update(found, changes)
            if word == "ok":
                shop.groups[found] |= changes

    @rule(
        country=COUNTRIES,
        table=st.sampled_from((("campaigns", "sp.campaigns"), ("groups", "sp.adGroups"))),
        places=st.lists(PICKS, max_size=2),
    )
    def archive(self, country, table, places):
        shop, (name, resource) = self.shops[country], table
        ids = [self.pick(name, place) for place in places]
        words = self.told(self.stage.archive(resource, ids, country=country))
        for word, found in zip(words, ids, strict=True):
            assert word == shop.judge_archive(name, found)
            if word == "ok":
                getattr(shop, name)[found]["state"] = "ARCHIVED"

    @rule(hours=st.integers(1, 40))
    def advance(self, hours):
        self.stage.box.clock.advance(hours * 3600)

    @rule(country=COUNTRIES, size=st.integers(1, 5), states=st.sets(STATES))
    def list_by_state(self, country, size, states):
        body = {"maxResults": size, "stateFilter": {"include": sorted(states)}}
        rows = self.stage.rows("sp.campaigns", body, country=country)
        wanted = [
            found
            for found, row in self.shops[country].campaigns.items()
            if not states or row["state"] in states
        ]
        assert [row["campaignId"] for row in rows] == wanted

    @rule(country=COUNTRIES, place=PICKS, size=st.integers(1, 5))
    def list_children(self, country, place, size):
        parent = self.pick("campaigns", place)
        body = {"maxResults": size, "campaignIdFilter": {"include": [parent]}}
        rows = self.stage.rows("sp.adGroups", body, country=country)
        groups = self.shops[country].groups
        wanted = [found for found, row in groups.items() if row["campaignId"] == parent]
        assert [row["adGroupId"] for row in rows] == wanted

    @invariant()
    def store_is_as_the_model_says(self):
        for country, shop in self.shops.items():
            for resource, member, table in (
                ("sp.campaigns", "campaignId", shop.campaigns),
                ("sp.adGroups", "adGroupId", shop.groups),
            ):
                rows = self.stage.rows(resource, country=country)
                assert [row[member] for row in rows] == [*table]
                for row in rows:
                    assert table[row[member]].items() <= row.items()
            assert self.stage.listing("sp.targets", country=country).total == shop.targets


TestSandbox = SandboxMachine.TestCase
