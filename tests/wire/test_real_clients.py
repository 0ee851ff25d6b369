"""What clients written for the real service are known to need, sentence by sentence, on sockets.

Nothing here is written for the mock: headers as people send them, bodies as libraries build them.
"""

import base64
import gzip
import json
import re
from urllib.parse import quote, urlencode

import pytest
import requests

from mockserver.app import Mock
from mockserver.core.clock import iso, parse_iso
from mockserver.services.account import SandboxRequest, make_sandbox

NOON = "2026-07-01T12:00:00Z"
CAMPAIGN = "application/vnd.spCampaign.v3+json"
KINDS = {"campaigns": "C", "adGroups": "A", "ads": "AD", "targets": "T"}
ENVELOPES = {"targets": "targetingClauses"}
SP = {
    "campaigns": "spCampaign",
    "adGroups": "spAdGroup",
    "productAds": "spProductAd",
    "keywords": "spKeyword",
    "targets": "spTargetingClause",
}


@pytest.fixture(scope="module")
def mock():
    with Mock(port=0) as mock:
        yield mock


class Client:
    """Credentials of one sandbox on a frozen clock, and the plainest calls."""

    def __init__(self, mock, name):
        wanted = SandboxRequest(
            id=name,
            seed=3,
            clock_mode="frozen",
            clock_start=parse_iso(NOON),
            token_lifetime=1e6,
        )
        self.mock = mock
        self.sandbox = make_sandbox(mock.world.sandboxes, mock.world.book, wanted)
        self.sandbox.throttle.quotas.clear()
        self.own = self.sandbox.credentials
        self.token = self.grant().json()["access_token"]

    def grant(self, region="NA", auth=None, **form):
        given = {"grant_type": "refresh_token", "refresh_token": self.own.refresh_token} | form
        if auth is None:
            given |= {"client_id": self.own.client_id, "client_secret": self.own.client_secret}
        url = self.mock.urls[region]["lwa"] + "/auth/o2/token"
        return requests.post(url, data=given, auth=auth, timeout=10)

    def profile(self, country):
        return next(each for each in self.sandbox.profiles.values() if each.country == country)

    def headers(self, **more):
        return {
            "Authorization": f"Bearer {self.token}",
            "Amazon-Advertising-API-ClientId": self.own.client_id,
            "Amazon-Advertising-API-Scope": self.profile("US").id,
        } | {name.replace("_", "-"): value for name, value in more.items()}

    def call(self, method, path, body=None, region="NA", **headers):
        data = body if isinstance(body, str | None) else json.dumps(body)
        url = self.mock.urls[region]["ads"] + path
        return requests.request(method, url, data=data, headers=self.headers(**headers), timeout=10)

    def sp(self, resource, items):
        """Create items of one resource; a 207 that says success is asked for."""
        media = f"application/vnd.{SP[resource]}.v3+json"
        key = ENVELOPES.get(resource, resource)
        reply = self.call(
            "POST", f"/sp/{resource}", {key: items}, Content_Type=media, Accept=media,
            Prefer="return=representation",
        )  # fmt: skip
        assert reply.status_code == 207, reply.text
        rows = reply.json()[key]
        assert not rows["error"], rows
        return rows["success"]

    def listed(self, resource, body, media=None):
        media = media or f"application/vnd.{SP[resource]}.v3+json"
        reply = self.call("POST", f"/sp/{resource}/list", body, Content_Type=media, Accept=media)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def after(self, seconds):
        self.sandbox.clock.advance(seconds)
        return self


@pytest.fixture(scope="module")
def client(mock):
    client = Client(mock, "reader")
    (campaign,) = client.sp(
        "campaigns",
        [
            {
                "name": "Kettles",
                "targetingType": "MANUAL",
                "state": "ENABLED",
                "budget": {"budget": 10, "budgetType": "DAILY"},
            }
        ],
    )
    owner = {"campaignId": campaign["campaignId"]}
    (group,) = client.sp(
        "adGroups", [owner | {"name": "one", "state": "ENABLED", "defaultBid": 1.5}]
    )
    client.group = owner | {"adGroupId": group["adGroupId"]}
    client.sp("productAds", [client.group | {"sku": "SKU-1", "state": "ENABLED"}])
    client.sp(
        "targets",
        [
            client.group
            | {
                "state": "ENABLED",
                "expressionType": "MANUAL",
                "expression": [{"type": "ASIN_SAME_AS", "value": "B000000001"}],
            }
        ],
    )
    return client


@pytest.fixture
def fresh(mock, request):
    client = Client(mock, re.sub(r"\W", "-", request.node.name)[:60])
    yield client
    mock.world.sandboxes.remove(client.sandbox.id)


# Login with Amazon ------------------------------------------------------------------------------


def test_credentials_come_as_form_and_as_basic(client):
    basic = client.grant(auth=(client.own.client_id, client.own.client_secret))
    assert (client.grant().status_code, basic.status_code) == (200, 200)
    wrong = client.grant(auth=(client.own.client_id, "another"))
    assert wrong.status_code == 401


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


# Files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_id_is_unpadded_base64url_of_a_uuid_and_a_letter(client, kind):
    export = exported(client, kind)
    text = base64.urlsafe_b64decode(export + "=" * (-len(export) % 4)).decode()
    assert "=" not in export
    assert re.fullmatch(rf"[0-9a-f-]{{36}},{KINDS[kind]}", text)


@pytest.mark.parametrize("headers", ["none", "all"])
@pytest.mark.parametrize("what", ["export", "report"])
def test_a_download_is_gzip_of_one_array_whatever_headers_come_along(client, what, headers):
    url = finished_export(client) if what == "export" else finished_report(client)
    given = client.headers(Accept=CAMPAIGN, Content_Type=CAMPAIGN) if headers == "all" else {}
    reply = requests.get(url, headers=given, timeout=10, allow_redirects=False)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert "Content-Encoding" not in reply.headers
    assert isinstance(json.loads(gzip.decompress(reply.content)), list)


def exported(client, kind):
    media = f"application/vnd.{kind.lower()}export.v1+json"
    body = {"adProductFilter": ["SPONSORED_PRODUCTS"]}
    reply = client.call("POST", f"/{kind}/export", body, Content_Type=media, Accept=media)
    assert reply.status_code == 202, reply.text
    return reply.json()["exportId"]


def finished_export(client):
    export = exported(client, "campaigns")
    media = "application/vnd.campaignsexport.v1+json"
    return client.after(3600).call("GET", f"/exports/{export}", Accept=media).json()["url"]


REPORT = {
    "name": "a report",
    "configuration": {
        "adProduct": "SPONSORED_PRODUCTS",
        "groupBy": ["campaign"],
        "columns": ["campaignId", "impressions", "date"],
        "reportTypeId": "spCampaigns",
        "timeUnit": "DAILY",
        "format": "GZIP_JSON",
    },
}


def today(client):
    return iso(client.sandbox.clock.now())[:10]


def reported(
    client, media="application/vnd.createasyncreportrequest.v3+json", accept="*/*", **days
):
    client.after(60)
    body = REPORT | {"startDate": today(client), "endDate": today(client)} | days
    body["name"] = f"report at {client.sandbox.clock.now()}"
    return client.call("POST", "/reporting/reports", body, Content_Type=media, Accept=accept)


def finished_report(client):
    report = reported(client).json()["reportId"]
    return client.after(7200).call("GET", f"/reporting/reports/{report}").json()["url"]


def test_a_report_is_accepted_with_200_and_its_range_may_end_today(fresh):
    reply = reported(fresh, startDate="2026-06-25")
    assert reply.status_code == 200
    assert reply.json()["status"] == "PENDING"
    assert reply.json()["endDate"] == today(fresh)


def test_a_report_knows_four_states(fresh):
    report = reported(fresh).json()["reportId"]
    path = f"/reporting/reports/{report}"
    seen = [fresh.after(30).call("GET", path).json()["status"] for _ in range(40)]
    assert set(seen) <= {"PENDING", "PROCESSING", "COMPLETED", "FAILED"}
    assert seen[-1] == "COMPLETED"


# Media types ------------------------------------------------------------------------------------


@pytest.mark.parametrize("media", [CAMPAIGN, CAMPAIGN.lower(), CAMPAIGN.upper()])
def test_media_types_compare_without_case(client, media):
    assert client.listed("campaigns", {}, media)["campaigns"]


@pytest.mark.parametrize("accept", ["application/json", "text/plain", CAMPAIGN])
def test_reports_answer_whatever_is_accepted(fresh, accept):
    report = reported(fresh, accept=accept).json()["reportId"]
    reply = fresh.call("GET", f"/reporting/reports/{report}", Accept=accept)
    assert reply.status_code == 200
    assert (reply.headers["Content-Type"] == "application/json") == (accept == "application/json")


def test_reports_take_plain_json(fresh):
    assert reported(fresh, media="application/json").status_code == 200


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
    assert requests.post(url, data="{}", headers=headers, timeout=10).status_code == 200


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


def test_ids_are_strings_in_exports(client):
    url = finished_export(client)
    (row,) = json.loads(gzip.decompress(requests.get(url, timeout=10).content))
    assert isinstance(row["campaignId"], str)


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
