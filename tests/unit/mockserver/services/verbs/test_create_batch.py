"""A valid batch is stored at once, with the same result as its items one by one."""

from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.core.outcome import Success
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs import create as verb
from adsmock.mockserver.services.verbs.write import store_all
from tests.unit.mockserver.services.sandbox_fixture import (
    COMPILED,
    SandboxFixture,
    ad_group,
    campaign,
)

STATES = st.sampled_from(["ENABLED", "PAUSED"])
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"state": STATES},
        optional={
            "endDate": st.sampled_from(["2035-01-01", None]),
            "portfolioId": st.sampled_from(["", None]),
            "dynamicBidding": st.just({"strategy": "MANUAL"}),
            "tags": st.dictionaries(st.text("ab", min_size=1), st.text("xyz"), max_size=3),
            "unknown": st.integers(),
        },
    ),
    min_size=1,
    max_size=8,
)


def table(fixture, resource):
    return fixture.sandbox.store.table(fixture.profiles["US"].id, resource)


def held(fixture):
    """Return all that the store knows of a stage's campaigns, indexes included."""
    campaigns = table(fixture, "sp.campaigns")
    return (
        [tuple(entity) for entity in campaigns.all()],
        {state: campaigns.in_state(state) for state in ("ENABLED", "PAUSED", "ARCHIVED")},
        [campaigns.holder(entity.key) for entity in campaigns.all()],
        fixture.sandbox.store.changes(fixture.profiles["US"].id),
        fixture.sandbox.store.seq,
    )


@given(ITEMS)
def test_a_batch_leaves_the_same_as_its_items_one_by_one(drawn):
    items = [campaign(f"Name {number}", **row) for number, row in enumerate(drawn)]
    whole, single = SandboxFixture(), SandboxFixture()
    for fixture in (whole, single):
        fixture.sandbox.store.log_changes(frozenset({"sp.campaigns"}))
    together = whole.create("sp.campaigns", items)
    apart = [outcome for item in items for outcome in single.create("sp.campaigns", [item])]
    assert [each[1:] for each in together] == [each[1:] for each in apart]
    assert [each.index for each in together] == list(range(len(items)))
    assert held(whole) == held(single)


def test_a_valid_batch_takes_the_short_way_and_another_does_not(monkeypatch):
    taken = []

    def noted(compiled, wholes, scene):
        taken.append(compiled.name)
        return store_all(compiled, wholes, scene)

    monkeypatch.setattr(verb, "store_all", noted)
    fixture = SandboxFixture()
    fixture.create("sp.campaigns", [campaign("a"), campaign("b")])
    assert taken == ["sp.campaigns"]
    first, second = fixture.create("sp.campaigns", [campaign("c"), campaign("c")])
    assert isinstance(first, Success)
    assert not isinstance(second, Success)
    assert fixture.create("sp.campaigns", [campaign("a")])[0].reason == "DUPLICATE_VALUE"
    assert taken == ["sp.campaigns"]


def test_a_batch_comes_with_what_is_born_along():
    fixture = SandboxFixture()
    (parent,) = fixture.create("sp.campaigns", [campaign("auto", targetingType="AUTO")])
    compiled = COMPILED["sp.adGroups"]
    scene = ValidationContext(fixture.sandbox, fixture.profiles["US"], fixture.sandbox.clock.now())
    items = [ad_group(parent.id, f"group {number}") for number in range(2)]
    groups = store_all(compiled, items, scene)
    born = [row["adGroupId"] for row in fixture.rows("sp.targets")]
    assert sorted(set(born)) == sorted(each.id for each in groups)
    assert len(born) == 8
    under = table(fixture, "sp.adGroups")
    assert under.children(0, parent.id) == [each.id for each in groups]
    assert under.live_children[0, parent.id] == 2
