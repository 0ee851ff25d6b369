"""What clients written for the real service are known to need, sentence by sentence, on sockets.

Nothing here is written for the mock: headers as people send them, bodies as libraries build them.
"""

from urllib.parse import quote, urlencode

import pytest
import requests

from tests.wire.integrator import CAMPAIGN

# Login with Amazon ------------------------------------------------------------------------------


def test_credentials_come_as_form_and_as_basic(client):
    basic = client.grant(auth=(client.own.client_id, client.own.client_secret))
    assert (client.grant().status_code, basic.status_code) == (200, 200)
    wrong = client.grant(auth=(client.own.client_id, "another"))
    assert wrong.status_code == 401


def test_credentials_may_come_as_json(client):
    form = {"grant_type": "refresh_token", "refresh_token": client.own.refresh_token}
    form |= {"client_id": client.own.client_id, "client_secret": client.own.client_secret}
    url = client.mock.urls["EU"]["lwa"] + "/auth/o2/token"
    assert requests.post(url, json=form, timeout=60).status_code == 200


def test_the_refresh_token_comes_back_and_expires_in_is_an_integer(client):
    said = client.grant().json()
    assert said["refresh_token"] == client.own.refresh_token
    assert type(said["expires_in"]) is int
    assert said["token_type"] == "bearer"


@pytest.mark.parametrize("issued", ["NA", "EU", "FE"])
def test_a_token_of_one_regions_host_works_in_all(client, issued):
    token = client.grant(issued).json()["access_token"]
    for region in ("NA", "EU", "FE"):
        reply = client.call("GET", "/v2/profiles", region=region, Authorization=f"Bearer {token}")
        assert reply.status_code == 200


def test_profiles_are_regional_and_canada_keeps_the_time_of_los_angeles(client):
    seen = {
        region: {
            row["countryCode"]: row
            for row in client.call("GET", "/v2/profiles", region=region).json()
        }
        for region in ("NA", "EU", "FE")
    }
    assert {region: sorted(rows) for region, rows in seen.items()} == {
        "NA": ["CA", "US"],
        "EU": ["DE", "UK"],
        "FE": ["AU", "JP"],
    }
    assert seen["NA"]["CA"]["timezone"] == "America/Los_Angeles"
    german = client.profile("DE").id
    path = "/sp/campaigns/list"
    foreign = client.call(
        "POST", path, "{}", Content_Type=CAMPAIGN, Amazon_Advertising_API_Scope=german
    )
    assert foreign.status_code == 401


# Media types ------------------------------------------------------------------------------------


@pytest.mark.parametrize("media", [CAMPAIGN, CAMPAIGN.lower(), CAMPAIGN.upper()])
def test_media_types_compare_without_case(client, media):
    assert client.listed("campaigns", {}, media)["campaigns"]


@pytest.mark.parametrize(
    "media", ["application/json", "text/plain", CAMPAIGN, "application/x-www-form-urlencoded"]
)
def test_a_get_may_carry_any_content_type(client, media):
    assert client.call("GET", "/v2/profiles", Content_Type=media).status_code == 200


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_header_names_compare_without_case(client, change):
    headers = {change(name): value for name, value in client.headers().items()}
    url = client.mock.urls["NA"]["ads"] + "/sp/campaigns/list"
    headers[change("Content-Type")] = headers[change("Accept")] = CAMPAIGN
    assert requests.post(url, data="{}", headers=headers, timeout=60).status_code == 200


# Lists ------------------------------------------------------------------------------------------


def test_a_list_takes_an_empty_body_an_empty_object_and_an_empty_filter(client):
    everything = client.listed("campaigns", "")
    assert everything["campaigns"]
    assert client.listed("campaigns", {}) == everything
    assert client.listed("campaigns", {"stateFilter": {"include": []}}) == everything
    assert client.listed("campaigns", {"campaignIdFilter": {"include": []}}) == everything


def test_a_list_takes_a_comma_string_where_a_list_of_values_is_due(client):
    both = client.listed("campaigns", {"stateFilter": {"include": "ENABLED,PAUSED"}})
    assert len(both["campaigns"]) == 1
    none = client.listed("campaigns", {"stateFilter": {"include": "PAUSED,ARCHIVED"}})
    assert none["campaigns"] == []


def test_a_list_takes_true_as_a_word(client):
    (row,) = client.listed("campaigns", {"includeExtendedDataFields": "true"})["campaigns"]
    assert row["extendedData"]["servingStatus"]
    (plain,) = client.listed("campaigns", {"includeExtendedDataFields": "false"})["campaigns"]
    assert "extendedData" not in plain


def test_unknown_query_parameters_are_ignored(client):
    media = {"Content_Type": CAMPAIGN, "Accept": CAMPAIGN}
    query = urlencode({"stateFilter": "paused", "startIndex": 0, "nonsense": "x y"})
    reply = client.call("POST", f"/sp/campaigns/list?{query}", "{}", **media)
    assert len(reply.json()["campaigns"]) == 1


def test_the_last_page_has_no_key_for_a_next_one(client):
    assert "nextToken" not in client.listed("campaigns", {"maxResults": 100})


def test_a_token_leads_on_until_there_is_none(fresh):
    plain = {"targetingType": "AUTO", "state": "PAUSED"}
    plain["budget"] = {"budget": 10, "budgetType": "DAILY"}
    fresh.sp("campaigns", [plain | {"name": f"c{number}"} for number in range(3)])
    first = fresh.listed("campaigns", {"maxResults": 2})
    last = fresh.listed("campaigns", {"maxResults": 2, "nextToken": first["nextToken"]})
    assert [len(page["campaigns"]) for page in (first, last)] == [2, 1]
    assert "nextToken" not in last


# Entities ---------------------------------------------------------------------------------------


def test_ids_are_strings_and_numbers_are_taken_where_strings_are_due(client):
    (row,) = client.listed("adGroups", {})["adGroups"]
    assert isinstance(row["campaignId"], str)
    assert isinstance(row["adGroupId"], str)
    number = int(row["adGroupId"])
    (same,) = client.listed("adGroups", {"adGroupIdFilter": {"include": [number]}})["adGroups"]
    assert same == row
    media = "application/vnd.spAdGroup.v3+json"
    change = {"adGroups": [{"adGroupId": number, "defaultBid": 1.25}]}
    reply = client.call("PUT", "/sp/adGroups", change, Content_Type=media, Accept=media)
    assert reply.json()["adGroups"]["success"][0]["adGroupId"] == row["adGroupId"]


def test_profile_ids_are_integers(client):
    rows = client.call("GET", "/v2/profiles").json()
    assert all(type(row["profileId"]) is int for row in rows)


def test_a_campaign_comes_with_its_defaults(client):
    body = {"includeExtendedDataFields": True}
    (row,) = client.listed("campaigns", body)["campaigns"]
    assert row["startDate"] == "2026-07-01"
    assert row["dynamicBidding"]["strategy"]
    assert row["budget"] == {"budget": 10, "budgetType": "DAILY"}
    extended = row["extendedData"]
    assert {"creationDateTime", "lastUpdateDateTime", "servingStatus"} <= extended.keys()


def test_a_target_comes_with_its_resolved_expression(client):
    rows = client.listed("targets", {})["targetingClauses"]
    (row,) = [each for each in rows if each["expressionType"] == "MANUAL"]
    assert row["resolvedExpression"][0]["value"] == "B000000001"
    assert row["expressionType"] == "MANUAL"


def test_a_path_with_escaped_letters_is_the_path(client):
    reply = client.call("GET", "/" + quote("v2") + "/profiles?apiProgram=campaign")
    assert reply.status_code == 200
