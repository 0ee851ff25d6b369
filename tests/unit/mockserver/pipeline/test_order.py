"""The order of refusals: every request here is wrong in two neighbouring ways."""

import pytest

from tests.unit.mockserver.fixtures import CAMPAIGN, ENDPOINTS, create_server, value

BAD_TOKEN = {"Authorization": "Bearer Atza|nobody"}
NO_SCOPE = {"Amazon_Advertising_API_Scope": None}
BAD_TYPE = {"Content_Type": "text/plain"}
BAD_ACCEPT = {"Accept": "image/png"}

PAIRS = {
    "path before token": ("/sp/nothing", {}, BAD_TOKEN, 404, "Could not find resource"),
    "retired path before token": ("/v2/sp/keywords", {}, BAD_TOKEN, 404, "Method Not Found"),
    "token before scope": ("/sp/campaigns/list", {}, BAD_TOKEN | NO_SCOPE, 401, "Unauthorized"),
    "scope before content type": ("/sp/campaigns/list", {}, NO_SCOPE | BAD_TYPE, 401, "Scope"),
    "content type before accept": (
        "/sp/campaigns/list",
        {},
        BAD_TYPE | BAD_ACCEPT,
        415,
        "Cannot consume content type",
    ),
    "accept before body": (
        "/sp/campaigns/list",
        {"stateFilter": 3},
        BAD_ACCEPT,
        406,
        "No match for accept header",
    ),
    "whole body before items": (
        "/sp/campaigns",
        {"campaigns": [{"name": " "}]},
        {},
        400,
        "Member must not be null",
    ),
}


@pytest.mark.parametrize(("path", "body", "headers", "status", "text"), PAIRS.values(), ids=PAIRS)
def test_pipeline_names_the_first_thing_wrong(path, body, headers, status, text):
    reply = create_server().call(path, body, **headers)

    assert reply.status == status
    assert text in reply.body.decode()


def test_pipeline_spends_quota_before_it_reads_the_body():
    server = create_server()
    server.sandbox.throttle.quotas["sp.read"].rate = 1e-9
    server.sandbox.throttle.quotas["sp.read"].burst = 1
    server.call("/sp/campaigns/list")

    reply = server.call("/sp/campaigns/list", b"{not json")

    assert (reply.status, value(reply)["code"]) == (429, "THROTTLED")


def test_pipeline_spends_no_quota_on_a_refused_token():
    server = create_server()
    server.sandbox.throttle.quotas["sp.read"].rate = 1e-9
    server.sandbox.throttle.quotas["sp.read"].burst = 1
    for _ in range(5):
        assert server.call("/sp/campaigns/list", **BAD_TOKEN).status == 401

    assert server.call("/sp/campaigns/list").status == 200


def test_pipeline_answers_a_dark_region_before_the_token():
    server = create_server()
    server.plan("outage")

    assert server.call("/sp/campaigns/list", **BAD_TOKEN).status == 503


def test_pipeline_refuses_malformed_json_in_the_family_dialect():
    reply = create_server().call("/sp/campaigns", b'{"campaigns": [')

    assert reply.status == 400
    assert value(reply)["code"] == "INVALID_ARGUMENT"


def test_pipeline_answers_a_wrong_method_and_a_wrong_region_without_a_crash():
    server = create_server()

    assert server.call("/sp/campaigns", method="PATCH").status == 405
    foreign = server.send("POST", "/sp/campaigns/list", b"{}", server.headers(), ENDPOINTS["EU"])
    assert (foreign.status, value(foreign)["details"]) == (
        401,
        "No matching advertiser found for scope",
    )


@pytest.mark.parametrize("accept", [CAMPAIGN.upper(), "*/*", None, f"text/html, {CAMPAIGN};q=0.9"])
def test_negotiation_compares_types_without_case(accept):
    assert create_server().call("/sp/campaigns/list", Accept=accept).status == 200
