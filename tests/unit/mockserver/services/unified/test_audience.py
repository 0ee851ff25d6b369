"""Targets of people of Sponsored Display: made by the unified API, read by every family."""

import pytest

from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.unified.fixtures import (
    SD,
    ad_group,
    campaign,
    product,
    query_records,
    send_batch,
    unified_server,
)

JSON = "application/json"
AUDIENCE = {"audienceTarget": {"audienceId": {"defaultValue": "A-77"}}}
NATIVE = {"type": "audience", "value": [{"type": "audienceSameAs", "value": "A-77"}]}


def seen(**changes):
    plain = {"asin": {}, "event": "VIEW", "lookback": "DAYS_30", "matchType": "PRODUCT_EXACT"}
    return {"productAudienceTarget": plain | changes}


def tree(server):
    """Return a campaign and an ad group in it, made by the unified API."""
    item = campaign("People", adProduct=SD, costType="VCPM")
    del item["autoCreationSettings"]
    ((made,), _) = send_batch(server, "create/campaigns", {"campaigns": [item]})
    own = made["campaignId"]
    group = ad_group(own, adProduct=SD, marketplaces=["US"], bid={"defaultBid": 1.5})
    group["marketplaceScope"] = "SINGLE_MARKETPLACE"
    ((below,), _) = send_batch(server, "create/adGroups", {"adGroups": [group]})
    return own, below["adGroupId"]


def target(group, kind, details):
    row = product(adProduct=SD, adGroupId=group, bid={"bid": 1.5})
    return row | {"targetType": kind, "targetDetails": details}


def natively(server, path):
    return value(server.call(path, b"", "GET", media=JSON))


@pytest.mark.parametrize(
    ("kind", "details", "native"),
    [
        ("AUDIENCE", AUDIENCE, NATIVE),
        (
            "PRODUCT_AUDIENCE",
            seen(),
            {
                "type": "views",
                "value": [{"type": "exactProduct"}, {"type": "lookback", "value": "30"}],
            },
        ),
        (
            "PRODUCT_AUDIENCE",
            seen(
                event="PURCHASE", matchType="PRODUCT_SIMILAR", asin={"defaultValue": "B000000009"}
            ),
            {
                "type": "purchases",
                "value": [{"type": "similarProduct"}, {"type": "lookback", "value": "30"}],
            },
        ),
    ],
)
def test_people_are_targeted_below_a_campaign_that_becomes_one_of_audiences(kind, details, native):
    server = unified_server()
    root, group = tree(server)

    ((made,), refused) = send_batch(
        server, "create/targets", {"targets": [target(group, kind, details)]}
    )

    assert refused == {}
    assert (made["targetType"], made["targetDetails"]) == (kind, details)
    assert query_records(server, "targets", SD) == [made]
    (found,) = natively(server, "/sd/targets")
    assert (str(found["targetId"]), found["expression"]) == (made["targetId"], [native])
    assert natively(server, f"/sd/campaigns/{root}")["tactic"] == "T00030"
    assert natively(server, f"/sd/adGroups/{group}")["tactic"] == "T00030"


def test_what_is_targeted_first_decides_what_can_be_targeted():
    server = unified_server()
    root, group = tree(server)
    rows = [product(adProduct=SD, adGroupId=group), target(group, "AUDIENCE", AUDIENCE)]

    made, refused = send_batch(server, "create/targets", {"targets": rows})

    assert [row["targetType"] for row in made] == ["PRODUCT"]
    assert {*refused} == {1}
    assert natively(server, f"/sd/campaigns/{root}")["tactic"] == "T00020"


def test_a_campaign_of_audiences_is_not_turned_back():
    server = unified_server()
    item = {
        "name": "People",
        "tactic": "T00030",
        "state": "enabled",
        "budgetType": "daily",
        "budget": 10.0,
        "startDate": "20260801",
    }
    (made,) = value(server.call("/sd/campaigns", [item], media=JSON))
    group = {"campaignId": made["campaignId"], "name": "G", "defaultBid": 1.0, "state": "enabled"}
    (below,) = value(server.call("/sd/adGroups", [group], media=JSON))
    rows = [
        product(adProduct=SD, adGroupId=str(below["adGroupId"])),
        target(str(below["adGroupId"]), "AUDIENCE", AUDIENCE),
    ]

    done, refused = send_batch(server, "create/targets", {"targets": rows})

    assert [row["targetType"] for row in done] == ["AUDIENCE"]
    assert {*refused} == {0}


@pytest.mark.parametrize(
    ("kind", "details", "bid"),
    [
        ("AUDIENCE", {"audienceTarget": {"audienceId": {}}}, 1.5),
        ("AUDIENCE", AUDIENCE, 0.01),
        ("PRODUCT_AUDIENCE", seen(), 0.01),
    ],
)
def test_a_refused_target_leaves_the_campaign_as_it_was(kind, details, bid):
    server = unified_server()
    root, group = tree(server)
    item = target(group, kind, details) | {"bid": {"bid": bid}}

    made, refused = send_batch(server, "create/targets", {"targets": [item]})

    assert (made, {*refused}) == ([], {0})
    assert natively(server, f"/sd/campaigns/{root}")["tactic"] == "T00020"
    assert natively(server, "/sd/targets") == []
