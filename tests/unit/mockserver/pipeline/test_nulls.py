"""Null in a request: no member, where null has no meaning."""

import pytest

from tests.unit.mockserver.fixtures import campaign, create_server, ids, value
from tests.unit.mockserver.services.reporting.report_requests import ask, wish

SB = "application/vnd.sbcampaignresource.v4+json"
JSON = "application/json"
KEYWORD = "application/vnd.spKeyword.v3+json"
UNSET = {"stateFilter": None, "nameFilter": None, "maxResults": None, "nextToken": None}


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/sp/campaigns/list", "application/vnd.spCampaign.v3+json"),
        ("/sp/keywords/list", KEYWORD),
        ("/sb/v4/campaigns/list", SB),
        ("/portfolios/list", "application/vnd.spPortfolio.v3+json"),
        ("/adsApi/v1/query/campaigns", JSON),
    ],
)
def test_a_list_ignores_nulls(path, media):
    product = {"adProductFilter": {"include": ["SPONSORED_PRODUCTS"]}} if "v1" in path else {}
    server = create_server()
    server.call("/sp/campaigns", {"campaigns": [campaign()]})
    reply = server.call(path, product | UNSET, media=media, Amazon_Ads_ClientId="x")
    assert (reply.status, value(reply)) == (200, value(server.call(path, product, media=media)))


def test_a_create_ignores_nulls_and_stores_what_it_would_without():
    server, unset = create_server(), {"portfolioId": None, "tags": None, "dynamicBidding": None}
    made = server.call("/sp/campaigns", {"campaigns": [campaign("A"), campaign("B") | unset]})
    assert len(ids(made)) == 2
    rows = value(server.call("/sp/campaigns/list"))["campaigns"]
    assert [row.keys() for row in rows] == [rows[0].keys()] * 2


def test_an_update_ignores_nulls_that_clear_nothing():
    server = create_server()
    (made,) = ids(server.call("/sp/campaigns", {"campaigns": [campaign(endDate="2026-12-31")]}))
    item = {"campaignId": made, "name": None, "state": "PAUSED", "budget": None, "endDate": None}
    reply = server.call("/sp/campaigns", {"campaigns": [item]}, "PUT")
    assert ids(reply) == [made]
    (row,) = value(server.call("/sp/campaigns/list"))["campaigns"]
    assert (row["name"], row["budget"]["budget"], row["state"]) == ("Shoes", 10.0, "PAUSED")
    assert "endDate" not in row


def test_a_batch_whose_items_are_judged_one_by_one_ignores_nulls():
    server = create_server()
    item = {"name": "S", "tactic": "T00020", "state": "enabled", "budget": 10}
    item |= {"budgetType": "daily", "startDate": "20260710"}
    unset = {"endDate": None, "costType": None, "deliveryProfile": None}
    (row,) = value(server.call("/sd/campaigns", [item | unset], media=JSON))
    assert row["code"] == "SUCCESS"


def test_a_report_ignores_nulls():
    server = create_server()
    body = wish()
    body["configuration"]["filters"] = None
    assert ask(server, body | {"name": None}).status == 200


@pytest.mark.parametrize("name", ["name", "budget", "state"])
def test_null_in_a_required_member_refuses_the_request(name):
    reply = create_server().call("/sp/campaigns", {"campaigns": [campaign() | {name: None}]})
    assert (reply.status, value(reply)["code"]) == (400, "INVALID_ARGUMENT")


def test_null_in_an_array_stays_wrong():
    body = {"campaignIdFilter": {"include": [None]}}
    assert create_server().call("/sp/campaigns/list", body).status == 400


def test_the_journal_shows_the_nulls():
    server = create_server()
    server.call("/sp/campaigns/list", {"nextToken": None})
    assert '"nextToken":null' in str(server.entries()[-1].request)
