"""Accounts and instances: what the headers of Marketing Cloud name."""

from functools import cache

import orjson
import pytest

from adsmock.mockserver.services.marketing_cloud.account import ACCOUNT, MARKETPLACE
from tests.unit.mockserver.fixtures import ENDPOINTS, create_server, value
from tests.unit.mockserver.services.marketing_cloud.cloud_calls import QUERY, Cloud

cloud = cache(lambda: Cloud(create_server()))


def get(path, region="NA", **headers):
    own = cloud()
    return own.server.send("GET", path, b"", own.headers(**headers), ENDPOINTS[region])


def test_each_profile_has_an_account_that_its_headers_name():
    rows = value(get("/amc/accounts"))["amcAccounts"]
    profiles = cloud().server.sandbox.profiles.values()
    assert [row["marketplaceId"] for row in rows] == [each.marketplace_id for each in profiles]
    for row in rows:
        named = {ACCOUNT: row["accountId"], MARKETPLACE: row["marketplaceId"]}
        found = value(get("/amc/instances", **named))["instances"]
        assert [each["instanceType"] for each in found] == ["STANDARD", "SANDBOX"]
        assert {tuple(each["entities"]) for each in found} == {(row["accountId"],)}


def test_every_host_serves_every_account():
    assert {get("/amc/instances", region).status for region in ENDPOINTS} == {200}


def test_an_instance_is_found_by_its_id_in_its_own_account_alone():
    own, rows = cloud(), value(get("/amc/accounts"))["amcAccounts"]
    path = f"/amc/instances/{own.instance}"
    assert value(get(path))["instance"]["instanceId"] == own.instance
    other = {ACCOUNT: rows[1]["accountId"], MARKETPLACE: rows[1]["marketplaceId"]}
    assert get(path, **other).status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({ACCOUNT: None}, 400),
        ({MARKETPLACE: None}, 400),
        ({ACCOUNT: "ENTITYNOBODY"}, 403),
        ({MARKETPLACE: "A2EUQ1WTGCTBG2"}, 403),
    ],
)
def test_headers_that_name_no_account_of_the_client_are_refused(headers, status):
    reply = get("/amc/instances", **headers)
    assert (reply.status, value(reply)["code"]) == (status, str(status))


def test_pages_have_at_most_the_limit():
    first = value(get("/amc/instances?limit=1"))
    token = first["nextToken"]
    second = value(get(f"/amc/instances?limit=1&nextToken={token}"))
    assert len(first["instances"]) == len(second["instances"]) == 1
    assert first["instances"] != second["instances"]
    assert second["nextToken"] is None
    assert get("/amc/instances?limit=101").status == 422
    assert get("/amc/instances?limit=none").status == 422
    assert get("/amc/instances?nextToken=other").status == 400


def test_data_sources_are_listed_with_their_columns():
    rows = cloud().ok("GET", "dataSources")["dataSources"]
    (traffic,) = (row for row in rows if row["dataSourceId"] == "sponsored_ads_traffic")
    assert {"name": "user_id", "columnType": "DIMENSION"} in traffic["columns"]
    found = cloud().ok("GET", "dataSources/sponsored_ads_traffic")
    assert found == {"dataSource": traffic}
    assert "none" in cloud().refused(404, "GET", "dataSources/none")


@pytest.mark.parametrize("path", ["/amc/accounts", "/amc/instances"])
def test_administration_answers_as_saved_replies_of_the_service_do(path):
    reply = get(path)
    assert reply.content_type == "application/json"
    assert reply.headers["x-amz-rid"] == reply.headers["x-amz-request-id"]
    assert "x-amzn-RequestId" not in reply.headers


def test_instances_name_their_collaboration_and_datasets_as_saved_replies_do():
    rows = value(get("/amc/instances"))["instances"]
    assert [(row["acrCollaboration"], row["optionalDatasets"]) for row in rows] == [(None, [])] * 2


def test_a_created_workflow_is_answered_with_an_empty_object_that_is_called_bytes():
    body = {"workflowId": "saved", "sqlQuery": QUERY}
    reply = Cloud(create_server()).send("POST", "workflows", orjson.dumps(body))
    assert (reply.status, value(reply)) == (200, {})
    assert reply.content_type == "application/octet-stream"
