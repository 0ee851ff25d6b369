"""A seeded catalog of products, and budgets suggested for campaigns."""

from collections import Counter
from functools import cache
from itertools import count

import jsonschema_rs
import pytest

from adsmock.contracts.schema import form_body
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import campaign, value

NUMBERS = count()
home = cache(fixtures.runtime)


def create_server():
    return fixtures.create_server(home(), f"products{next(NUMBERS)}")


def send(own, path, body, media="application/json"):
    return value(own.call(path, body, "POST", media=media, Accept="*/*"))


def search(own, **body):
    plain = {"pageIndex": 0, "pageSize": 300}
    media = "application/vnd.productmetadatarequest.v1+json"
    return send(own, "/product/metadata", plain | body, media)


def test_the_catalog_is_walked_by_cursor_and_by_page():
    own = create_server()
    whole = search(own)["ProductMetadataList"]
    first = search(own, pageSize=25)
    second = search(own, pageSize=25, cursorToken=first["cursorToken"])
    third = search(own, pageSize=25, pageIndex=2)

    parts = [page["ProductMetadataList"] for page in (first, second, third)]
    assert [row for part in parts for row in part] == whole
    assert len({row["asin"] for row in whole}) == len(whole) == 60
    assert "cursorToken" not in third


def test_a_cursor_is_signed_and_bound_to_what_was_asked():
    own = create_server()
    token = search(own, pageSize=25)["cursorToken"]
    assert not token.isdecimal()
    assert search(own, pageSize=25, cursorToken="25")["details"] == "Invalid cursorToken"
    assert "details" in search(own, pageSize=25, cursorToken=token, searchStr="a")
    assert len(search(own, pageSize=10, cursorToken=token)["ProductMetadataList"]) == 10


V2 = "application/vnd.programeligibility.v2+json"


def test_programs_are_reported_in_the_version_that_is_asked_for():
    own = create_server()
    contract = fixtures.contract_set().by_name["eligibility"]
    first = own.call("/eligibility/programs", {}, media="application/json")
    second = own.call("/eligibility/programs", {"maxResults": 1}, media=V2)

    assert (first.content_type, second.content_type) == ("application/json", V2)
    for reply, form in ((first, "programs.reply"), (second, "programs.v2.reply")):
        assert jsonschema_rs.validator_for(form_body(contract, form)).is_valid(value(reply))
    found = value(first)["eligibilityStatusMap"]
    (listed,) = value(second)["eligibilityStatusLists"]
    assert listed["marketplaceId"] == own.profile().marketplace_id
    assert {row.pop("adProgram"): row for row in listed["eligibilityStatusList"]} == found
    assert [name for name, row in found.items() if not row["eligible"]] == ["DTC"]


@pytest.mark.parametrize(
    ("body", "media"),
    [
        ({"skipChecks": {}}, "application/json"),
        ({"skipChecks": {"skipAllBillingChecks": "yes"}}, "application/json"),
        ({"maxResults": 0}, V2),
        ({"maxResults": 101}, V2),
        ({"nextToken": "0"}, V2),
    ],
)
def test_programs_cannot_be_asked_for_otherwise(body, media):
    assert create_server().call("/eligibility/programs", body, media=media).status == 400


def test_a_product_is_the_same_however_it_is_asked_for():
    own = create_server()
    row = search(own)["ProductMetadataList"][7]

    (named,) = search(own, asins=[row["asin"]])["ProductMetadataList"]
    found = search(own, searchStr=row["asin"])["ProductMetadataList"]

    assert named == row
    assert found == [row]


def test_products_are_sorted_by_age():
    own = create_server()
    days = [row["createdDate"] for row in search(own, sortBy="CREATED_DATE")["ProductMetadataList"]]
    assert days == sorted(days, reverse=True)


def test_metadata_and_eligibility_agree():
    own = create_server()
    rows = search(own, checkEligibility=True)["ProductMetadataList"]
    wanted = [{"asin": row["asin"]} for row in rows][:50]

    answer = send(own, "/eligibility/product/list", {"productDetailsList": wanted})
    reported = [row["overallStatus"] for row in answer["productResponseList"]]

    assert reported == [row["eligibilityStatus"] for row in rows[:50]]
    assert Counter(reported)["ELIGIBLE"] > 35
    for row in answer["productResponseList"]:
        assert bool(row["eligibilityStatusList"]) == (row["overallStatus"] != "ELIGIBLE")


def test_a_suggested_budget_is_above_the_present_one_and_the_same_all_day():
    own = create_server()
    made = send(own, "/sp/campaigns", {"campaigns": [campaign()]}, fixtures.CAMPAIGN)
    held = made["campaigns"]["success"][0]["campaignId"]
    media, body = "application/vnd.budgetrecommendation.v3+json", {"campaignIds": ["4", held]}

    first = send(own, "/sp/campaigns/budgetRecommendations", body, media)
    again = send(own, "/sp/campaigns/budgetRecommendations", body, media)

    (row,) = first["budgetRecommendationsSuccessResults"]
    (error,) = first["budgetRecommendationsErrorResults"]
    assert first == again
    assert (row["index"], error["index"], error["Error"]["code"]) == (1, 0, "NOT_FOUND")
    assert 10.5 <= row["suggestedBudget"] <= 16


@pytest.mark.parametrize("body", [{}, {"checkEligibility": True}, {"skus": ["one", "two"]}])
def test_metadata_fits_its_form(body):
    contract = home().contract_set.by_name["products"]
    schema = form_body(contract, contract.operations[0].gives)
    jsonschema_rs.validate(schema, search(create_server(), **body))
