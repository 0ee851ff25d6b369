import pytest

from tests.unit.mockserver.services.sandbox_fixture import (
    COMPILED,
    SandboxFixture,
    ad_group,
    campaign,
    grow,
)

ASK = {"includeExtendedDataFields": True}


def status(fixture, resource, **more):
    """Return the serving status and its details of the only row."""
    (row,) = fixture.rows(resource, {**ASK, **more})
    data = row["extendedData"]
    return data["servingStatus"], [each["name"] for each in data["servingStatusDetails"]]


@pytest.fixture
def tree():
    """A campaign with everything it needs to be shown."""
    grown = grow("sp.keywords")
    grown.keyword = grown.fixture.one("sp.keywords", grown.item())
    ad = {**grown.parents, "sku": "SKU-1", "state": "ENABLED"}
    grown.ad = grown.fixture.one("sp.productAds", ad)
    return grown


@pytest.mark.parametrize(
    ("resource", "word"),
    [
        ("sp.campaigns", "CAMPAIGN_STATUS_ENABLED"),
        ("sp.adGroups", "AD_GROUP_STATUS_ENABLED"),
        ("sp.productAds", "AD_STATUS_LIVE"),
        ("sp.keywords", "TARGETING_CLAUSE_STATUS_LIVE"),
    ],
)
def test_what_lacks_nothing_is_live(tree, resource, word):
    assert status(tree.fixture, resource) == (word, [f"{word}_DETAIL"])


def test_the_problem_of_the_highest_parent_is_the_one_reported(tree):
    fixture = tree.fixture
    fixture.update("sp.keywords", [{"keywordId": tree.keyword, "state": "PAUSED"}])
    assert status(fixture, "sp.keywords")[0] == "TARGETING_CLAUSE_PAUSED"
    fixture.update("sp.adGroups", [{"adGroupId": tree.parents["adGroupId"], "state": "PAUSED"}])
    assert status(fixture, "sp.keywords")[0] == "AD_GROUP_PAUSED"
    fixture.update("sp.campaigns", [{"campaignId": tree.parents["campaignId"], "state": "PAUSED"}])
    assert status(fixture, "sp.keywords") == (
        "CAMPAIGN_PAUSED",
        ["CAMPAIGN_PAUSED_DETAIL", "AD_GROUP_PAUSED_DETAIL", "TARGETING_CLAUSE_PAUSED_DETAIL"],
    )
    fixture.archive("sp.campaigns", [tree.parents["campaignId"]])
    assert status(fixture, "sp.productAds")[0] == "CAMPAIGN_ARCHIVED"
    assert status(fixture, "sp.campaigns")[0] == "CAMPAIGN_ARCHIVED"


@pytest.mark.parametrize("resource", ["sp.keywords", "sp.productAds"])
def test_what_lacks_a_live_ad_or_keyword_is_incomplete(tree, resource):
    found = tree.keyword if resource == "sp.keywords" else tree.ad
    tree.fixture.archive(resource, [found])
    assert status(tree.fixture, "sp.campaigns")[0] == "CAMPAIGN_INCOMPLETE"
    assert status(tree.fixture, "sp.adGroups") == (
        "CAMPAIGN_INCOMPLETE",
        ["CAMPAIGN_INCOMPLETE_DETAIL", "AD_GROUP_INCOMPLETE_DETAIL"],
    )


def test_automatic_targets_complete_an_ad_group():
    fixture = SandboxFixture()
    auto = fixture.one("sp.campaigns", campaign(targetingType="AUTO"))
    group = fixture.one("sp.adGroups", ad_group(auto))
    ad = {"campaignId": auto, "adGroupId": group, "sku": "SKU-1", "state": "ENABLED"}
    fixture.one("sp.productAds", ad)
    assert status(fixture, "sp.campaigns")[0] == "CAMPAIGN_STATUS_ENABLED"


def test_days_decide_while_the_clock_moves(tree):
    fixture = tree.fixture
    fixture.archive("sp.campaigns", [tree.parents["campaignId"]])
    days = {"startDate": "2026-07-03", "endDate": "2026-07-04"}
    found = fixture.one("sp.campaigns", campaign("Later", state="PAUSED", **days))
    group = fixture.one("sp.adGroups", ad_group(found))
    parents = {"campaignId": found, "adGroupId": group, "state": "ENABLED"}
    fixture.one("sp.productAds", {**parents, "sku": "SKU-1"})
    fixture.one("sp.keywords", {**parents, "keywordText": "shoe", "matchType": "EXACT"})
    fixture.update("sp.campaigns", [{"campaignId": found, "state": "ENABLED"}])
    words = []
    for _ in range(5):
        body = {"campaignIdFilter": {"include": [found]}}
        words.append(status(fixture, "sp.campaigns", **body)[0])
        fixture.sandbox.clock.advance(86_400)
    assert words == [
        "PENDING_START_DATE",
        "PENDING_START_DATE",
        "CAMPAIGN_STATUS_ENABLED",
        "CAMPAIGN_STATUS_ENABLED",
        "ENDED",
    ]


def test_every_word_is_one_that_the_contract_may_show():
    for compiled in COMPILED.values():
        if not any(each.name == "servingStatus" for each in compiled.contract.extended):
            continue  # the unified model shows delivery reasons instead
        serving = compiled.resource.serving
        words = {*serving.states.values(), serving.incomplete} - {""}
        if serving.begins:
            words |= {serving.ended, serving.pending}
        fields = [each for each in compiled.contract.extended if each.name == "servingStatus"]
        assert words <= {word for field in fields for word in field.read_enum}
