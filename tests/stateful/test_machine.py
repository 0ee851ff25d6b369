"""Any sequence of calls leaves the sandbox as a plain dictionary says it should.

One machine for every family: a family is two resources, one above the other, and how their items
are made. All else is read from contract and catalog.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mockserver.core.fault import Effect
from mockserver.core.outcome import Success
from tests.stateful.model import Row, Shop
from tests.unit.services.stage import PLANS, Stage, ad_group, campaign

COUNTRIES = st.sampled_from(("US", "DE"))
NAMES = st.sampled_from(("A", "B", "C"))
STATES = st.sampled_from(("ENABLED", "PAUSED"))
FLAGS = st.booleans()
CHANGES = st.fixed_dictionaries({}, optional={"name": NAMES, "state": STATES})
PICKS = st.integers(0, 30)
"""Positions in the list of all ids, of this profile and the other; beyond it, an unknown id."""
ABOVE, BELOW = 0, 1
TIERS = st.sampled_from((ABOVE, BELOW))


@dataclass(frozen=True)
class Family:
    """Two resources, the upper one first, and lawful items of each."""

    resources: tuple[str, str]
    upper: Callable[[str, bool], Row]
    lower: Callable[[str, str], Row]
    brood: str = ""
    """The resource of which four are born with a lower entity whose parent was flagged."""


SP = Family(
    ("sp.campaigns", "sp.adGroups"),
    lambda name, flag: campaign(name, targetingType="AUTO" if flag else "MANUAL"),
    ad_group,
    brood="sp.targets",
)
SD = Family(
    ("sd.campaigns", "sd.adGroups"),
    lambda name, flag: {
        "name": name,
        "tactic": "T00030" if flag else "T00020",
        "state": "enabled",
        "startDate": "20270101",
    },
    lambda parent, name: {
        "campaignId": int(parent),
        "name": name,
        "state": "enabled",
        "defaultBid": 1.5,
    },
)

SB = Family(
    ("sb.campaigns", "sb.adGroups"),
    lambda name, flag: {
        "name": name,
        "state": "ENABLED",
        "budget": 500.0,
        "budgetType": "LIFETIME" if flag else "DAILY",
    },
    lambda parent, name: {"campaignId": parent, "name": name, "state": "ENABLED"},
)


class FamilyMachine(RuleBasedStateMachine):
    """Two profiles, a seller and a vendor, and what a client does to them."""

    family: Family

    @initialize()
    def open(self) -> None:
        self.stage = Stage()
        self.shops = {"US": Shop("seller"), "DE": Shop("vendor")}
        self.born = dict.fromkeys(self.shops, 0)

    def pick(self, tier: int, place: int) -> str:
        resource = self.family.resources[tier]
        ids = [found for shop in self.shops.values() for found in shop.table(resource)]
        return ids[place] if place < len(ids) else "1"

    def told(self, outcomes: list[Any]) -> list[str]:
        assert [each.index for each in outcomes] == list(range(len(outcomes)))
        return ["ok" if isinstance(each, Success) else each.kind for each in outcomes]

    def written(self, resource: str, changes: Row) -> Row:
        """Return changes with the state as the wire writes it."""
        words = PLANS[resource].words
        return {name: words.get(value, value) for name, value in changes.items()}

    @rule(
        country=COUNTRIES,
        drawn=st.lists(st.tuples(NAMES, FLAGS), max_size=4),
        doomed=st.sets(st.integers(0, 3)),
    )
    def create_upper(self, country, drawn, doomed):
        resource = self.family.resources[ABOVE]
        effect = Effect("partial", indexes=tuple(doomed)) if doomed else None
        items = [self.family.upper(name, flag) for name, flag in drawn]
        self.create(country, resource, items, effect)

    @rule(country=COUNTRIES, drawn=st.lists(st.tuples(PICKS, NAMES), max_size=4))
    def create_lower(self, country, drawn):
        items = [self.family.lower(self.pick(ABOVE, place), name) for place, name in drawn]
        self.create(country, self.family.resources[BELOW], items, None)

    def create(self, country: str, resource: str, items: list[Row], effect: Effect | None) -> None:
        shop, doomed = self.shops[country], effect.indexes if effect else ()
        outcomes = self.stage.create(resource, items, country=country, planned=effect)
        for outcome, word, item in zip(outcomes, self.told(outcomes), items, strict=True):
            is_doomed = outcome.index in doomed
            assert word == ("throttledError" if is_doomed else shop.judge(resource, item))
            if word == "ok":
                shop.table(resource)[outcome.id] = dict(item)
                parent = shop.parent_of(resource, item) or {}
                self.born[country] += 4 * (parent.get("targetingType") == "AUTO")

    @rule(country=COUNTRIES, tier=TIERS, drawn=st.lists(st.tuples(PICKS, CHANGES), max_size=4))
    def update(self, country, tier, drawn):
        shop, resource = self.shops[country], self.family.resources[tier]
        member = PLANS[resource].id_field
        pairs = [
            (self.pick(tier, place), self.written(resource, changes)) for place, changes in drawn
        ]
        items = [{member: found, **changes} for found, changes in pairs]
        words = self.told(self.stage.update(resource, items, country=country))
        for word, (found, changes) in zip(words, pairs, strict=True):
            assert word == shop.judge_update(resource, found, changes)
            if word == "ok":
                shop.table(resource)[found] |= changes

    @rule(country=COUNTRIES, tier=TIERS, places=st.lists(PICKS, max_size=2))
    def archive(self, country, tier, places):
        shop, resource = self.shops[country], self.family.resources[tier]
        ids = [self.pick(tier, place) for place in places]
        words = self.told(self.stage.archive(resource, ids, country=country))
        for word, found in zip(words, ids, strict=True):
            assert word == shop.judge_archive(resource, found)
            if word == "ok":
                shop.table(resource)[found] |= self.written(resource, {"state": "ARCHIVED"})

    @rule(hours=st.integers(1, 40))
    def advance(self, hours):
        self.stage.box.clock.advance(hours * 3600)

    @rule(country=COUNTRIES, size=st.integers(1, 5), states=st.sets(STATES))
    def list_by_state(self, country, size, states):
        resource = self.family.resources[ABOVE]
        words = sorted(PLANS[resource].words[state] for state in states)
        found = self.stage.found(resource, {"state": words}, size, country=country)
        wanted = [
            entity_id
            for entity_id, row in self.shops[country].table(resource).items()
            if not words or row["state"] in words
        ]
        assert found == wanted

    @rule(country=COUNTRIES, place=PICKS, size=st.integers(1, 5))
    def list_children(self, country, place, size):
        parent, resource = self.pick(ABOVE, place), self.family.resources[BELOW]
        found = self.stage.found(resource, {"campaignId": [parent]}, size, country=country)
        rows = self.shops[country].table(resource)
        assert found == [each for each, row in rows.items() if str(row["campaignId"]) == parent]

    @invariant()
    def store_is_as_the_model_says(self):
        for country, shop in self.shops.items():
            for resource in self.family.resources:
                member, table = PLANS[resource].id_field, shop.table(resource)
                rows = self.stage.every(resource, country=country)
                assert [str(row[member]) for row in rows] == [*table]
                for row in rows:
                    assert table[str(row[member])].items() <= row.items()
            if self.family.brood:
                born = self.stage.every(self.family.brood, country=country)
                assert len(born) == self.born[country]


class SponsoredProducts(FamilyMachine):
    family = SP


class SponsoredDisplay(FamilyMachine):
    family = SD


class SponsoredBrands(FamilyMachine):
    family = SB


TestSponsoredProducts = SponsoredProducts.TestCase
TestSponsoredDisplay = SponsoredDisplay.TestCase
TestSponsoredBrands = SponsoredBrands.TestCase
