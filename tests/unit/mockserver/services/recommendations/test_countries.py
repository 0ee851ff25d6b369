"""Recommendations for an account of several countries: each answered by itself, others named."""

from functools import cache

import orjson
import pytest

from adsmock.mockserver.catalog.recommendations.shared_parts import HIGH, LOW
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.services.recommendations.questions import ACCOUNT, ASIN, BODIES, account

BIDS = "/sp/global/targets/bid/recommendations"
KEYWORDS = "/sp/global/targets/keywords/recommendations/list"
VERSION = "application/vnd.spkeywordsrecommendation.v5+json"

home = cache(account)


def value(reply):
    return orjson.loads(reply.body)


def bids(**changes):
    body = BODIES["sp.globalAdvice.bids"] | changes
    body = {name: each for name, each in body.items() if each is not None}
    return home().send(BIDS, body, media="application/json", accept="*/*")


def existing(campaign, group):
    return {
        "recommendationType": "BIDS_FOR_EXISTING_AD_GROUP", "campaignId": campaign,
        "adGroupId": group, "products": None, "bidding": None, "countryCodes": None,
    }  # fmt: skip


def test_every_country_has_bids_within_its_bounds():
    kind = home().server.profile().kind  # an account holds the profiles of one kind
    rows = home().server.sandbox.profiles.values()
    countries = [profile.country for profile in rows if profile.kind == kind]
    assert len(countries) > 1
    found = value(bids(countryCodes=countries))
    assert found["errors"] == []
    (row,) = found["bidRecommendations"][0]["bidRecommendationsForTargetingExpressions"]
    assert sorted(row["countrySuggestedBids"]) == sorted(countries)
    for country, (low, usual, high) in row["countrySuggestedBids"].items():
        bounds = fixtures.contract_set().marketplaces[country].limits["sp.bid"]
        assert bounds.minimum <= low <= usual <= high <= bounds.maximum
        assert (low / usual, high / usual) == pytest.approx((LOW, HIGH), abs=0.05)


def test_a_country_without_a_profile_is_named():
    found = value(bids())
    assert [row["countryCodes"] for row in found["errors"]] == [["XX"]]
    reply = bids(countryCodes=["XX"])
    assert (reply.status, list(value(reply))) == (422, ["errors"])


def test_an_ad_group_is_looked_for_in_every_country():
    found = value(bids(**existing("{campaign}", "{group}")))
    (row,) = found["bidRecommendations"][0]["bidRecommendationsForTargetingExpressions"]
    assert list(row["countrySuggestedBids"]) == ["US"]
    assert {code for each in found["errors"] for code in each["countryCodes"]} >= {"JP"}
    assert bids(**existing("{campaign}", "4")).status == 422


def test_keywords_come_for_the_countries_of_the_products():
    body = BODIES["sp.globalAdvice.keywords"]
    found = value(home().send(KEYWORDS, body, media=VERSION))["countryCodes"]
    assert list(found) == ["US"]
    words = {row["keyword"]: row["userSelectedKeyword"] for row in found["US"]["keywordTargetList"]}
    assert len(words) == 4
    assert [word for word, own in words.items() if own] == ["mine"]
    both = body | {"products": [{"US": {"asin": ASIN}, "JP": {"asin": ASIN}}]}
    found = value(home().send(KEYWORDS, both, media=VERSION))["countryCodes"]
    assert sorted(found) == ["JP", "US"]


@pytest.mark.parametrize("account_id", ["", "amzn1.ads-account.g.none"])
def test_an_account_that_nobody_has_is_refused(account_id):
    body = BODIES["sp.globalAdvice.keywords"]
    reply = home().send(KEYWORDS, body, media=VERSION, **{ACCOUNT: account_id})
    assert reply.status == 422
    assert set(value(reply)) == {"code", "message"}
