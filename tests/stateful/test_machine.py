"""Any sequence of calls leaves the sandbox as a plain dictionary says it should.

One machine for every family: a family is a chain of resources, each the parent of the next. All
else is read from contract and catalog, and from one table of valid items.
"""

from __future__ import annotations

from dataclasses import dataclass
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

from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.core.outcome import Success
from adsmock.mockserver.services.faults.kinds.partial import Partial
from tests.stateful.content import CONTENT, item, named_parents, written
from tests.stateful.model import Row, Shop
from tests.unit.mockserver.services.sandbox_fixture import COMPILED, CONTRACTS, SandboxFixture

COUNTRIES = st.sampled_from(("US", "DE"))
NUMBERS = st.integers(1, 3)
STATES = st.sampled_from(("ENABLED", "PAUSED"))
FLAGS = st.booleans()
CHANGES = st.fixed_dictionaries({}, optional={"name": NUMBERS, "state": STATES, "bid": NUMBERS})
PICKS = st.integers(0, 30)
"""Positions in the list of all ids, of this profile and the other; beyond it, an unknown id."""
TIERS = st.integers(0, 2)
DRAWN = st.lists(st.tuples(PICKS, NUMBERS, FLAGS), max_size=4)


@dataclass(frozen=True)
class Family:
    """A chain of resources, the uppermost first."""

    resources: tuple[str, ...]
    flags: bool = False
    """Whether items of the other kind are made too."""
    brood: str = ""
    """The resource of which four are born with an entity whose parent is of the other kind."""


class FamilyMachine(RuleBasedStateMachine):
    """Two profiles, a seller and a vendor, and what a client does to them."""

    family: Family

    @initialize()
    def open(self) -> None:
        self.fixture = SandboxFixture()
        self.shops = {"US": Shop("seller"), "DE": Shop("vendor")}
        self.born = dict.fromkeys(self.shops, 0)
        for country in self.shops:
            for tier, resource in enumerate(self.family.resources[:-1]):
                owners = list(self.shops[country].table(self.family.resources[tier - 1]))
                self.make(country, resource, owners[0] if tier else "", [(1, False)])

    def at(self, tier: int) -> str:
        return self.family.resources[min(tier, len(self.family.resources) - 1)]

    def pick(self, resource: str, place: int) -> str:
        ids = [found for shop in self.shops.values() for found in shop.table(resource)]
        return ids[place] if place < len(ids) else "1"

    def reported(self, outcomes: list[Any]) -> list[str]:
        assert [each.index for each in outcomes] == list(range(len(outcomes)))
        return ["ok" if isinstance(each, Success) else each.kind for each in outcomes]

    def owned(self, country: str, resource: str, parent: str) -> Row:
        """Return the members that name a parent and those above it."""
        if not CATALOG[resource].parents:
            return {}
        lowest = CATALOG[resource].parents[-1]
        above = self.shops[country].table(lowest.resource).get(parent, {})
        ids = {name: str(above.get(name, "1")) for name in named_parents(resource)}
        ids |= {lowest.member: parent}
        return {name: written(resource, name, one) for name, one in ids.items()}

    def make(
        self,
        country: str,
        resource: str,
        parent: str,
        drawn: list[tuple[int, bool]],
        effect: Partial | None = None,
    ) -> None:
        owner = self.owned(country, resource, parent)
        account = self.shops[country].account
        rows = [
            owner | item(resource, number, account, flagged=flag and self.family.flags)
            for number, flag in drawn
        ]
        self.create(country, resource, rows, effect)

    @rule(country=COUNTRIES, tier=TIERS, drawn=DRAWN, doomed=st.sets(st.integers(0, 3)))
    def create_some(self, country, tier, drawn, doomed):
        resource, shop = self.at(tier), self.shops[country]
        effect = Partial(indexes=tuple(doomed)) if doomed else None
        above = CATALOG[resource].parents
        rows = []
        for place, number, flag in drawn:
            parent = self.pick(above[-1].resource, place) if above else ""
            flagged = flag and self.family.flags
            made = item(resource, number, shop.account, flagged=flagged)
            rows.append(self.owned(country, resource, parent) | made)
        self.create(country, resource, rows, effect)

    def create(self, country: str, resource: str, rows: list[Row], effect: Partial | None) -> None:
        shop, doomed = self.shops[country], effect.indexes if effect else ()
        outcomes = self.fixture.create(resource, rows, country=country, planned=effect)
        for outcome, word, row in zip(outcomes, self.reported(outcomes), rows, strict=True):
            is_doomed = outcome.index in doomed
            assert word == ("throttledError" if is_doomed else shop.judge(resource, row))
            if word == "ok":
                shop.table(resource)[outcome.id] = _states(resource) | row
                parent = shop.parent_of(resource, row) or {}
                self.born[country] += 4 * (
                    parent.get("targetingType") == "AUTO" and resource == "sp.adGroups"
                )

    def changed(self, resource: str, changes: dict[str, Any]) -> Row:
        """Return those changes that an update of the resource may make, as the wire writes them."""
        fields = {row.name: row for row in CONTRACTS.by_name[resource].fields}
        words, said = COMPILED[resource].words, {}
        for name, value in changes.items():
            field = fields.get(name)
            if field is None or field.update is None:
                continue
            said[name] = {"name": f"N{value}", "state": words.get(value, value)}.get(name, value)
            if name == "state" and said[name] not in (field.enum or words.values()):
                del said[name]
        return said

    @rule(country=COUNTRIES, tier=TIERS, drawn=st.lists(st.tuples(PICKS, CHANGES), max_size=4))
    def update(self, country, tier, drawn):
        shop, resource = self.shops[country], self.at(tier)
        if f"{resource}.update" not in CONTRACTS.operations:
            return
        member = COMPILED[resource].id_field
        pairs = [(self.pick(resource, place), self.changed(resource, row)) for place, row in drawn]
        rows = [{member: found, **changes} for found, changes in pairs]
        words = self.reported(self.fixture.update(resource, rows, country=country))
        for word, (found, changes) in zip(words, pairs, strict=True):
            assert word == shop.judge_update(resource, found, changes)
            if word == "ok":
                shop.table(resource)[found] |= changes

    @rule(country=COUNTRIES, tier=TIERS, places=st.lists(PICKS, max_size=2))
    def archive(self, country, tier, places):
        shop, resource = self.shops[country], self.at(tier)
        if f"{resource}.archive" not in CONTRACTS.operations:
            return
        ids = [self.pick(resource, place) for place in places]
        words = self.reported(self.fixture.archive(resource, ids, country=country))
        for word, found in zip(words, ids, strict=True):
            assert word == shop.judge_archive(resource, found)
            if word == "ok":
                gone = COMPILED[resource].words.get("ARCHIVED", "ARCHIVED")
                shop.table(resource)[found] |= {"state": gone}

    @rule(hours=st.integers(1, 40))
    def advance(self, hours):
        self.fixture.sandbox.clock.advance(hours * 3600)

    @rule(country=COUNTRIES, tier=TIERS, size=st.integers(1, 5), states=st.sets(STATES))
    def list_by_state(self, country, tier, size, states):
        resource = self.at(tier)
        filters = [row for row in CONTRACTS.by_name[resource].filters if row.field == "state"]
        if not filters:
            return
        known = COMPILED[resource].words
        words = sorted(known[state] for state in states if state in known)
        words = [word for word in words if word in (filters[0].enum or known.values())]
        found = self.fixture.found(resource, {"state": words}, size, country=country)
        words = words or filters[0].default
        wanted = [
            entity_id
            for entity_id, row in self.shops[country].table(resource).items()
            if not words or row["state"] in words
        ]
        assert found == wanted

    @rule(country=COUNTRIES, tier=TIERS, place=PICKS, size=st.integers(1, 5))
    def list_children(self, country, tier, place, size):
        resource = self.at(tier)
        if not CATALOG[resource].parents:
            return
        lowest = CATALOG[resource].parents[-1]
        if not any(row.field == lowest.member for row in CONTRACTS.by_name[resource].filters):
            return
        parent = self.pick(lowest.resource, place)
        found = self.fixture.found(resource, {lowest.member: [parent]}, size, country=country)
        rows = self.shops[country].table(resource)
        assert found == [each for each, row in rows.items() if str(row[lowest.member]) == parent]

    @invariant()
    def store_is_as_the_model_says(self):
        for country, shop in self.shops.items():
            for resource in self.family.resources:
                member, table = COMPILED[resource].id_field, shop.table(resource)
                rows = self.fixture.every(resource, country=country)
                assert [str(row[member]) for row in rows] == [*table]
                for row in rows:
                    assert table[str(row[member])].items() <= row.items()
            if self.family.brood:
                born = self.fixture.every(self.family.brood, country=country)
                assert len(born) == self.born[country]


def _states(resource: str) -> Row:
    """Return the state of an entity whose item named none."""
    fields = {row.name: row for row in CONTRACTS.by_name[resource].fields}
    state = fields["state"].default if "state" in fields else None
    return {} if state is None else {"state": state}


def chain(resource: str) -> tuple[str, ...]:
    return (*(row.resource for row in CATALOG[resource].parents), resource)


PAIRS = {
    "sp": Family(("sp.campaigns", "sp.adGroups"), flags=True, brood="sp.targets"),
    "sd": Family(("sd.campaigns", "sd.adGroups"), flags=True),
    "sb": Family(("sb.campaigns", "sb.adGroups"), flags=True),
}
ABOVE = {row for family in PAIRS.values() for row in family.resources}
FAMILIES = PAIRS | {name: Family(chain(name)) for name in CONTENT if name not in ABOVE}


LEAF = settings(max_examples=4, stateful_step_count=10)
"""A leaf lies below a pair that has a machine of its own."""


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_as_the_model_says(name):
    kind = type("Machine", (FamilyMachine,), {"family": FAMILIES[name]})
    run_state_machine_as_test(kind, settings=None if name in PAIRS else LEAF)


def test_every_resource_is_played_but_two():
    """Ads of Sponsored Brands are made by kind; some targets need campaigns of the other kind."""
    kept = {
        name for name, row in CONTRACTS.by_name.items() if row.shape in {"keyed", "array", "split"}
    }
    assert kept - {*CONTENT} == {"sb.ads", "sp.campaignNegativeTargets"}
