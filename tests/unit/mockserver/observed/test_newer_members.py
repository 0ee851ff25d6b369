"""Members that are newer than the documents are stored and read back."""

import pytest

from adsmock.contracts.loader import load
from tests.unit.mockserver.fixtures import campaign, create_server, value
from tests.unit.mockserver.observed.rows import observed
from tests.unit.mockserver.services.unified import fixtures as unified


@observed("newer")
def test_campaigns_are_found_by_their_budget_allocation():
    server = create_server()
    auto = {"marketplaceBudgetAllocation": "AUTO", "autoManageCampaign": True}
    server.call("/sp/campaigns", {"campaigns": [campaign("A", **auto), campaign("B")]})
    body = {"marketplaceBudgetAllocationFilter": {"include": ["AUTO"]}}
    (shown,) = value(server.call("/sp/campaigns/list", body))["campaigns"]
    assert auto.items() <= shown.items()
    assert shown["name"] == "A"


@observed("newer")
@pytest.mark.parametrize(
    ("product", "members"),
    [
        (unified.SD, {"tags": [{"key": "season", "value": "spring"}], "costType": "VCPM"}),
        (unified.SB, {"targetedPGDealId": "deal-1", "costType": "CPC", "brandId": "ENTITY1"}),
        (unified.SB, {"targetedPGDealId": "d", "costType": "FIXED_PRICE", "brandId": "ENTITY1"}),
        (unified.SB, {"costType": "CPM", "brandId": "ENTITY1"}),
    ],
)
def test_newer_members_of_the_unified_api_are_read_back(product, members):
    server = unified.unified_server()
    item = unified.campaign("New", adProduct=product, **members)
    item.pop("autoCreationSettings")
    if product == unified.SB:
        item["optimizations"] = {"goalSettings": {"kpi": "CLICKS"}}
    _, refused = unified.send_batch(server, "create/campaigns", {"campaigns": [item]})
    assert refused == {}
    (found,) = unified.query_records(server, "campaigns", product)
    assert members.items() <= found.items()


@observed("newer")
def test_a_fixed_price_without_a_deal_is_refused():
    server = unified.unified_server()
    members = {"adProduct": unified.SB, "costType": "FIXED_PRICE", "brandId": "ENTITY1"}
    item = unified.campaign("New", **members)
    item.pop("autoCreationSettings")
    item["optimizations"] = {"goalSettings": {"kpi": "CLICKS"}}
    made, refused = unified.send_batch(server, "create/campaigns", {"campaigns": [item]})
    assert made == []
    assert [member for _, member in refused.values()] == ["$.campaigns[0].costType"]


SETTINGS = {"productAttributeSetRefinementConfigurationId": "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"}
PROMPT = {
    "adProduct": unified.SP,
    "adExtensionType": "PROMPTS",
    "adExtensionSettings": {"promptExtension": {"promptText": "Which bag fits a laptop?"}},
    "state": "ENABLED",
    "marketplaceScope": "SINGLE_MARKETPLACE",
    "marketplaces": ["US"],
}


@observed("newer")
def test_refinements_of_an_ad_group_are_read_back():
    server = unified.unified_server()
    (made,), _ = unified.send_batch(
        server, "create/campaigns", {"campaigns": [unified.campaign("New")]}
    )
    item = {"adProduct": unified.SP, "campaignId": made["campaignId"], "name": "Group"}
    item |= {"state": "ENABLED", "bid": {"defaultBid": 1.0}, "adSettings": SETTINGS}
    _, refused = unified.send_batch(server, "create/adGroups", {"adGroups": [item]})
    assert refused == {}
    (found,) = unified.query_records(server, "adGroups", unified.SP)
    assert found["adSettings"] == SETTINGS


@observed("newer")
def test_an_ad_extension_is_created_paused_and_found():
    server = unified.unified_server()
    (made,), _ = unified.send_batch(server, "create/adExtensions", {"adExtensions": [PROMPT]})
    change = {"adExtensionId": made["adExtensionId"], "state": "PAUSED"}
    unified.send_batch(server, "update/adExtensions", {"adExtensions": [change]})
    (found,) = unified.query_records(server, "adExtensions", unified.SP)
    assert (PROMPT | {"state": "PAUSED"}).items() <= found.items()


@observed("newer")
@pytest.mark.parametrize(
    "path",
    [
        "/adsApi/v1/query/advertiserAccounts",
        "/adsApi/v1/create/reports",
        "/adsApi/v1/retrieve/reports",
        "/adsApi/v1/delete/reports",
        "/adsApi/v1/create/advertisingDeals/sb",
        "/adsApi/v1/create/advertisingDealTargets/sb",
        "/adsApi/v1/create/reservedTargetPricings/sb",
        "/adsApi/v1/create/recommendations/sb",
        "/adsApi/v1/query/recommendationTypes/sb",
        "/adsApi/v1/query/brandStores",
        "/adsApi/v1/create/adExtensions",
        "/sp/campaign/recommendations",
        "/sb/v4/ads/autoCollection",
        "/sb/v4/ads/manualCollection",
        "/sb/ads/creatives/autoCollection",
        "/sb/ads/creatives/manualCollection",
    ],
)
def test_a_newer_operation_is_served(path):
    assert path in {operation.path for operation in load().operations.values()}


@observed("newer")
@pytest.mark.parametrize(
    ("resource", "member"),
    [
        ("sp.campaigns", "globalCampaignId"),
        ("sp.adGroups", "globalAdGroupId"),
        ("sp.keywords", "globalKeywordId"),
        ("sp.targets", "globalTargetId"),
        ("v1.sp.campaigns", "autoScaleGlobalCampaign"),
    ],
)
def test_a_newer_member_is_known(resource, member):
    assert member in {field.name for field in load().by_name[resource].fields}
