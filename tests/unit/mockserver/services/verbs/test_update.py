import orjson
import pytest

from adsmock.mockserver.core.outcome import Success
from adsmock.mockserver.services.faults.kinds.partial import Partial
from tests.unit.mockserver.services.sandbox_fixture import (
    COMPILED,
    CONTRACTS,
    RESOURCES,
    SandboxFixture,
    ad_group,
    campaign,
    grow,
)

EVERY = pytest.mark.parametrize("resource", RESOURCES)


def changed(fixture, resource, **members):
    """Update one entity and return it as it is listed afterwards."""
    (outcome,) = fixture.update(resource, [members])
    assert isinstance(outcome, Success), outcome
    selector = CONTRACTS.by_name[resource].identity.selector
    (row,) = fixture.rows(resource, {selector: {"include": [outcome.id]}})
    assert row == orjson.loads(outcome.body)
    return row


@EVERY
def test_update_changes_what_is_given_and_keeps_the_rest(resource):
    tree = grow(resource)
    (created,) = tree.fixture.create(resource, [tree.item()])
    before = orjson.loads(created.body)
    id_field = COMPILED[resource].id_field
    row = changed(tree.fixture, resource, **{id_field: created.id, "state": "PAUSED"})
    assert row == {**before, "state": "PAUSED"}


@EVERY
def test_update_takes_the_id_as_a_number(resource):
    tree = grow(resource)
    found = tree.fixture.one(resource, tree.item())
    assert changed(tree.fixture, resource, **{COMPILED[resource].id_field: int(found)})


@EVERY
def test_update_of_an_unknown_id_says_so(resource):
    tree = grow(resource)
    compiled = COMPILED[resource]
    outcome = tree.fixture.refusal(
        tree.fixture.update(resource, [{compiled.id_field: "207019562887495", "state": "PAUSED"}])
    )
    assert (outcome.kind, outcome.reason) == ("entityNotFoundError", "ENTITY_NOT_FOUND")
    assert outcome.location == f"{compiled.root}[0].{compiled.id_field}"
    assert outcome.trigger == "207019562887495"
    assert outcome.message == f"Could not find {compiled.contract.noun} with id 207019562887495"
    assert outcome.extra == {
        "entityId": "207019562887495",
        "entityType": compiled.contract.entity_type,
    }


@EVERY
def test_archived_is_final(resource):
    tree = grow(resource)
    found = tree.fixture.one(resource, tree.item())
    tree.fixture.archive(resource, [found])
    item = {COMPILED[resource].id_field: found, "state": "ENABLED"}
    outcome = tree.fixture.refusal(tree.fixture.update(resource, [item]))
    assert (outcome.kind, outcome.reason) == (
        "entityStateError",
        "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED",
    )
    assert outcome.extra == {"entityType": COMPILED[resource].contract.entity_type}


@pytest.mark.parametrize("resource", [name for name in RESOURCES if COMPILED[name].parent_members])
def test_nothing_under_an_archived_parent_is_changed(resource):
    tree = grow(resource)
    found = tree.fixture.one(resource, tree.item())
    tree.fixture.archive("sp.campaigns", [tree.parents["campaignId"]])
    item = {COMPILED[resource].id_field: found, "state": "PAUSED"}
    outcome = tree.fixture.refusal(tree.fixture.update(resource, [item]))
    assert outcome.reason == "PARENT_ARCHIVED_FORBIDS_UPDATES"


@EVERY
def test_update_ignores_members_that_cannot_change(resource):
    tree = grow(resource)
    (created,) = tree.fixture.create(resource, [tree.item()])
    extra = dict.fromkeys(COMPILED[resource].parent_members, "999")
    item = {COMPILED[resource].id_field: created.id, "unknown": 1, **extra}
    row = changed(tree.fixture, resource, **item)
    assert row == orjson.loads(created.body)


@EVERY
def test_update_fails_the_planned_items_and_changes_nothing_of_them(resource):
    tree = grow(resource)
    (created,) = tree.fixture.create(resource, [tree.item()])
    effect = Partial(indexes=(0,), error="internalServerError", reason="INTERNAL_ERROR")
    item = {COMPILED[resource].id_field: created.id, "state": "PAUSED"}
    outcome = tree.fixture.refusal(tree.fixture.update(resource, [item], planned=effect))
    assert outcome.kind == "internalServerError"
    assert changed(
        tree.fixture, resource, **{COMPILED[resource].id_field: created.id}
    ) == orjson.loads(created.body)


@pytest.mark.parametrize(("given", "kept"), [(None, None), ("", 0), (1, 1)])
def test_null_detaches_a_portfolio_and_an_empty_text_does_not(given, kept):
    fixture = SandboxFixture()
    ids = [fixture.one("portfolios", {"name": name, "state": "ENABLED"}) for name in "AB"]
    found = fixture.one("sp.campaigns", campaign(portfolioId=ids[0]))
    named = ids[given] if given == 1 else given
    row = changed(fixture, "sp.campaigns", campaignId=found, portfolioId=named)
    assert row.get("portfolioId") == (None if kept is None else ids[kept])
    wanted = {"portfolioIdFilter": {"include": [ids[0]]}}
    assert len(fixture.rows("sp.campaigns", wanted)) == (kept == 0)


def test_null_clears_the_end_of_a_campaign():
    fixture = SandboxFixture()
    found = fixture.one("sp.campaigns", campaign(endDate="2026-08-01"))
    assert "endDate" not in changed(fixture, "sp.campaigns", campaignId=found, endDate=None)


@pytest.mark.parametrize("resource", ["sp.keywords", "sp.targets"])
def test_null_returns_a_bid_to_the_default(resource):
    tree = grow(resource)
    found = tree.fixture.one(resource, tree.item(bid=0.7))
    assert "bid" not in changed(
        tree.fixture, resource, **{COMPILED[resource].id_field: found}, bid=None
    )


def test_update_fills_objects_in_and_merges_placements():
    fixture = SandboxFixture()
    places = [{"placement": "PLACEMENT_TOP", "percentage": 5}]
    bidding = {"strategy": "MANUAL", "placementBidding": places}
    found = fixture.one("sp.campaigns", campaign(dynamicBidding=bidding))
    row = changed(
        fixture, "sp.campaigns", campaignId=found, dynamicBidding={"strategy": "AUTO_FOR_SALES"}
    )
    assert row["dynamicBidding"] == {"strategy": "AUTO_FOR_SALES", "placementBidding": places}
    row = changed(
        fixture, "sp.campaigns", campaignId=found, dynamicBidding={"placementBidding": []}
    )
    assert row["dynamicBidding"]["placementBidding"] == places


def test_update_ignores_another_targeting_type():
    fixture = SandboxFixture()
    found = fixture.one("sp.campaigns", campaign())
    row = changed(fixture, "sp.campaigns", campaignId=found, targetingType="AUTO")
    assert row["targetingType"] == "MANUAL"


def test_a_name_that_is_held_is_refused_and_ones_own_is_not():
    fixture = SandboxFixture()
    fixture.one("sp.campaigns", campaign("A"))
    found = fixture.one("sp.campaigns", campaign("B"))
    outcome = fixture.refusal(fixture.update("sp.campaigns", [{"campaignId": found, "name": "A"}]))
    assert outcome.kind == "duplicateValueError"
    assert changed(fixture, "sp.campaigns", campaignId=found, name="B")


def test_a_name_that_was_given_up_is_free():
    fixture = SandboxFixture()
    found = fixture.one("sp.campaigns", campaign("A"))
    changed(fixture, "sp.campaigns", campaignId=found, name="B")
    assert fixture.one("sp.campaigns", campaign("A"))
    outcome = fixture.refusal(fixture.create("sp.campaigns", [campaign("B")]))
    assert outcome.kind == "duplicateValueError"


def test_a_start_that_has_passed_is_read_only_and_one_to_come_is_not():
    fixture = SandboxFixture()
    started = fixture.one("sp.campaigns", campaign("A"))
    coming = fixture.one("sp.campaigns", campaign("B", startDate="2026-07-05"))
    later = {"startDate": "2026-07-09"}
    outcome = fixture.refusal(fixture.update("sp.campaigns", [{"campaignId": started, **later}]))
    assert outcome.reason == "UPDATING_READ_ONLY_START_DATE"
    assert changed(fixture, "sp.campaigns", campaignId=coming, **later)["startDate"] == "2026-07-09"
    fixture.sandbox.clock.advance(5 * 86_400)
    assert changed(fixture, "sp.campaigns", campaignId=started, startDate="2026-07-01")


def test_an_ended_campaign_is_changed_only_with_an_extension():
    fixture = SandboxFixture()
    found = fixture.one("sp.campaigns", campaign(endDate="2026-07-02"))
    fixture.sandbox.clock.advance(3 * 86_400)
    outcome = fixture.refusal(
        fixture.update("sp.campaigns", [{"campaignId": found, "state": "PAUSED"}])
    )
    assert outcome.reason == "UPDATING_ENDED_CAMPAIGN_WITHOUT_EXTENSION"
    past = {"campaignId": found, "endDate": "2026-07-03"}
    outcome = fixture.refusal(fixture.update("sp.campaigns", [past]))
    assert outcome.reason == "END_DATE_EARLIER_THAN_TODAY"
    row = changed(fixture, "sp.campaigns", campaignId=found, endDate="2026-07-09", state="PAUSED")
    assert row["state"] == "PAUSED"


def test_automatic_targets_take_a_bid_and_a_state_and_nothing_else():
    fixture = SandboxFixture()
    auto = fixture.one("sp.campaigns", campaign(targetingType="AUTO"))
    fixture.one("sp.adGroups", ad_group(auto))
    target = fixture.rows("sp.targets")[0]
    row = changed(
        fixture,
        "sp.targets",
        targetId=target["targetId"],
        bid=0.4,
        state="PAUSED",
        expression=[{"type": "ASIN_SAME_AS", "value": "B000000001"}],
        expressionType="MANUAL",
    )
    assert row == {**target, "bid": 0.4, "state": "PAUSED"}


def test_a_manual_target_does_not_become_automatic():
    tree = grow("sp.targets")
    found = tree.fixture.one("sp.targets", tree.item())
    for members in (
        {"expressionType": "AUTO"},
        {"expression": [{"type": "QUERY_HIGH_REL_MATCHES"}]},
    ):
        outcome = tree.fixture.refusal(
            tree.fixture.update("sp.targets", [{"targetId": found, **members}])
        )
        assert outcome.reason == "AUTO_TARGETING_CLAUSE_CANNOT_BE_CREATED_MANUALLY"


def test_a_new_expression_is_resolved_and_takes_its_place_among_the_unique():
    tree = grow("sp.targets")
    found = tree.fixture.one("sp.targets", tree.item())
    other = [{"type": "ASIN_SAME_AS", "value": "B000000009"}]
    row = changed(tree.fixture, "sp.targets", targetId=found, expression=other)
    assert row["resolvedExpression"] == other
    assert tree.fixture.refusal(
        tree.fixture.create("sp.targets", [tree.item(expression=other)])
    ).kind == ("duplicateValueError")
    assert tree.fixture.one("sp.targets", tree.item())


def test_a_bid_is_checked_when_it_is_updated():
    tree = grow("sp.keywords")
    found = tree.fixture.one("sp.keywords", tree.item())
    for bid, reason in ((0.01, "BID_OUT_OF_MARKET_PLACE_RANGE"), (11, "BID_GT_BUDGET")):
        outcome = tree.fixture.refusal(
            tree.fixture.update("sp.keywords", [{"keywordId": found, "bid": bid}])
        )
        assert outcome.reason == reason


def test_a_missing_entity_is_reported_before_anything_else_about_the_item():
    fixture = SandboxFixture()
    outcome = fixture.refusal(fixture.update("sp.campaigns", [{"campaignId": "1", "name": ""}]))
    assert outcome.kind == "entityNotFoundError"
    found = fixture.one("sp.campaigns", campaign())
    fixture.archive("sp.campaigns", [found])
    outcome = fixture.refusal(fixture.update("sp.campaigns", [{"campaignId": found, "name": ""}]))
    assert outcome.kind == "entityStateError"


def test_an_archived_parent_is_reported_before_the_text():
    tree = grow("sp.adGroups")
    found = tree.fixture.one("sp.adGroups", tree.item())
    tree.fixture.archive("sp.campaigns", [tree.parents["campaignId"]])
    outcome = tree.fixture.refusal(
        tree.fixture.update("sp.adGroups", [{"adGroupId": found, "name": ""}])
    )
    assert outcome.reason == "PARENT_ARCHIVED_FORBIDS_UPDATES"
