"""The accounts of the rehearsal are varied, allowed and equal for equal seeds."""

from collections import Counter
from datetime import date

import pytest

from adsmock.contracts.loader import load
from adsmock.harness.client.random_source import SeededRandom
from adsmock.loadtests import mock_setup
from adsmock.loadtests.account import account
from adsmock.loadtests.optimum import HELD
from adsmock.loadtests.reconciliation import NEARLY
from adsmock.loadtests.roles import optimizer
from adsmock.loadtests.work_queue import Target

TODAY = date(2026, 7, 1)
COUNTRIES = sorted({country for _region, country in mock_setup.PROFILES})


def made(country, seed=1, campaigns=HELD["campaigns"], keywords=HELD["keywords"]):
    market = load().marketplaces[country]
    return account(campaigns, keywords, market, SeededRandom(seed), TODAY)


def bids(country):
    return [each["bid"] for _place, each in made(country).keywords]


@pytest.mark.parametrize("country", COUNTRIES)
def test_no_first_bid_is_one_that_the_optimizer_writes(country):
    market = load().marketplaces[country]
    target = Target("1", market.region, country, ("k",), market.limits["sp.bid"].minimum)
    changed = {optimizer.bid(target, number) for number in range(optimizer.STEPS)}
    assert min(abs(first - bid) for first in bids(country) for bid in changed) > NEARLY


@pytest.mark.parametrize("country", ["US", "CA", "UK"])
def test_bids_lie_on_both_sides_of_one_and_are_many(country):
    found = bids(country)
    assert len(set(found)) > 50
    assert len(found) / 10 < sum(bid < 1 for bid in found) < len(found) * 9 / 10


def test_an_account_has_what_was_asked_for_in_more_than_one_place():
    found = made("US")
    assert (
        len(found.campaigns) == HELD["campaigns"] == len({each["name"] for each in found.campaigns})
    )
    assert len(found.keywords) == HELD["keywords"]
    assert len(found.groups) > len(found.campaigns)
    assert {place for place, _each in found.groups} == set(range(len(found.campaigns)))
    assert len(found.ads) == len(found.groups)
    kinds = [
        found.campaigns[found.groups[place][0]]["targetingType"] for place, _ in found.keywords
    ]
    assert set(kinds) == {"MANUAL"}
    sizes = Counter(place for place, _each in found.keywords)
    assert max(sizes.values()) > 3 * min(sizes.values())
    assert {each["state"] for each in found.campaigns} == {"ENABLED", "PAUSED"}
    assert all(date.fromisoformat(each["startDate"]) < TODAY for each in found.campaigns)


def test_the_smallest_account_has_a_place_for_its_keyword():
    found = made("JP", campaigns=1, keywords=1)
    assert (len(found.campaigns), len(found.keywords)) == (1, 1)


def test_equal_seeds_give_equal_accounts_and_other_seeds_others():
    assert made("DE") == made("DE")
    assert made("DE") != made("DE", seed=2)
