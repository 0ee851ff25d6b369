"""Invented traffic: what holds for every draw."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.services.reporting.traffic import (
    FLAGS,
    LAST_LAG,
    WHOLE,
    Days,
    bounds,
    clicks_of,
    deal,
    events,
    flagged,
    owner_of,
    seen,
    so_far,
    traffic,
    traits,
    whole,
    within,
)

DAYS = st.integers(730_000, 740_000)
GROUPS = st.integers(1, 10**9).map(str)
BIDS = st.integers(1, 20_000)
WEIGHTS = st.lists(st.integers(1, 1_000), min_size=1, max_size=12)


def made(group, day, bid, seed=7):
    (one,) = traffic(traits(seed, group, bid), [day], bid)
    return one


@given(st.integers(0, 10_000), st.lists(st.integers(0, 1_000), max_size=20))
def test_bounds_cut_a_total_into_whole_parts(total, weights):
    ends = bounds(total, weights)
    parts = [last - first for first, last in itertools.pairwise(ends)]

    assert sum(parts) == (total if any(weights) else 0)
    assert all(part >= 0 for part in parts)
    if total <= sum(weights):
        assert all(part <= weight for part, weight in zip(parts, weights, strict=True))


@given(GROUPS, DAYS, BIDS, st.integers(0, WHOLE))
def test_clicks_stay_below_impressions_and_purchases_below_clicks(group, day, bid, passed):
    entire = made(group, day, bid)

    for found in (entire, so_far(entire, passed)):
        assert found.impressions >= found.clicks >= found.purchases >= 0
        assert 1 <= found.price <= bid
        clicks = clicks_of(found)
        assert len(set(clicks)) == len(clicks) == found.purchases
        assert all(0 <= click < found.clicks for click in clicks)
    assert so_far(entire, WHOLE) == entire


@given(GROUPS, DAYS, BIDS)
def test_purchases_are_seen_as_days_pass_and_in_the_end_all(group, day, bid):
    found = made(group, day, bid)
    counts = [seen(found, lag) for lag in range(40)]

    assert counts == sorted(counts)
    assert counts[LAST_LAG] == counts[-1] == found.purchases


@given(GROUPS, DAYS, st.integers(0, 500))
def test_a_flag_divides_purchases_without_taking_one_back(group, day, count):
    phase, own = made(group, day, 100).phase, traits(7, group, 100)
    for share in own.flags:
        kept = [flagged(each, share, phase) for each in range(count + 1)]
        steps = {last - first for first, last in itertools.pairwise(kept)}
        assert steps <= {0, 1}
    assert len(own.flags) == len(FLAGS)


@given(GROUPS, DAYS, BIDS, WEIGHTS, WEIGHTS)
def test_shares_of_a_day_are_the_day_and_so_are_their_shares(group, day, bid, weights, below):
    found = made(group, day, bid)
    cells = deal(whole(found), weights)
    parts = [part for cell in cells for part in deal(cell, below)]

    for level in (cells, parts):
        assert sum(one.last_impression - one.first_impression for one in level) == found.impressions
        assert sum(one.last_click - one.first_click for one in level) == found.clicks
        assert all(
            one.last_impression - one.first_impression >= one.last_click - one.first_click
            for one in level
        )
    for click in clicks_of(found):
        cell = cells[owner_of(click, cells)]
        assert cell.first_click <= click < cell.last_click


@given(
    st.integers(0, 5_000),
    st.lists(st.integers(0, 5_000), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, WHOLE), st.integers(0, WHOLE - 1)), max_size=4),
)
def test_events_of_stretches_add_up_and_never_outnumber_them(first, lengths, rates):
    total, begin = 0, first
    for length in lengths:
        found = events(begin, begin + length, rates)
        assert 0 <= found <= length
        total, begin = total + found, begin + length

    assert total == events(first, begin, rates)


@given(st.lists(GROUPS, min_size=1, max_size=5), DAYS, BIDS, st.integers(0, 100_000))
def test_no_budget_is_overspent(groups, day, bid, budget):
    found = [made(group, day, bid) for group in groups]
    cost = sum(one.clicks * one.price for one in found)
    days = list(within(Days(found), [cost] * len(found), budget))

    assert sum(one.clicks * one.price for one in days) <= budget
    assert all(one.impressions >= one.clicks >= one.purchases for one in days)


@given(GROUPS, DAYS, BIDS)
def test_draws_repeat_and_depend_on_the_seed(group, day, bid):
    assert made(group, day, bid) == made(group, day, bid)
    assert [made(group, day, bid, seed) for seed in range(9)] != [made(group, day, bid)] * 9
