import pytest

from adsmock.mockserver.core.outcome import Success
from adsmock.mockserver.core.store import Table
from tests.unit.mockserver.services.sandbox_fixture import (
    COMPILED,
    RESOURCES,
    SandboxFixture,
    ad_group,
    campaign,
    grow,
)


def refused(resource, country="US", **members):
    tree = grow(resource, country=country)
    outcome = tree.fixture.refusal(
        tree.fixture.create(resource, [tree.item(**members)], country=country)
    )
    return outcome.kind, outcome.reason


def accepted(resource, country="US", **members):
    tree = grow(resource, country=country)
    (outcome,) = tree.fixture.create(resource, [tree.item(**members)], country=country)
    return isinstance(outcome, Success)


@pytest.mark.parametrize(
    ("resource", "members", "reason"),
    [
        ("sp.campaigns", {"name": ""}, "BLANK"),
        ("sp.campaigns", {"name": "   "}, "BLANK"),
        ("sp.campaigns", {"name": "x" * 129}, "TOO_LONG"),
        ("sp.campaigns", {"name": " x"}, "LEADING_OR_TRAILING_WHITESPACE"),
        ("sp.campaigns", {"name": "x "}, "LEADING_OR_TRAILING_WHITESPACE"),
        ("sp.campaigns", {"name": "x<y"}, "FORBIDDEN_CHARS"),
        ("sp.adGroups", {"name": "x" * 256}, "TOO_LONG"),
        ("sp.adGroups", {"name": "x#y"}, "FORBIDDEN_CHARS"),
        ("sp.keywords", {"keywordText": "x" * 81}, "TOO_LONG"),
        ("sp.keywords", {"keywordText": "a b c d e f g h i j k"}, "PATTERN_NOT_MATCHED"),
        ("sp.keywords", {"keywordText": "+shoe"}, "PATTERN_NOT_MATCHED"),
        ("sp.keywords", {"keywordText": "shoe!"}, "PATTERN_NOT_MATCHED"),
        (
            "sp.negativeKeywords",
            {"keywordText": "a b c d e", "matchType": "NEGATIVE_PHRASE"},
            "PATTERN_NOT_MATCHED",
        ),
        ("sp.campaignNegativeKeywords", {"keywordText": "a b c d e"}, "PATTERN_NOT_MATCHED"),
    ],
)
def test_text_out_of_bounds_is_malformed(resource, members, reason):
    assert refused(resource, **members) == ("malformedValueError", reason)


@pytest.mark.parametrize(
    ("resource", "members"),
    [
        ("sp.campaigns", {"name": "x" * 128}),
        ("sp.campaigns", {"name": "Frühling - 春 | $1,000 (neu)"}),
        ("sp.adGroups", {"name": "x" * 255}),
        ("sp.keywords", {"keywordText": "x" * 80}),
        ("sp.keywords", {"keywordText": "a b c d e f g h i j"}),
        ("sp.negativeKeywords", {"keywordText": "a b c d e", "matchType": "NEGATIVE_EXACT"}),
        ("sp.negativeKeywords", {"keywordText": "a b c d", "matchType": "NEGATIVE_PHRASE"}),
    ],
)
def test_text_at_its_bounds_is_valid(resource, members):
    assert accepted(resource, **members)


def test_a_vendors_campaign_name_is_shorter():
    assert accepted("sp.campaigns", country="DE", name="x" * 116)
    assert refused("sp.campaigns", country="DE", name="x" * 117)[1] == "TOO_LONG"


def test_an_invalid_keyword_comes_without_a_cause():
    tree = grow("sp.keywords")
    outcomes = tree.fixture.create("sp.keywords", [tree.item(keywordText="shoe!")])
    (row,) = tree.fixture.reply("sp.keywords", outcomes)["keywords"]["error"]
    assert row["errors"][0]["errorValue"]["malformedValueError"] == {
        "cause": {},
        "message": "Keyword is invalid",
        "reason": "PATTERN_NOT_MATCHED",
    }


@pytest.mark.parametrize(
    ("country", "bid", "limits"),
    [
        ("US", 0.01, ("0.02", "1000.0")),
        ("US", 1000.01, ("0.02", "1000.0")),
        ("JP", 1, ("2.0", "100000.0")),
        ("AU", 0.01, ("0.02", "1410.0")),
    ],
)
def test_a_bid_outside_its_marketplace_is_refused_with_the_limits(country, bid, limits):
    fixture = SandboxFixture()
    budget = {"budget": 2000, "budgetType": "DAILY"}
    parent = fixture.one("sp.campaigns", campaign(budget=budget), country=country)
    outcome = fixture.refusal(
        fixture.create("sp.adGroups", [ad_group(parent, defaultBid=bid)], country=country)
    )
    assert (outcome.kind, outcome.reason) == ("biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE")
    assert (outcome.extra["lowerLimit"], outcome.extra["upperLimit"]) == limits
    assert outcome.trigger == str(bid)
    assert outcome.location == "$.adGroups[0].defaultBid"


def test_a_budget_outside_its_marketplace_is_refused():
    budget = {"budget": 0.99, "budgetType": "DAILY"}
    assert refused("sp.campaigns", budget=budget) == (
        "budgetError",
        "BUDGET_OUT_OF_MARKET_PLACE_RANGE",
    )


@pytest.mark.parametrize("resource", ["sp.keywords", "sp.targets"])
def test_a_bid_may_not_exceed_the_budget(resource):
    assert refused(resource, bid=10.01) == ("biddingError", "BID_GT_BUDGET")
    assert accepted(resource, bid=10)
    assert accepted(resource, bid=None)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"startDate": "2026-06-30"}, "START_DATE_EARLIER_THAN_TODAY"),
        ({"endDate": "2026-06-30"}, "END_DATE_EARLIER_THAN_TODAY"),
        ({"startDate": "2026-08-02", "endDate": "2026-08-01"}, "START_DATE_AFTER_END_DATE"),
        ({"startDate": "2026-02-30"}, "INVALID_DATE"),
        ({"endDate": "20260801"}, "INVALID_DATE"),
    ],
)
def test_days_that_cannot_be_are_refused(members, reason):
    assert refused("sp.campaigns", **members) == ("dateError", reason)


def test_a_campaign_may_start_and_end_today():
    assert accepted("sp.campaigns", startDate="2026-07-01", endDate="2026-07-01")


@pytest.mark.parametrize("resource", [name for name in RESOURCES if COMPILED[name].parent_members])
def test_a_parent_that_is_not_there_is_named(resource):
    member = COMPILED[resource].parent_members[-1]
    tree = grow(resource)
    outcome = tree.fixture.refusal(tree.fixture.create(resource, [tree.item(**{member: "1"})]))
    assert (outcome.kind, outcome.reason) == ("parentEntityError", "PARENT_ENTITY_NOT_FOUND")
    assert outcome.location == f"{COMPILED[resource].root}[0].{member}"
    assert outcome.trigger == "1"


@pytest.mark.parametrize("resource", [name for name in RESOURCES if COMPILED[name].parent_members])
def test_nothing_is_created_under_an_archived_parent(resource):
    tree = grow(resource)
    tree.fixture.archive("sp.campaigns", [tree.parents["campaignId"]])
    outcome = tree.fixture.refusal(tree.fixture.create(resource, [tree.item()]))
    assert (outcome.kind, outcome.reason) == ("parentEntityError", "PARENT_ENTITY_ARCHIVED")


def test_an_ad_group_of_another_campaign_is_not_found():
    tree = grow("sp.keywords")
    other = tree.fixture.one("sp.campaigns", campaign("Other"))
    outcome = tree.fixture.refusal(
        tree.fixture.create("sp.keywords", [tree.item(campaignId=other)])
    )
    assert (outcome.reason, outcome.location) == (
        "PARENT_ENTITY_NOT_FOUND",
        "$.keywords[0].adGroupId",
    )


@pytest.mark.parametrize("resource", ["sp.keywords", "sp.targets"])
def test_automatic_campaigns_take_no_manual_targeting(resource):
    fixture = SandboxFixture()
    auto = fixture.one("sp.campaigns", campaign(targetingType="AUTO"))
    group = fixture.one("sp.adGroups", ad_group(auto))
    item = {**grow(resource).item(), "campaignId": auto, "adGroupId": group}
    outcome = fixture.refusal(fixture.create(resource, [item]))
    assert (outcome.kind, outcome.reason) == (
        "targetingClauseSetupError",
        "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN",
    )


@pytest.mark.parametrize("resource", ["sp.negativeKeywords", "sp.negativeTargets"])
def test_automatic_campaigns_take_negatives(resource):
    fixture = SandboxFixture()
    auto = fixture.one("sp.campaigns", campaign(targetingType="AUTO"))
    group = fixture.one("sp.adGroups", ad_group(auto))
    assert fixture.one(resource, {**grow(resource).item(), "campaignId": auto, "adGroupId": group})


@pytest.mark.parametrize(
    ("first", "second"), [("sp.keywords", "sp.targets"), ("sp.targets", "sp.keywords")]
)
def test_an_ad_group_holds_keywords_or_targets(first, second):
    tree = grow(first)
    other = {**grow(second).item(), **tree.parents}
    held = tree.fixture.one(first, tree.item())
    outcome = tree.fixture.refusal(tree.fixture.create(second, [other]))
    assert (outcome.kind, outcome.reason) == (
        "targetingClauseSetupError",
        "TYPE_CONFLICT_IN_AD_GROUP",
    )
    tree.fixture.archive(first, [held])
    assert tree.fixture.one(second, other)


@pytest.mark.parametrize(
    "predicate",
    [
        {"type": "ASIN_SAME_AS", "value": "not an asin"},
        {"type": "ASIN_SAME_AS"},
        {"type": "ASIN_CATEGORY_SAME_AS"},
    ],
)
def test_a_predicate_needs_a_value_of_its_form(predicate):
    assert refused("sp.targets", expression=[predicate]) == (
        "targetingClauseSetupError",
        "TARGETING_EXPRESSION_INVALID_VALUE",
    )


def test_sellers_exclude_products_of_a_whole_campaign_only_in_automatic_ones():
    item = {**grow("sp.campaignNegativeTargets").item()}
    fixture = SandboxFixture()
    item["campaignId"] = fixture.one("sp.campaigns", campaign())
    assert (
        fixture.refusal(fixture.create("sp.campaignNegativeTargets", [item])).kind == "otherError"
    )
    item["campaignId"] = fixture.one("sp.campaigns", campaign(), country="DE")
    assert fixture.one("sp.campaignNegativeTargets", item, country="DE")


@pytest.mark.parametrize(
    ("country", "members", "expected"),
    [
        ("US", {"sku": None}, ("missingValueError", "MISSING_VALUE")),
        ("US", {"sku": None, "asin": "B000000001"}, ("missingValueError", "MISSING_VALUE")),
        ("US", {"sku": " "}, ("productIdentifierError", "INVALID_SKU")),
        ("DE", {}, ("missingValueError", "MISSING_VALUE")),
        ("DE", {"sku": None, "asin": "short"}, ("productIdentifierError", "INVALID_ASIN")),
        ("DE", {"asin": "B000000001"}, ("missingValueError", "MISSING_VALUE")),
    ],
)
def test_a_product_is_named_as_its_account_names_it(country, members, expected):
    assert refused("sp.productAds", country=country, **members) == expected


def test_a_vendor_advertises_by_asin():
    assert accepted("sp.productAds", country="DE", sku=None, asin="B000000001")


def test_an_ad_with_a_custom_text_is_alone_in_its_ad_group():
    text = "A story of two cities and of what the sea gave back to them"
    tree = grow("sp.productAds")
    reported = tree.item(sku="SKU-1", customText=text)
    plain = tree.item(sku="SKU-2")
    first = tree.fixture.one("sp.productAds", reported)
    outcome = tree.fixture.refusal(tree.fixture.create("sp.productAds", [plain]))
    assert (outcome.kind, outcome.reason) == (
        "unsupportedOperationError",
        "UNSUPPORTED_OPERATION",
    )
    tree.fixture.archive("sp.productAds", [first])
    tree.fixture.one("sp.productAds", plain)
    assert (
        tree.fixture.refusal(tree.fixture.create("sp.productAds", [reported])).kind == outcome.kind
    )
    assert tree.fixture.one("sp.productAds", tree.item(sku="SKU-3")), "plain ads share an ad group"


def test_more_than_ten_thousand_campaigns_are_refused(monkeypatch):
    fixture = SandboxFixture()
    monkeypatch.setattr(Table, "live", property(lambda _: 10_000))
    monkeypatch.setattr(Table, "__len__", lambda _: 10_000)
    outcome = fixture.refusal(fixture.create("sp.campaigns", [campaign()]))
    assert (outcome.kind, outcome.reason) == ("entityQuotaError", "NON_ARCHIVED_QUOTA_EXCEEDED")
    assert outcome.extra == {"entityType": "CAMPAIGN", "quota": "10000", "quotaScope": "ACCOUNT"}
    assert outcome.message == "Number of non archived campaigns exceeds the limit per advertiser"
    fixture.sandbox.choices["entityLimits"] = "unlimited"
    assert fixture.one("sp.campaigns", campaign())


def test_more_than_a_thousand_keywords_in_an_ad_group_are_refused_until_one_is_archived():
    tree = grow("sp.keywords")
    items = [tree.item(keywordText=f"shoe {number}") for number in range(1001)]
    *done, outcome = tree.fixture.create("sp.keywords", items)
    assert all(isinstance(each, Success) for each in done)
    assert outcome.extra["quotaScope"] == "PARENT_ENTITY"
    assert outcome.message == "Number of non archived keywords exceeds the limit per ad group"
    tree.fixture.archive("sp.keywords", [done[0].id])
    assert tree.fixture.one("sp.keywords", items[-1])
