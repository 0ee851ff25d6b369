import orjson
import pytest

from adsmock.mockserver.core.outcome import Failure, Success
from adsmock.mockserver.services.faults.kinds.partial import Partial
from tests.unit.mockserver.services.sandbox_fixture import (
    COMPILED,
    CONTRACTS,
    RESOURCES,
    TODAY,
    SandboxFixture,
    ad_group,
    campaign,
    grow,
)

EVERY = pytest.mark.parametrize("resource", RESOURCES)


@EVERY
def test_create_stores_what_was_sent_under_a_new_id(resource):
    tree = grow(resource)
    (outcome,) = tree.fixture.create(resource, [tree.item()])
    entity = orjson.loads(outcome.body)
    assert entity[COMPILED[resource].id_field] == outcome.id
    assert tree.item().items() <= entity.items()
    assert tree.fixture.rows(resource, {_selector(resource): {"include": [outcome.id]}}) == [entity]


def _selector(resource):
    return CONTRACTS.by_name[resource].identity.selector


@EVERY
def test_create_drops_unknown_members_without_a_word(resource):
    tree = grow(resource)
    (outcome,) = tree.fixture.create(resource, [tree.item(dailyBudget=3)])
    assert isinstance(outcome, Success)
    assert "dailyBudget" not in orjson.loads(outcome.body)


def test_create_drops_unknown_members_at_all_depths():
    fixture = SandboxFixture()
    budget = {"budget": 5, "budgetType": "DAILY", "extra": 1}
    bidding = {"strategy": "MANUAL", "placementBidding": [{"percentage": 3, "old": True}]}
    (outcome,) = fixture.create("sp.campaigns", [campaign(budget=budget, dynamicBidding=bidding)])
    entity = orjson.loads(outcome.body)
    assert entity["budget"] == {"budget": 5, "budgetType": "DAILY"}
    assert entity["dynamicBidding"]["placementBidding"] == [{"percentage": 3}]
    assert budget["extra"] == 1, "the request is not ours to change"


@EVERY
def test_create_takes_parent_ids_as_numbers_and_shows_them_as_text(resource):
    tree = grow(resource)
    numbers = {name: int(value) for name, value in tree.parents.items()}
    (outcome,) = tree.fixture.create(resource, [{**tree.item(), **numbers}])
    assert tree.parents.items() <= orjson.loads(outcome.body).items()


@EVERY
def test_create_refuses_the_second_of_the_same_key(resource):
    tree = grow(resource)
    first, second = tree.fixture.create(resource, [tree.item(), tree.item()])
    assert isinstance(first, Success)
    assert (second.kind, second.reason) == ("duplicateValueError", "DUPLICATE_VALUE")
    assert second.location == f"{COMPILED[resource].root}[1].{_unique_member(resource)}"
    assert second.message.endswith("already exists!")


def _unique_member(resource):
    return COMPILED[resource].resource.unique.location.split(",")[0]


@EVERY
def test_create_may_use_the_key_of_an_archived_entity_again(resource):
    tree = grow(resource)
    tree.fixture.archive(resource, [tree.fixture.one(resource, tree.item())])
    (outcome,) = tree.fixture.create(resource, [tree.item()])
    assert isinstance(outcome, Success)


@EVERY
def test_create_fails_the_planned_items_and_stores_nothing_of_them(resource):
    tree = grow(resource)
    before = len(tree.fixture.rows(resource))
    effect = Partial(indexes=(0, 9), error="throttledError", reason="THROTTLED")
    failed, done = tree.fixture.create(
        resource, [tree.item(), tree.item(state="PAUSED")], planned=effect
    )
    assert (failed.kind, failed.reason, failed.index) == ("throttledError", "THROTTLED", 0)
    assert failed.message == "Too Many Requests"
    assert isinstance(done, Success)
    assert len(tree.fixture.rows(resource)) == before + 1


@pytest.mark.parametrize("kind", sorted(CONTRACTS.item_errors))
def test_create_fills_the_members_that_a_planned_error_demands(kind):
    error = CONTRACTS.item_errors[kind]
    effect = Partial(indexes=(0,), error=kind, reason=error.reasons[0])
    fixture = SandboxFixture()
    value = fixture.reply(
        "sp.campaigns", fixture.create("sp.campaigns", [campaign()], planned=effect)
    )["campaigns"]["error"][0]["errors"][0]["errorValue"][kind]
    demanded = {field.name for field in error.fields if field.read == "required"}
    assert demanded | {"cause", "message", "reason"} == set(value)
    assert value["message"]


def test_create_gives_a_campaign_its_defaults():
    fixture = SandboxFixture()
    (outcome,) = fixture.create("sp.campaigns", [campaign(endDate=None)])
    entity = orjson.loads(outcome.body)
    assert entity["startDate"] == TODAY
    assert entity["dynamicBidding"] == {"placementBidding": [], "strategy": "LEGACY_FOR_SALES"}
    assert "endDate" not in entity


def test_create_starts_a_campaign_on_the_day_of_its_own_time_zone():
    fixture = SandboxFixture()
    fixture.sandbox.clock.advance(4 * 3600)  # 16:00 UTC: the second of July in Tokyo
    budget = {"budget": 500, "budgetType": "DAILY"}
    fixture.one("sp.campaigns", campaign(budget=budget), country="JP")
    fixture.one("sp.campaigns", campaign(budget=budget), country="US")
    assert fixture.rows("sp.campaigns", country="JP")[0]["startDate"] == "2026-07-02"
    assert fixture.rows("sp.campaigns", country="US")[0]["startDate"] == "2026-07-01"


def test_create_of_an_automatic_ad_group_brings_four_targets():
    fixture = SandboxFixture()
    campaign_id = fixture.one("sp.campaigns", campaign(targetingType="AUTO"))
    group_id = fixture.one("sp.adGroups", ad_group(campaign_id))
    targets = fixture.rows("sp.targets")
    assert [each["expression"] for each in targets] == [
        [{"type": "QUERY_HIGH_REL_MATCHES"}],
        [{"type": "QUERY_BROAD_REL_MATCHES"}],
        [{"type": "ASIN_SUBSTITUTE_RELATED"}],
        [{"type": "ASIN_ACCESSORY_RELATED"}],
    ]
    for each in targets:
        assert each["expressionType"] == "AUTO"
        assert each["state"] == "ENABLED"
        assert (each["campaignId"], each["adGroupId"]) == (campaign_id, group_id)
        assert each["resolvedExpression"] == each["expression"]
        assert "bid" not in each


def test_create_of_a_manual_ad_group_brings_none():
    tree = grow("sp.targets")
    assert tree.fixture.rows("sp.targets") == []


def test_vendors_may_repeat_campaign_names_and_sellers_may_not():
    fixture = SandboxFixture()
    assert all(
        isinstance(each, Success)
        for each in fixture.create("sp.campaigns", [campaign(), campaign()], country="DE")
    )
    outcomes = fixture.create("sp.campaigns", [campaign(), campaign()], country="US")
    assert [type(each) for each in outcomes] == [Success, Failure]


def test_a_repeated_campaign_name_is_refused_as_by_the_real_service():
    fixture = SandboxFixture()
    fixture.one("sp.campaigns", campaign("LYSO-Kindle"))
    assert fixture.reply(
        "sp.campaigns", fixture.create("sp.campaigns", [campaign("LYSO-Kindle")])
    ) == {
        "campaigns": {
            "error": [
                {
                    "errors": [
                        {
                            "errorType": "duplicateValueError",
                            "errorValue": {
                                "duplicateValueError": {
                                    "cause": {
                                        "location": "$.campaigns[0].name",
                                        "trigger": "LYSO-Kindle",
                                    },
                                    "message": "Campaign with name=LYSO-Kindle already exists!",
                                    "reason": "DUPLICATE_VALUE",
                                }
                            },
                        }
                    ],
                    "index": 0,
                }
            ],
            "success": [],
        }
    }


def test_a_repeated_target_is_reported_with_its_expression():
    tree = grow("sp.targets")
    expression = [{"type": "ASIN_EXPANDED_FROM", "value": "B08K2Z78R3"}]
    item = tree.item(expression=expression)
    tree.fixture.one("sp.targets", item)
    refusal = tree.fixture.refusal(tree.fixture.create("sp.targets", [item]))
    assert refusal.location == "$.targetingClauses[0].expression"
    assert orjson.loads(refusal.trigger) == expression
    assert refusal.message == (
        f"TargetingClause with campaignId={tree.parents['campaignId']}, "
        f"adGroupId={tree.parents['adGroupId']}, expressionType=MANUAL, "
        "expression=[(value=B08K2Z78R3, type=ASIN_EXPANDED_FROM)] already exists!"
    )


def test_profiles_do_not_see_each_other():
    fixture = SandboxFixture()
    campaign_id = fixture.one("sp.campaigns", campaign(), country="US")
    assert fixture.rows("sp.campaigns", country="CA") == []
    refusal = fixture.refusal(fixture.create("sp.adGroups", [ad_group(campaign_id)], country="CA"))
    assert refusal.reason == "PARENT_ENTITY_NOT_FOUND"
    refusal = fixture.refusal(fixture.archive("sp.campaigns", [campaign_id], country="CA"))
    assert refusal.kind == "entityNotFoundError"


def test_an_empty_batch_has_no_outcomes():
    assert SandboxFixture().create("sp.campaigns", []) == []
