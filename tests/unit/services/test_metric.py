"""Invented traffic: what holds for every draw."""

from hypothesis import given
from hypothesis import strategies as st

from mockserver.services.metric import apportion, deal, traffic, within

DAYS = st.integers(730_000, 740_000)
GROUPS = st.integers(1, 10**9).map(str)
BIDS = st.integers(1, 20_000)


@given(st.integers(0, 10_000), st.lists(st.integers(0, 1_000), max_size=20))
def test_apportioned_parts_are_whole_and_add_up(total, weights):
    parts = apportion(total, weights)

    assert sum(parts) == (total if any(weights) else 0)
    if total <= sum(weights):
        assert all(part <= weight for part, weight in zip(parts, weights, strict=True))


@given(GROUPS, DAYS, BIDS, st.floats(0, 1))
def test_clicks_stay_below_impressions_and_purchases_below_clicks(group, day, bid, passed):
    found = traffic(7, group, day, bid, passed)

    assert found.impressions >= found.clicks >= len(found.purchases)
    assert len({purchase.click for purchase in found.purchases}) == len(found.purchases)
    assert all(0 <= purchase.click < found.clicks for purchase in found.purchases)
    assert all(0 <= purchase.lag < 30 for purchase in found.purchases)
    assert 1 <= found.price <= max(1, bid)


@given(GROUPS, DAYS, BIDS, st.lists(st.integers(1, 1_000), min_size=1, max_size=12))
def test_shares_of_a_day_are_the_day(group, day, bid, weights):
    found = traffic(7, group, day, bid)
    shares = deal(found, weights)

    assert sum(share.impressions for share in shares) == found.impressions
    assert sum(share.clicks for share in shares) == found.clicks
    assert sum(len(share.purchases) for share in shares) == len(found.purchases)
    assert all(one.impressions >= one.clicks >= len(one.purchases) for one in shares)


@given(st.lists(GROUPS, min_size=1, max_size=5), DAYS, BIDS, st.integers(0, 100_000))
def test_no_budget_is_overspent(groups, day, bid, budget):
    days = [traffic(7, group, day, bid) for group in groups]
    within(days, budget)

    assert sum(one.clicks * one.price for one in days) <= budget
    assert all(one.impressions >= one.clicks >= len(one.purchases) for one in days)


@given(GROUPS, DAYS, BIDS)
def test_draws_repeat_and_depend_on_the_seed(group, day, bid):
    assert traffic(7, group, day, bid) == traffic(7, group, day, bid)
    assert [traffic(seed, group, day, bid) for seed in range(9)] != [
        traffic(7, group, day, bid)
    ] * 9
