"""What clients written for the real service need of exports, reports and downloads, on sockets."""

import base64
import gzip
import json
import re

import pytest
import requests

from tests.wire.integrator import (
    CAMPAIGN,
    exported,
    finished_export,
    finished_report,
    reported,
    today,
)

KINDS = {"campaigns": "C", "adGroups": "A", "ads": "AD", "targets": "T"}


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
    given.pop("Authorization", None)  # storage refuses a second signature
    reply = requests.get(url, headers=given, timeout=60, allow_redirects=False)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert "Content-Encoding" not in reply.headers
    assert isinstance(json.loads(gzip.decompress(reply.content)), list)


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


@pytest.mark.parametrize("accept", ["application/json", "text/plain", CAMPAIGN])
def test_reports_answer_whatever_is_accepted(fresh, accept):
    report = reported(fresh, accept=accept).json()["reportId"]
    reply = fresh.call("GET", f"/reporting/reports/{report}", Accept=accept)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "application/json"


def test_reports_take_plain_json(fresh):
    assert reported(fresh, media="application/json").status_code == 200


def test_ids_are_strings_in_exports(client):
    url = finished_export(client)
    (row,) = json.loads(gzip.decompress(requests.get(url, timeout=60).content))
    assert isinstance(row["campaignId"], str)
