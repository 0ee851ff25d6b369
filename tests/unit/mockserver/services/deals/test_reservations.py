"""Keywords to reserve: recommended, validated and priced, in the form of the document."""

from functools import cache
from itertools import count

import jsonschema_rs
import pytest

from adsmock.contracts.schema import form_body
from adsmock.mockserver.core.fault import Match
from adsmock.mockserver.services.sandboxes.identities import brand_name
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import contract_set, value

NUMBERS = count()
home = cache(fixtures.runtime)
SPAN = {"startDateTime": "2026-07-10T00:00:00Z", "endDateTime": "2026-07-20T00:00:00Z"}
VERBS = {
    "recommendations": "recommend",
    "keywordReservationValidations": "validate",
    "brandedKeywordsPricings": "price",
    "reservedTargetPricings": "price-targets",
}


def create_server():
    return fixtures.create_server(home(), f"reservations{next(NUMBERS)}")


def brand(own):
    return brand_name(own.sandbox, own.profile())


def ask(own, envelope, *items):
    path = f"/adsApi/v1/create/{envelope}/sb"
    reply = own.call(path, {envelope: items}, media="application/json")
    assert reply.status == 207, reply.body
    schema = form_body(contract_set().by_name["reservations"], f"{VERBS[envelope]}.reply")
    jsonschema_rs.validate(schema, value(reply))
    return value(reply)


def rows(reply, name):
    assert reply["error"] == []
    return [row[name] for row in reply["success"]]


def price(own, *keywords, **changes):
    reply = ask(own, "brandedKeywordsPricings", {"keywords": keywords} | SPAN | changes)
    (row,) = rows(reply, "brandedKeywordsPricing")
    return row


def refusal(reply):
    (row,) = reply["error"]
    (error,) = row["errors"]
    return error["code"], error["fieldLocation"]


def test_every_recommended_keyword_can_be_reserved():
    own = create_server()
    reply = ask(own, "recommendations", {"recommendationType": "BRANDED_KEYWORD"})
    (found,) = rows(reply, "recommendation")
    (thing,) = found["recommendedObjects"]
    listed = thing["recommendedObjectSettings"]["brandedKeywordList"]["brandedKeyword"]
    keywords = [{"keyword": each["keyword"]} for each in listed]
    assert len(keywords) > 2
    checked = rows(
        ask(own, "keywordReservationValidations", *keywords), "keywordReservationValidation"
    )
    assert all(each["isReservable"] for each in checked)
    assert not any("reservationRejectedReason" in each for each in checked)


def test_a_recommendation_is_for_the_brand_that_was_named():
    alternate = {"alternateBrandId": "A1", "alternateBrandIdType": "BRAND_REGISTRY"}
    details = {"brandedKeywordRecommendationTypeDetails": {"brandAlternateId": [alternate]}}
    item = {"recommendationType": "BRANDED_KEYWORD", "recommendationTypeDetails": details}
    (found,) = rows(ask(create_server(), "recommendations", item), "recommendation")
    (thing,) = found["recommendedObjects"]
    listed = thing["recommendedObjectSettings"]["brandedKeywordList"]["brandedKeyword"]
    assert {each["brandAlternateId"]["alternateBrandId"] for each in listed} == {"A1"}


def test_another_type_of_recommendation_is_refused_at_its_member():
    reply = ask(create_server(), "recommendations", {"recommendationType": "NAMES"})
    assert refusal(reply) == ("FIELD_VALUE_IS_INVALID", "recommendations[0].recommendationType")


@pytest.mark.parametrize("text", ["kettle", "un{brand}ed", ""])
def test_a_keyword_without_the_brand_as_a_word_cannot_be_reserved(text):
    own = create_server()
    keyword = {"keyword": text.format(brand=brand(own))}
    reply = ask(own, "keywordReservationValidations", keyword)
    (row,) = rows(reply, "keywordReservationValidation")
    assert row["isReservable"] is False
    assert row["reservationRejectedReason"]


def test_a_price_grows_with_days_and_keywords_and_leaves_out_what_is_rejected():
    own = create_server()
    name = brand(own)
    one = price(own, name, "kettle")
    assert one["keywordsPricing"]["validKeywords"] == [name]
    assert [each["keyword"] for each in one["rejectedKeywords"]] == ["kettle"]
    worth = one["keywordsPricing"]["price"]
    assert worth["currencyCode"] == own.profile().currency
    assert price(own, name)["keywordsPricing"]["price"] == worth
    longer = price(own, name, endDateTime="2026-07-30T00:00:00Z")
    assert longer["keywordsPricing"]["price"]["value"] == pytest.approx(2 * worth["value"], abs=0.1)
    more = price(own, name, f"{name} kettle")
    assert more["keywordsPricing"]["price"]["value"] > worth["value"]


def test_keywords_that_are_all_rejected_have_no_price():
    assert "keywordsPricing" not in price(create_server(), "kettle")


@pytest.mark.parametrize(
    ("changes", "member", "code"),
    [
        ({"endDateTime": SPAN["startDateTime"]}, "endDateTime", "FIELD_VALUE_IS_INVALID"),
        ({"startDateTime": "soon"}, "startDateTime", "FIELD_VALUE_IS_INVALID"),
        ({"advertisingDealId": "none"}, "advertisingDealId", "RESOURCE_ID_NOT_FOUND"),
    ],
)
def test_a_price_is_refused_at_the_member_that_is_wrong(changes, member, code):
    own = create_server()
    reply = ask(own, "brandedKeywordsPricings", {"keywords": [brand(own)]} | SPAN | changes)
    assert refusal(reply) == (code, f"brandedKeywordsPricings[0].{member}")


def test_prices_of_reserved_targets_have_different_ids():
    found = rows(ask(create_server(), "reservedTargetPricings", {}, {}), "reservedTargetPricing")
    assert len({each["targetPricingId"] for each in found}) == 2


def test_planned_failures_fail_exactly_their_items():
    own = create_server()
    effect = {"indexes": (1,), "error": "throttledError"}
    own.plan("partial", effect=effect, match=Match(operation=("reservations.validate",)))
    items = [{"keyword": brand(own)}] * 3
    reply = ask(own, "keywordReservationValidations", *items)
    assert [row["index"] for row in reply["success"]] == [0, 2]
    assert [row["errors"][0]["code"] for row in reply["error"]] == ["TOO_MANY_REQUESTS"]
