"""Members that are newer than the documents are stored and read back."""

import pytest

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
