"""What the gateway adds to every reply: rows 1, 7 and 8."""

import gzip
import re

import pytest

from adsmock.contracts.loader import load
from tests.unit.mockserver.fixtures import campaign, create_server, value
from tests.unit.mockserver.observed.rows import observed

JSON = "application/json"
KEYWORD = "application/vnd.sbkeywordresponse.v3+json"
NEGATIVE = "application/vnd.spNegativeTargetingClause.v3+json"
WANTS_WHOLE = {"Prefer": "return=representation"}
USUAL = {
    "Vary": "Content-Type,Accept-Encoding,User-Agent",
    "Strict-Transport-Security": "max-age=47474747; includeSubDomains; preload",
}
UUID = "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"
CODE = "[A-Z0-9]{20}"
FORMS = {
    "x-amz-rid": CODE,
    "x-amzn-RequestId": UUID,
    "x-amz-request-id": CODE,
    "x-amz-apigw-id": "[A-Za-z0-9_-]{15}=",
    "X-Amzn-Trace-Id": "Root=1-[0-9a-f]{8}-[0-9a-f]{24}",
    "x-amzn-Remapped-x-amzn-RequestId": f"{UUID}|{CODE}",
    "x-amzn-Remapped-Date": "Wed, 01 Jul 2026 12:00:00 GMT",
    "X-Amz-Date": "Wed, 01 Jul 2026 12:00:00 GMT",
}


def documented():
    return create_server(choices={"gateway": "documented"})


def batch(server, **changes):
    return server.call("/sp/campaigns", {"campaigns": [campaign()]}, **changes)


def keywords(server):
    return server.call("/sb/keywords", [], "POST", media=JSON, Accept=KEYWORD)


@observed("1")
def test_entities_answer_json_whatever_vendor_type_was_accepted():
    assert batch(create_server()).content_type == JSON
    assert batch(documented()).content_type == "application/vnd.spCampaign.v3+json"


@observed("1")
def test_brand_keywords_answer_with_their_vendor_type():
    assert keywords(create_server()).content_type == KEYWORD


@observed("1")
@pytest.mark.parametrize("resource", ["keywords", "negativeKeywords", "targets", "themes"])
def test_lists_of_brand_targeting_answer_with_their_vendor_types(resource):
    operation = load().operations[f"sb.{resource}.list"]
    assert (operation.answers or operation.reply).startswith("application/vnd.sb")


@observed("1")
@pytest.mark.parametrize("family", ["sp.", "sb.campaigns.", "sb.adGroups.", "sd.", "v1."])
def test_no_list_of_these_families_answers_with_a_vendor_type(family):
    every = load().operations.values()
    lists = [row for row in every if row.verb == "list" and row.id.startswith(family)]
    assert lists
    assert {row.answers or row.reply for row in lists} == {JSON}


@observed("1")
@pytest.mark.parametrize("name", ["sp.campaigns.list", "sb.campaigns.create", "reporting.get"])
def test_the_media_type_of_a_reply_is_a_fact_of_the_operation(name):
    assert load().operations[name].answers == JSON


@observed("1")
def test_reports_carry_their_vendor_type_in_a_remapped_header():
    accept = {"media": "application/vnd.createasyncreportrequest.v3+json", "Accept": "*/*"}
    reply = create_server().call("/reporting/reports", {}, **accept)
    assert reply.headers["x-amzn-Remapped-x-amzn-Remapped-Content-Type"] == (
        "application/vnd.createasyncreportresponse.v3+json"
    )


@observed("7")
@pytest.mark.parametrize(
    ("method", "path", "names"),
    [
        ("POST", "/sp/campaigns/list", "x-amz-rid x-amzn-RequestId x-amz-apigw-id X-Amzn-Trace-Id"),
        ("GET", "/v2/profiles", "x-amz-rid x-amz-request-id"),
        ("GET", "/sd/campaigns", "x-amz-rid"),
        ("POST", "/no/such/path", "x-amz-rid x-amzn-RequestId x-amz-apigw-id X-Amzn-Trace-Id"),
    ],
)
def test_replies_carry_the_headers_of_the_service_behind_them(method, path, names):
    server = create_server()
    media = {} if path.startswith("/sp") else {"media": JSON}
    headers = server.call(path, b"", method, **media).headers
    ids = {name for name in headers if name in FORMS and "Remapped" not in name}
    assert ids == set(names.split())
    assert USUAL.items() <= headers.items()
    assert [name for name in ids if not re.fullmatch(FORMS[name], headers[name])] == []


@observed("7")
def test_what_a_proxied_service_answered_is_in_remapped_headers():
    reply = batch(create_server())
    assert reply.headers["x-amzn-Remapped-Content-Length"] == str(len(reply.body))
    for name in ("x-amzn-Remapped-x-amzn-RequestId", "x-amzn-Remapped-Date"):
        assert re.fullmatch(FORMS[name], reply.headers[name])


@observed("7")
def test_ids_differ_from_reply_to_reply_and_the_journal_keeps_the_one_that_clients_see():
    server = create_server()
    first, second = batch(server), batch(server)
    for name in ("x-amz-rid", "x-amzn-RequestId", "x-amz-apigw-id", "X-Amzn-Trace-Id"):
        assert first.headers[name] != second.headers[name]
    shown = server.call("/sd/campaigns", b"", "GET", media=JSON)
    ids = [entry.request_id for entry in server.entries()]
    assert ids[-2:] == [second.headers["x-amzn-RequestId"], shown.headers["x-amz-rid"]]


@observed("7")
def test_the_token_endpoint_forbids_caches_and_names_its_date():
    headers = create_server().grant().headers
    assert headers["Cache-Control"] == "no-cache, no-store, must-revalidate"
    assert headers["Pragma"] == "no-cache"
    assert headers["X-Amz-Date"] == FORMS["X-Amz-Date"]


@observed("7")
def test_a_preference_that_was_obeyed_is_named():
    server = create_server()
    assert batch(server, **WANTS_WHOLE).headers["Preference-Applied"] == WANTS_WHOLE["Prefer"]
    assert "Preference-Applied" not in batch(server).headers
    listed = server.call("/sp/campaigns/list", {}, **WANTS_WHOLE)
    assert "Preference-Applied" not in listed.headers


@observed("7")
@pytest.mark.parametrize(
    ("accepted", "is_compressed"),
    [
        ("gzip, deflate", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("gzip;q=0", False),
        ("identity", False),
        ("x-gzip", False),
        (None, False),
    ],
)
def test_large_replies_are_compressed_where_that_is_accepted(accepted, is_compressed):
    server = create_server()
    many = {"campaigns": [campaign(f"Shoes {number}") for number in range(20)]}
    plain = server.call("/sp/campaigns", many, **WANTS_WHOLE)
    assert "Content-Encoding" not in plain.headers
    reply = server.call("/sp/campaigns/list", {}, Accept_Encoding=accepted)
    assert (reply.headers.get("Content-Encoding") == "gzip") == is_compressed
    body = gzip.decompress(reply.body) if is_compressed else reply.body
    assert body.startswith(b'{"campaigns":[{')
    assert reply.headers["x-amzn-Remapped-Content-Length"] == str(len(body))


@observed("7")
def test_small_replies_and_the_journal_are_not_compressed():
    server = create_server()
    assert "Content-Encoding" not in batch(server, Accept_Encoding="gzip").headers
    many = {"campaigns": [campaign(f"Shoes {number}") for number in range(40)]}
    packed = server.call("/sp/campaigns", many, Accept_Encoding="gzip", **WANTS_WHOLE)
    assert server.entries()[-1].reply == gzip.decompress(packed.body)


@observed("7")
def test_documented_replies_have_a_request_id_and_nothing_else_of_the_gateway():
    headers = batch(documented(), Accept_Encoding="gzip", **WANTS_WHOLE).headers
    assert list(headers) == ["x-amzn-RequestId"]


@observed("8")
def test_json_is_accepted_where_json_is_answered():
    body = {"negativeTargetingClauses": []}
    for server, status in ((create_server(), 207), (documented(), 406)):
        reply = server.call("/sp/negativeTargets", body, media=NEGATIVE, Accept=JSON)
        assert reply.status == status, value(reply)


@observed("8")
def test_category_recommendations_accept_json_and_answer_their_vendor_type():
    kind = "application/vnd.spproducttargeting.v3+json"
    body = {"asins": ["B000000001"], "includeAncestor": False}
    path = "/sp/targets/categories/recommendations"
    reply = create_server().call(path, body, media=kind, Accept=JSON)
    assert reply.status == 200
    assert reply.content_type.startswith("application/vnd.spproducttargetingresponse.")
    assert documented().call(path, body, media=kind, Accept=JSON).status == 406


@observed("8")
def test_brand_keywords_refuse_json_in_accept():
    assert create_server().call("/sb/keywords", [], media=JSON).status == 406


@observed("8b")
@pytest.mark.parametrize("path", ["/sp/campaigns/list", "/sp/negativeTargets/list"])
def test_lists_refuse_json_as_the_type_of_their_body(path):
    assert create_server().call(path, {}, media=JSON).status == 415
