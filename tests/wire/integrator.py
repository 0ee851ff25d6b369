"""A client written for the real service, on sockets: plain calls, and an account worth reading."""

import json

import requests

from adsmock.contracts.iso8601 import format_utc, parse_utc
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox

NOON = "2026-07-01T12:00:00Z"
CAMPAIGN = "application/vnd.spCampaign.v3+json"
ENVELOPES = {"targets": "targetingClauses"}
SP = {
    "campaigns": "spCampaign",
    "adGroups": "spAdGroup",
    "productAds": "spProductAd",
    "keywords": "spKeyword",
    "targets": "spTargetingClause",
}


class Client:
    """Credentials of one sandbox on a frozen clock, and the plainest calls."""

    def __init__(self, mock, name):
        wanted = SandboxRequest(
            id=name,
            seed=3,
            clock_mode="frozen",
            clock_start=parse_utc(NOON),
            token_lifetime=1e6,
        )
        self.mock = mock
        self.sandbox = make_sandbox(mock.runtime.sandboxes, mock.runtime.contract_set, wanted)
        self.sandbox.throttle.quotas.clear()
        self.own = self.sandbox.credentials
        self.token = self.grant().json()["access_token"]

    def grant(self, region="NA", auth=None, **form):
        given = {"grant_type": "refresh_token", "refresh_token": self.own.refresh_token} | form
        if auth is None:
            given |= {"client_id": self.own.client_id, "client_secret": self.own.client_secret}
        url = self.mock.urls[region]["lwa"] + "/auth/o2/token"
        return requests.post(url, data=given, auth=auth, timeout=60)

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
        return requests.request(method, url, data=data, headers=self.headers(**headers), timeout=60)

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


def planted(mock):
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
    return format_utc(client.sandbox.clock.now())[:10]


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
