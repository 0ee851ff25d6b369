"""The Postman collection: complete, and its requests work with the environment."""

import json
import re
from typing import Any

import pytest

from adsmock.contracts.operation_index import operations
from adsmock.mockserver.app import create_app

VARIABLE = re.compile(r"\{\{([^}]*)\}\}")
NOON = "2026-11-27T12:00:00Z"


@pytest.fixture(scope="module")
def app() -> Any:
    client = create_app().test_client()
    wanted = {"id": "p", "clock": {"mode": "frozen", "start": NOON}}
    made = client.post("/_mock/v1/sandboxes", json=wanted)
    assert made.status_code == 201
    return client


@pytest.fixture(scope="module")
def parts(app: Any) -> Any:
    path = "/_mock/v1/sandboxes/p/postman"
    rows = app.get(f"{path}?part=environment").json["values"]
    return app.get(path).json, {row["key"]: row["value"] for row in rows}


def requests_of(items: Any) -> Any:
    for item in items:
        if "item" in item:
            yield from requests_of(item["item"])
        else:
            yield item["name"], item["request"]


def test_the_collection_has_every_operation(parts) -> None:
    names = [name for name, _ in requests_of(parts[0]["item"])]

    assert sorted(names) == sorted(row.id for row in operations().all())
    assert parts[0]["info"]["schema"].endswith("v2.1.0/collection.json")


def test_each_list_works_as_it_is(parts, app) -> None:
    """A developer imports both files and presses Send."""
    document, values = parts
    own = {key: values[key] for key in ("refresh_token", "client_id", "client_secret")}
    base = values["token_url"].removeprefix("http://localhost")
    form = own | {"grant_type": "refresh_token"}
    token = app.post(f"{base}/auth/o2/token", data=form).json["access_token"]
    known = values | {"access_token": token, "today": NOON[:10]}

    def filled(text: str) -> str:
        return VARIABLE.sub(lambda found: known.get(found[1], "1"), text)

    refused = {}
    count = 0
    for name, request in requests_of(document["item"]):
        if not name.endswith(".list") or name == "sb.creatives.list":  # this one needs an ad
            continue
        headers = {row["key"]: filled(row["value"]) for row in request["header"]}
        url = request["url"]["raw"]
        for row in request["url"]["variable"]:
            url = url.replace(f":{row['key']}", row["value"])
        reply = app.open(
            filled(url).removeprefix("http://localhost"),
            method=request["method"],
            headers={**headers, "Authorization": f"Bearer {token}"},
            data=filled(request["body"]["raw"]) if "body" in request else None,
        )
        count += 1
        if reply.status_code >= 300:
            refused[name] = reply.status_code, reply.text[:200]

    assert refused == {}
    assert count > 50


def test_bodies_are_json_once_variables_are_filled(parts) -> None:
    for name, request in requests_of(parts[0]["item"]):
        body = request.get("body", {})
        if "raw" in body:
            assert json.loads(VARIABLE.sub("1", body["raw"])) is not None, name


def test_parameters_of_the_path_are_variables(parts) -> None:
    request = dict(requests_of(parts[0]["item"]))["sd.campaigns.get"]

    assert request["url"]["raw"] == "{{api_url}}/sd/campaigns/:campaignId"
    assert request["url"]["variable"] == [{"key": "campaignId", "value": "{{campaignId}}"}]


def test_an_unknown_part_is_refused(app) -> None:
    reply = app.get("/_mock/v1/sandboxes/p/postman?part=globals")

    assert reply.status_code == 400
    assert reply.json["pointer"] == "/part"
