"""Advertising deals and their targets: drafts, proposals, approval, deletion."""

from functools import cache
from itertools import count

import jsonschema_rs
import pytest

from adsmock.contracts.schema import form_body
from adsmock.mockserver.core.fault import Match
from adsmock.mockserver.services.deals.deals import APPROVAL_SECONDS
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import contract_set, value

NUMBERS = count()
home = cache(fixtures.runtime)
DEAL = {
    "name": "Summer",
    "startDateTime": "2026-07-10T00:00:00Z",
    "endDateTime": "2026-07-20T00:00:00Z",
    "price": {"priceType": "FIXED_PRICE", "value": 500.0},
}


def create_server():
    return fixtures.create_server(home(), f"deals{next(NUMBERS)}")


def send(own, verb, what, body, status):
    reply = own.call(f"/adsApi/v1/{verb}/{what}/sb", body, media="application/json")
    assert reply.status == status, reply.body
    name = {"advertisingDeals": "deals", "advertisingDealTargets": "dealTargets"}[what]
    form = {"query": "list"}.get(verb, verb)
    schema = form_body(contract_set().by_name[name], f"{form}.reply")
    jsonschema_rs.validate(schema, value(reply))
    return value(reply)


def write(own, verb, **body):
    return send(own, verb, "advertisingDeals", body, 207)


def make(own, **changes):
    reply = write(own, "create", advertisingDeals=[DEAL | changes])
    (row,) = reply["success"]
    return row["advertisingDeal"]


def query(own, **body):
    return send(own, "query", "advertisingDeals", body, 200)


def refusal(reply):
    (row,) = reply["error"]
    (error,) = row["errors"]
    return error["code"], error["fieldLocation"]


def target(deal, keyword):
    details = {"advertisingDealBrandedKeywordTargetDetails": {"brandedKeyword": keyword}}
    return {
        "advertisingDealId": deal["advertisingDealId"],
        "targetType": "BRANDED_KEYWORD",
        "targetDetails": details,
    }


def reserve(own, *targets):
    body = {"advertisingDealTargets": targets}
    return send(own, "create", "advertisingDealTargets", body, 207)


def reserved(own, deal):
    body = {"advertisingDealIdFilter": {"include": [deal["advertisingDealId"]]}}
    return send(own, "query", "advertisingDealTargets", body, 200)["advertisingDealTargets"]


def test_without_deals_a_query_answers_as_it_was_seen():
    assert query(create_server()) == {"advertisingDeals": []}


def test_a_proposed_deal_is_approved_an_hour_later():
    own = create_server()
    deal = make(own)
    assert deal["status"] == {"status": "DRAFT"}
    assert deal["price"] == DEAL["price"] | {"currencyCode": "USD"}
    changes = {"advertisingDealId": deal["advertisingDealId"], "state": "PROPOSED"}
    (row,) = write(own, "update", advertisingDeals=[changes])["success"]

    own.sandbox.clock.advance(APPROVAL_SECONDS)
    (later,) = query(own)["advertisingDeals"]

    assert row["advertisingDeal"]["status"] == {"status": "PROPOSED"}
    assert later == row["advertisingDeal"] | {"status": {"status": "MODERATION_APPROVED"}}


def test_an_update_changes_what_it_names():
    own = create_server()
    deal = make(own)
    own.sandbox.clock.advance(20 * 86_400)  # the deal has begun
    changes = {
        "advertisingDealId": deal["advertisingDealId"],
        "price": {"value": 700.0},
        "endDateTime": "2026-08-20T00:00:00Z",
    }
    (row,) = write(own, "update", advertisingDeals=[changes])["success"]
    changed = deal | {"endDateTime": "2026-08-20T00:00:00Z"}
    assert row["advertisingDeal"] == changed | {"price": deal["price"] | {"value": 700.0}}


@pytest.mark.parametrize(
    ("changes", "code", "member"),
    [
        ({"startDateTime": "2026-06-30T00:00:00Z"}, "DATE_CANNOT_BE_IN_PAST", "startDateTime"),
        ({"endDateTime": "2026-07-10T00:00:00Z"}, "FIELD_VALUE_IS_INVALID", "endDateTime"),
        ({"endDateTime": "soon"}, "FIELD_VALUE_IS_INVALID", "endDateTime"),
        ({"replacingDealId": "1"}, "RESOURCE_ID_NOT_FOUND", "replacingDealId"),
    ],
)
def test_a_wrong_deal_is_refused_and_its_neighbor_is_created(changes, code, member):
    own = create_server()
    reply = write(own, "create", advertisingDeals=[DEAL | changes, DEAL])
    assert refusal(reply) == (code, f"advertisingDeals[0].{member}")
    assert [row["index"] for row in reply["success"]] == [1]
    assert len(query(own)["advertisingDeals"]) == 1


def test_an_unknown_deal_is_neither_changed_nor_deleted():
    own = create_server()
    changed = write(own, "update", advertisingDeals=[{"advertisingDealId": "1"}])
    deleted = write(own, "delete", advertisingDealIds=["1"])
    assert refusal(changed)[0] == refusal(deleted)[0] == "RESOURCE_ID_NOT_FOUND"


def test_deals_are_filtered_and_paged():
    own = create_server()
    deals = [make(own, name=name) for name in ("Summer", "summer sale", "Winter")]
    broad = {"include": ["SUMMER"], "queryTermMatchType": "BROAD_MATCH"}
    exact = broad | {"queryTermMatchType": "EXACT_MATCH"}
    one = {"include": [deals[2]["advertisingDealId"]]}

    assert query(own, nameFilter=broad)["advertisingDeals"] == deals[:2]
    assert query(own, nameFilter=exact)["advertisingDeals"] == deals[:1]
    assert query(own, advertisingDealIdFilter=one)["advertisingDeals"] == deals[2:]
    first = query(own, maxResults=2)
    second = query(own, maxResults=2, nextToken=first["nextToken"])
    assert first["advertisingDeals"] + second["advertisingDeals"] == deals
    assert "nextToken" not in second


def test_targets_belong_to_a_deal_once_and_end_with_it():
    own = create_server()
    deal, other = make(own), make(own)
    reply = reserve(own, target(deal, "Acme"), target(deal, "acme"), target(other, "acme"))
    assert refusal(reply) == (
        "DUPLICATE_FIELD_VALUE_FOUND",
        "advertisingDealTargets[1].targetDetails",
    )
    (kept,) = reserved(own, deal)
    assert kept == reply["success"][0]["advertisingDealTarget"]

    write(own, "delete", advertisingDealIds=[deal["advertisingDealId"]])
    assert [len(reserved(own, each)) for each in (deal, other)] == [0, 1]
    assert query(own)["advertisingDeals"] == [other]
    assert refusal(reserve(own, target(deal, "new")))[0] == "RESOURCE_ID_NOT_FOUND"


def test_a_target_is_deleted_once():
    own = create_server()
    deal = make(own)
    (row,) = reserve(own, target(deal, "acme"))["success"]
    ids = {"advertisingDealTargetIds": [row["advertisingDealTarget"]["advertisingDealTargetId"]]}
    first = send(own, "delete", "advertisingDealTargets", ids, 207)
    again = send(own, "delete", "advertisingDealTargets", ids, 207)
    assert first["success"][0]["advertisingDealTarget"] == row["advertisingDealTarget"]
    assert refusal(again)[0] == "RESOURCE_ID_NOT_FOUND"
    assert reserved(own, deal) == []


def test_a_planned_fault_refuses_one_deal():
    own = create_server()
    effect = {"indexes": (0,), "error": "throttledError"}
    own.plan("partial", effect=effect, match=Match(operation=("deals.create",)))
    reply = write(own, "create", advertisingDeals=[DEAL, DEAL])
    assert refusal(reply)[0] == "TOO_MANY_REQUESTS"
    assert len(query(own)["advertisingDeals"]) == 1


def test_the_type_of_recommendations_is_the_one_that_was_seen():
    path = "/adsApi/v1/query/recommendationTypes/sb"
    reply = create_server().call(path, {}, media="application/json")
    (row,) = value(reply)["recommendationTypes"]
    assert row["recommendationTypeId"] == "BRANDED_KEYWORD"
