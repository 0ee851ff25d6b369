import orjson
import pytest

from adsmock.mockserver.core.outcome import Failure, Listing, Success
from adsmock.mockserver.render import multistatus, page
from tests.unit.mockserver.services.sandbox_fixture import CONTRACTS, RESOURCES

SUCCESS_MEMBERS = {
    "sp.campaigns": ["campaign", "campaignId", "index"],
    "sp.adGroups": ["adGroup", "adGroupId", "index"],
    "sp.productAds": ["adId", "index", "productAd"],
    "sp.keywords": ["index", "keyword", "keywordId"],
    "sp.negativeKeywords": ["index", "negativeKeyword", "negativeKeywordId"],
    "sp.campaignNegativeKeywords": [
        "campaignNegativeKeyword",
        "campaignNegativeKeywordId",
        "index",
    ],
    "sp.targets": ["index", "targetId", "targetingClause"],
    "sp.negativeTargets": ["index", "negativeTargetingClause", "targetId"],
    "sp.campaignNegativeTargets": [
        "campaignNegativeTargetingClauseId",
        "campaignNegativeTargetingClauses",
        "index",
    ],
}


def read(resource, outcomes, *, wants_entities=False):
    contract = CONTRACTS.by_name[resource]
    text = multistatus.render(contract, outcomes, wants_entities=wants_entities)
    return orjson.loads(text)[contract.envelope]


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_success_row_has_its_names_sorted(resource):
    (row,) = read(resource, [Success(3, "42", b'{"a":1}')], wants_entities=True)["success"]
    assert list(row) == SUCCESS_MEMBERS[resource]
    assert {"a": 1} in row.values()
    assert row[CONTRACTS.by_name[resource].identity.success] == "42"
    assert row["index"] == 3
    (plain,) = read(resource, [Success(3, "42", b'{"a":1}')])["success"]
    assert list(plain) == sorted(plain)
    assert set(plain) == set(row) - {CONTRACTS.by_name[resource].representation}


def test_both_arrays_are_there_and_error_comes_first():
    text = multistatus.render(CONTRACTS.by_name["sp.campaigns"], [], wants_entities=False)
    assert text == b'{"campaigns":{"error":[],"success":[]}}'


def test_an_error_row_is_sorted_and_carries_its_own_members():
    failure = Failure(1, "biddingError", "R", "M", "$.a", "0.1", {"lowerLimit": "0.02"})
    done = Success(0, "1")
    text = multistatus.render(
        CONTRACTS.by_name["sp.campaigns"], [done, failure], wants_entities=True
    )
    assert text == (
        b'{"campaigns":{"error":[{"errors":[{"errorType":"biddingError","errorValue":'
        b'{"biddingError":{"cause":{"location":"$.a","trigger":"0.1"},"lowerLimit":"0.02",'
        b'"message":"M","reason":"R"}}}],"index":1}],"success":[{"campaignId":"1","index":0}]}}'
    )


def test_a_failure_that_points_at_nothing_has_an_empty_cause():
    (row,) = read("sp.keywords", [Failure(0, "malformedValueError", "R", "M")])["error"]
    assert row["errors"][0]["errorValue"]["malformedValueError"]["cause"] == {}


def test_a_page_joins_its_rows_and_leaves_the_token_out_at_the_end():
    contract = CONTRACTS.by_name["sp.targets"]
    assert page.render(contract, Listing([b"{}", b"{}"], None, 2)) == (
        b'{"targetingClauses":[{},{}],"totalResults":2}'
    )
    assert orjson.loads(page.render(contract, Listing([], "t", 9))) == {
        "targetingClauses": [],
        "nextToken": "t",
        "totalResults": 9,
    }
