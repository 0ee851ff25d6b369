"""Each family behind the unified API: Sponsored TV, Display and Brands."""

import pytest

from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.unified.fixtures import (
    SB,
    SD,
    SP,
    ST,
    campaign,
    keyword,
    query_records,
    send_batch,
    unified_server,
)


def test_sponsored_tv_lives_behind_the_unified_api_alone():
    server = unified_server()
    item = campaign("TV", adProduct=ST)
    for name in ("marketplaceScope", "autoCreationSettings"):
        del item[name]
    made, _ = send_batch(server, "create/campaigns", {"campaigns": [item]})
    own = made[0]["campaignId"]

    send_batch(server, "update/campaigns", {"campaigns": [{"campaignId": own, "state": "PAUSED"}]})
    (found,) = query_records(server, "campaigns", ST)

    assert found["status"] == {
        "deliveryStatus": "NOT_DELIVERING",
        "deliveryReasons": ["CAMPAIGN_PAUSED"],
    }
    assert query_records(server, "campaigns", SP) == []
    assert value(server.call("/sp/campaigns/list", {}))["campaigns"] == []


def test_sponsored_display_has_numbers_and_small_letters_behind_the_same_model():
    server = unified_server()
    item = campaign("Display", adProduct=SD, costType="VCPM")
    del item["autoCreationSettings"]
    made, refused = send_batch(server, "create/campaigns", {"campaigns": [item]})
    own = made[0]["campaignId"]
    send_batch(server, "update/campaigns", {"campaigns": [{"campaignId": own, "state": "PAUSED"}]})

    (found,) = query_records(server, "campaigns", SD, campaignIdFilter={"include": [own]})
    native = value(server.call("/sd/campaigns", b"", "GET", media="application/json"))

    assert refused == {}
    assert (found["name"], found["state"], found["costType"]) == ("Display", "PAUSED", "VCPM")
    assert [(row["campaignId"], row["state"], row["startDate"]) for row in native] == [
        (int(own), "paused", "20260702")
    ]


def test_sponsored_brands_stand_behind_the_same_model():
    server = unified_server()
    item = campaign("Brands", adProduct=SB, costType="CPC", brandId="ENTITY1")
    item["optimizations"] = {"goalSettings": {"kpi": "CLICKS"}}
    ((made,), refused) = send_batch(server, "create/campaigns", {"campaigns": [item]})
    group = {
        "adProduct": SB,
        "campaignId": made["campaignId"],
        "name": "Group",
        "state": "ENABLED",
    }
    ((below,), _) = send_batch(server, "create/adGroups", {"adGroups": [group]})
    word = keyword(adProduct=SB, adGroupId=below["adGroupId"], bid={"bid": 2.0}, state="PAUSED")
    ((target,), _) = send_batch(server, "create/targets", {"targets": [word]})

    (found,) = query_records(server, "campaigns", SB, goalFilter={"include": ["CONSIDERATION"]})
    (native,) = value(
        server.call("/sb/v4/campaigns/list", {}, media="application/vnd.sbcampaignresource.v4+json")
    )["campaigns"]

    assert refused == {}
    assert (native["campaignId"], native["goal"]) == (found["campaignId"], "PAGE_VISIT")
    assert (target["state"], target["campaignId"]) == ("PAUSED", made["campaignId"])


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("tomorrow", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-08-01", "2026-08-01T00:00:00.000-07:00"),
        ("20260801T000000Z", "2026-07-31T17:00:00.000-07:00"),
        ("2026-08-01T00:00:00Z", "2026-08-01T00:00:00Z"),
    ],
)
@pytest.mark.parametrize("member", ["startDateTime", "endDateTime"])
def test_sponsored_tv_takes_moments_alone(member, given, shown):
    server = unified_server()
    item = campaign("TV", adProduct=ST, **{member: given})
    del item["marketplaceScope"], item["autoCreationSettings"]

    made, refused = send_batch(server, "create/campaigns", {"campaigns": [item]})

    if shown is None:
        assert (made, refused) == (
            [],
            {0: ("FIELD_VALUE_IS_INVALID", f"$.campaigns[0].{member}")},
        )
    else:
        assert made[0][member] == shown
