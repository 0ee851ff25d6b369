"""The whole life of a report over sockets: asked for, refused twice, taken back, fetched."""

import gzip
import json

import pytest
import requests

from adsmock.mockserver.app import Mock
from adsmock.mockserver.control.client import Control

CREATE = "application/vnd.createasyncreportrequest.v3+json"
ASKED = {
    "startDate": "2026-06-20",
    "endDate": "2026-06-30",
    "configuration": {
        "adProduct": "SPONSORED_PRODUCTS",
        "groupBy": ["searchTerm"],
        "columns": ["date", "searchTerm", "clicks", "cost"],
        "reportTypeId": "spSearchTerm",
        "timeUnit": "DAILY",
        "format": "GZIP_JSON",
    },
}
TREE = {
    "sp.campaigns": [
        {
            "campaignId": "1",
            "name": "Shoes",
            "targetingType": "MANUAL",
            "startDate": "2026-01-01",
            "budget": {"budgetType": "DAILY", "budget": 90.0},
        }
    ],
    "sp.adGroups": [{"adGroupId": "2", "campaignId": "1", "name": "g", "defaultBid": 0.9}],
    "sp.productAds": [{"campaignId": "1", "adGroupId": "2", "sku": "S"}],
    "sp.keywords": [
        {"campaignId": "1", "adGroupId": "2", "keywordText": "shoe", "matchType": "BROAD"}
    ],
}


class Client:
    """A signed-in client of a frozen sandbox whose one campaign has run for months."""

    def __init__(self, mock):
        self.control = Control(mock.control_url)
        wanted = {"seed": 3, "clock": {"mode": "frozen", "start": "2026-07-01T12:00:00Z"}}
        made = self.control.call("sandboxes.create", data=wanted)
        self.id, profile = made["id"], made["profiles"][0]["profileId"]
        self.base = made["urls"]["NA"]["ads"]
        form = {
            "grant_type": "refresh_token",
            "refresh_token": made["client"]["refreshToken"],
            "client_id": made["client"]["clientId"],
            "client_secret": made["client"]["clientSecret"],
        }
        url = f"{made['urls']['NA']['lwa']}/auth/o2/token"
        granted = requests.post(url, form, timeout=60).json()
        self.headers = {
            "Authorization": f"Bearer {granted['access_token']}",
            "Amazon-Advertising-API-ClientId": made["client"]["clientId"],
            "Amazon-Advertising-API-Scope": profile,
            "Content-Type": CREATE,
        }
        self.control.call("state.patch", sandbox=self.id, data={"profiles": {profile: TREE}})

    def call(self, method, path="", body=None):
        url = f"{self.base}/reporting/reports{path}"
        return requests.request(method, url, json=body, headers=self.headers, timeout=60)

    def wait(self, seconds):
        self.control.call("clock.advance", sandbox=self.id, data={"seconds": seconds})


@pytest.fixture(scope="module")
def client():
    with Mock(port=0) as mock:
        yield Client(mock)


def test_a_report_lives_from_its_creation_to_its_file(client):
    made = client.call("POST", body=ASKED)
    report = made.json()["reportId"]
    assert (made.status_code, made.json()["status"]) == (200, "PENDING")

    twin = client.call("POST", body=ASKED)
    assert (twin.status_code, report in twin.json()["detail"]) == (425, True)
    assert client.call("DELETE", f"/{report}").json()["code"] == "200"
    assert client.call("GET", f"/{report}").status_code == 404

    report = client.call("POST", body=ASKED).json()["reportId"]
    client.wait(5)
    assert client.call("GET", f"/{report}").json()["status"] == "PROCESSING"
    client.wait(5)
    done = client.call("GET", f"/{report}").json()
    file = requests.get(done["url"], timeout=60)

    assert done["status"] == "COMPLETED"
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert "Content-Encoding" not in file.headers
    assert len(file.content) == done["fileSize"]
    rows = json.loads(gzip.decompress(file.content))
    assert {row["searchTerm"] for row in rows} <= {"shoe", "best shoe", "shoe sale"}
    assert all(row["clicks"] > 0 for row in rows)
    assert len(rows) > 5


def test_a_refused_report_says_why_in_the_words_of_reporting(client):
    wrong = {**ASKED, "configuration": {**ASKED["configuration"], "reportTypeId": "spNothing"}}

    refused = client.call("POST", body=wrong)

    assert (refused.status_code, refused.json()) == (
        400,
        {"code": "400", "detail": "configuration reportTypeId is unknown or invalid"},
    )
