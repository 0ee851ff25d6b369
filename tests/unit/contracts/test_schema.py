"""Bodies derived from contracts accept what the service accepts, and nothing that it refuses."""

import jsonschema_rs
import pytest

from adsmock.contracts.loader import load
from adsmock.contracts.reply_schema import reply_body
from adsmock.contracts.schema import (
    archive_body,
    create_body,
    entity,
    list_body,
    record,
    request_body,
    update_body,
)

BOOK = load()
CAMPAIGN = {
    "name": "Autumn", "targetingType": "MANUAL", "state": "ENABLED",
    "budget": {"budget": 10, "budgetType": "DAILY"},
}  # fmt: skip


def fits(schema, value):
    return jsonschema_rs.Draft202012Validator(schema).is_valid(value)


def campaign(**changes):
    item = {**CAMPAIGN, **changes}
    return {"campaigns": [{key: value for key, value in item.items() if value != "absent"}]}


@pytest.mark.parametrize(
    ("body", "held"),
    [
        (campaign(), True),
        ({"campaigns": []}, True),
        (campaign(dailyBudget=3), True),  # unknown members are ignored
        (campaign(portfolioId="12"), True),
        (campaign(portfolioId=12), True),  # ids may come as numbers
        (campaign(portfolioId=1.5), False),
        (campaign(endDate=None), True),
        (campaign(portfolioId=None), False),  # only an update detaches
        (campaign(state="enabled"), False),
        (campaign(state="ARCHIVED"), False),
        (campaign(name="absent"), False),
        (campaign(name=None), False),
        (campaign(name=3), False),
        (campaign(budget={"budget": "10", "budgetType": "DAILY"}), False),
        (campaign(siteRestrictions=[]), False),
        (campaign(dynamicBidding={"placementBidding": [{"percentage": 901}]}), False),
        ({"campaigns": [CAMPAIGN] * 1001}, False),
        ({"campaigns": [CAMPAIGN] * 1000}, True),
        ({}, False),
        ([], False),
    ],
)
def test_a_create_body_is_judged_as_the_service_judges_it(body, held):
    assert fits(create_body(BOOK.by_name["sp.campaigns"]), body) is held


@pytest.mark.parametrize(
    ("item", "held"),
    [
        ({"campaignId": "1"}, True),
        ({"campaignId": 1, "portfolioId": None, "endDate": None}, True),
        ({"name": "x"}, False),
        ({"campaignId": "1", "state": "ARCHIVED"}, False),
    ],
)
def test_an_update_body_needs_the_id_only(item, held):
    assert fits(update_body(BOOK.by_name["sp.campaigns"]), {"campaigns": [item]}) is held


def test_an_automatic_clause_is_updated_but_not_created():
    contract = BOOK.by_name["sp.targets"]
    auto = {"expression": [{"type": "QUERY_HIGH_REL_MATCHES"}], "expressionType": "AUTO"}
    rest = {"campaignId": "1", "adGroupId": "2", "state": "ENABLED"}
    assert fits(update_body(contract), {"targetingClauses": [{"targetId": "3", **auto}]})
    assert not fits(create_body(contract), {"targetingClauses": [{**rest, **auto}]})


@pytest.mark.parametrize("name", [name for name in BOOK.by_name if name.startswith("sp.")])
def test_a_list_body_may_be_empty(name):
    assert fits(list_body(BOOK.by_name[name]), {})


@pytest.mark.parametrize(
    ("body", "held"),
    [
        ({"matchTypeFilter": ["EXACT"]}, True),
        ({"matchTypeFilter": {"include": ["EXACT"]}}, False),
        ({"keywordTextFilter": {"queryTermMatchType": "EXACT_MATCH", "include": ["a"]}}, True),
        ({"keywordTextFilter": {"include": ["a"]}}, False),
        ({"stateFilter": {"include": ["ENABLED", "ARCHIVED"]}}, True),
        ({"stateFilter": {"include": ["enabled"]}}, False),
        ({"stateFilter": {}}, False),
        ({"keywordIdFilter": {"include": [1, "2"]}}, True),
        ({"campaignIdFilter": {"include": ["1"] * 101}}, False),
        ({"maxResults": 1000}, True),
        ({"maxResults": 1001}, False),
        ({"maxResults": 0}, False),
        ({"nextToken": "x", "includeExtendedDataFields": True}, True),
    ],
)
def test_a_list_body_takes_each_filter_in_its_own_shape(body, held):
    assert fits(list_body(BOOK.by_name["sp.keywords"]), body) is held


def test_an_archive_body_is_the_id_filter():
    schema = archive_body(BOOK.by_name["sp.negativeKeywords"])
    assert fits(schema, {"negativeKeywordIdFilter": {"include": ["1", 2]}})
    assert not fits(schema, {"keywordIdFilter": {"include": ["1"]}})


SEEN = [
    ("sp.campaigns", {"campaigns": {"error": [], "success": [{"campaignId": "21", "index": 0}]}}),
    ("sp.campaigns", {"campaigns": {"error": [{"errors": [{
        "errorType": "duplicateValueError",
        "errorValue": {"duplicateValueError": {
            "cause": {"location": "$.campaigns[0].name", "trigger": "X"},
            "message": "Campaign with name=X already exists!", "reason": "DUPLICATE_VALUE"}},
    }], "index": 0}], "success": []}}),
    ("sp.keywords", {"keywords": {"error": [{"errors": [{
        "errorType": "malformedValueError",
        "errorValue": {"malformedValueError": {
            "cause": {}, "message": "Keyword is invalid", "reason": "PATTERN_NOT_MATCHED"}},
    }], "index": 0}], "success": []}}),
    ("sp.keywords", {"keywords": {"error": [], "success": [{"index": 0, "keywordId": "104",
        "keyword": {"adGroupId": "80", "bid": 0.02, "campaignId": "15", "keywordId": "104",
                    "keywordText": "soap bar", "matchType": "EXACT", "state": "ENABLED"}}]}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body"), SEEN)
def test_a_reply_that_was_seen_on_the_wire_fits(name, body):
    assert fits(reply_body(BOOK.by_name[name], "create"), body)


def test_a_reply_without_one_of_both_arrays_does_not_fit():
    schema = reply_body(BOOK.by_name["sp.campaigns"], "create")
    assert not fits(schema, {"campaigns": {"success": []}})


def test_an_item_error_of_another_entity_has_no_place_in_a_reply():
    members = reply_body(BOOK.by_name["sp.adGroups"], "create")["properties"]["adGroups"]
    rows = members["properties"]["error"]["items"]["properties"]["errors"]["items"]
    assert "localeError" not in rows["properties"]["errorValue"]["properties"]
    assert "biddingError" in rows["properties"]["errorValue"]["properties"]


@pytest.mark.parametrize("operation", sorted(BOOK.operations))
def test_every_body_is_a_valid_schema(operation):
    contract = BOOK.contract_of(operation)
    row = BOOK.operations[operation]
    for schema in (request_body(contract, row), reply_body(contract, row.verb, row)):
        assert schema is None or jsonschema_rs.meta.is_valid(schema)


def test_an_export_body_depends_on_its_kind():
    contract = BOOK.by_name["exports"]
    body = {"targetLevelFilter": ["CAMPAIGN"], "adProductFilter": ["SPONSORED_PRODUCTS"]}
    assert fits(create_body(contract, "targets"), body)
    assert "targetLevelFilter" not in create_body(contract, "campaigns")["properties"]
    assert not fits(create_body(contract, "targets"), {"adProductFilter": []})
    assert not fits(create_body(contract, "targets"), {"negativeFilter": ["true"]})


def test_an_export_record_keeps_ids_as_strings():
    schema = record(BOOK.by_name["exports"], "adGroups")
    row = {
        "adGroupId": "1", "campaignId": "2", "adProduct": "SPONSORED_PRODUCTS", "name": "a",
        "state": "PAUSED", "bid": {"defaultBid": 0.5, "currencyCode": "USD"},
    }  # fmt: skip
    assert fits(schema, row)
    assert not fits(schema, {**row, "adGroupId": 1})


def test_a_profile_reply_is_a_bare_array():
    contract = BOOK.by_name["profiles"]
    info = {"marketplaceStringId": "A", "id": "ENTITY1", "type": "vendor"}
    row = {
        "profileId": 9, "countryCode": "US", "currencyCode": "USD", "timezone": "x",
        "accountInfo": info,
    }  # fmt: skip
    assert fits(reply_body(contract, "list"), [row])
    assert fits(reply_body(contract, "get"), row)
    assert fits(reply_body(contract, "update"), [{"profileId": 9, "code": "SUCCESS"}])
    assert not fits(reply_body(contract, "list"), [{**row, "profileId": "9"}])


def test_a_read_entity_shows_extended_data_only_where_the_contract_has_it():
    assert "extendedData" in entity(BOOK.by_name["sp.keywords"])["properties"]
    assert "extendedData" not in entity(BOOK.by_name["sp.keywords"], "create")["properties"]
    assert "extendedData" not in entity(BOOK.by_name["profiles"])["properties"]
