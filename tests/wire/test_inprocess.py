"""Both planes in one Flask application, without a socket."""

import json

import pytest

from adsmock.mockserver.app import Settings, build_runtime, create_app
from adsmock.mockserver.core.fault import FaultRule, Match, When
from adsmock.mockserver.services.faults.registry import kinds


@pytest.fixture
def runtime():
    return build_runtime(Settings(journal="full"), "http://localhost/_storage", None)


@pytest.fixture
def client(runtime):
    return create_app(runtime).test_client()


@pytest.fixture
def headers(runtime, client):
    credentials = runtime.sandboxes.get("default").credentials
    form = {
        "grant_type": "refresh_token",
        "refresh_token": credentials.refresh_token,
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }
    answer = client.post("/auth/o2/token", data=form)
    assert answer.status_code == 200, answer.data
    return {
        "Authorization": f"Bearer {answer.json['access_token']}",
        "Amazon-Advertising-API-ClientId": credentials.client_id,
    }


def plan(runtime, kind, **settings):
    rule = FaultRule("one", Match(operation=("profiles.list",)), When(), kinds()[kind](**settings))
    runtime.sandboxes.get("default").faults.add(rule)


@pytest.mark.parametrize(("path", "country"), [("/v2/profiles", "US"), ("/eu/v2/profiles", "UK")])
def test_a_region_is_reached_by_prefix(client, headers, path, country):
    assert country in {row["countryCode"] for row in client.get(path, headers=headers).json}


def test_a_region_is_reached_by_host(runtime, client, headers):
    base = f"https://{runtime.contract_set.regions['FE'].ads_host}"
    answer = client.get("/v2/profiles", headers=headers, base_url=base)
    assert {row["countryCode"] for row in answer.json} == {"JP", "AU"}


def test_the_control_plane_is_under_its_prefix(client):
    assert client.get("/_mock/v1/health").status_code == 200


def test_an_unknown_path_is_the_data_planes_to_refuse(client):
    for path in ("/", "/nowhere", "/_mockery", "//sp//campaigns"):
        answer = client.get(path)
        assert 400 <= answer.status_code < 500
        assert answer.json


def test_an_odd_method_is_the_data_planes_to_refuse(client):
    answer = client.open("/sp/campaigns", method="PURGE")
    assert 400 <= answer.status_code < 500
    assert answer.json


def test_every_call_is_journaled_and_closed(runtime, client, headers):
    client.get("/v2/profiles", headers=headers)
    entry = list(runtime.sandboxes.get("default").journal.rows())[-1]
    assert (entry.operation, entry.status, entry.ended) == ("profiles.list", 200, "complete")
    assert entry.t_arrive <= entry.t_send <= entry.t_end


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        (("reset", {"point": "on_wire"}), (ConnectionResetError, "reset")),
        (("close", {}), (ConnectionResetError, "closed")),
        (("truncate", {}), (ConnectionResetError, "truncated")),
        (("timeout-after-commit", {}), (TimeoutError, "timeout")),
        (("outage", {"mode": "reset"}), (ConnectionResetError, "reset")),
    ],
)
def test_a_broken_connection_is_an_exception(runtime, client, headers, fault, broken):
    (kind, settings), (error, ended) = fault, broken
    plan(runtime, kind, **settings)
    with pytest.raises(error, match=kind):
        client.get("/v2/profiles", headers=headers)
    entry = list(runtime.sandboxes.get("default").journal.rows())[-1]
    assert (entry.ended, entry.fault["kind"]) == (ended, kind)
    assert runtime.sandboxes.get("default").faults.find("one").triggered == 1


def test_a_truncation_that_cuts_nothing_breaks_nothing(runtime, client, headers):
    plan(runtime, "truncate", keep_bytes=1 << 20)
    assert client.get("/v2/profiles", headers=headers).status_code == 200
    assert runtime.sandboxes.get("default").faults.find("one").triggered == 0


def test_a_spoiled_body_is_spoiled(runtime, client, headers):
    plan(runtime, "malformed-json")
    with pytest.raises(json.JSONDecodeError):
        json.loads(client.get("/v2/profiles", headers=headers).data)


def test_a_giant_body_is_refused(client):
    assert client.post("/sp/campaigns", data=b"x" * (17 << 20)).status_code == 413


def test_without_a_world_it_makes_its_own():
    assert create_app().test_client().get("/_mock/v1/health").status_code == 200
