"""A changed bid or budget applies from the advertiser's next day on."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adsmock.mockserver.services.reporting.past_amounts import amount_on, by_amount, past_of
from tests.unit.mockserver.services.reporting.report_requests import account, finished, wish

DAY = 86_400


def past(*changes, now):
    """Return the earlier amounts of an entity, by day of the change and amount before it."""
    return past_of([(day, "", amount) for day, amount in changes], lambda _, amount: amount, now)


def test_a_change_ends_an_amount_with_its_day():
    found = past((5, 100), (9, 200), now=300)

    assert found == ((5, 100), (9, 200))
    assert [amount_on(found, 300, day) for day in (1, 5, 6, 9, 10)] == [100, 100, 200, 200, 300]


def test_of_several_changes_on_a_day_the_first_counts_and_none_of_another_member():
    assert past((5, 100), (5, 150), (6, 200), (7, 200), now=200) == ((5, 100),)
    assert past((5, 100), now=100) == ()


@pytest.mark.parametrize("days", [range(3, 12), [3, 5, 6, 9, 11]])
def test_days_are_divided_by_amount(days):
    found = [(amount, list(own)) for amount, own in by_amount(((5, 100), (9, 200)), 300, days)]

    assert [amount for amount, _ in found] == [100, 200, 300]
    assert [day for _, own in found for day in own] == list(days)
    assert [max(own) for _, own in found] == [5, 9, 11]


def test_without_changes_there_is_one_part():
    assert list(by_amount((), 300, range(3, 5))) == [(300, range(3, 5))]
    assert list(by_amount((), 300, [])) == [(300, [])]
    assert list(by_amount(((9, 100),), 300, range(3, 5))) == [(100, range(3, 5))]


def test_a_new_bid_changes_the_price_of_clicks_from_the_next_day_on():
    own = account(budget=4_000.0)
    zone = ZoneInfo(own.profile().timezone)
    today = datetime.fromtimestamp(own.sandbox.clock.now(), zone).date()
    days = {"startDate": str(today - timedelta(days=3)), "endDate": str(today + timedelta(days=3))}
    columns = ["date", "adGroupId", "clicks", "cost"]
    body = wish(**days, timeUnit="DAILY", groupBy=["adGroup"], columns=columns)
    groups = own.sandbox.store.table(own.profile().id, "sp.adGroups").all()
    raised = [{"adGroupId": each.id, "defaultBid": 3.0} for each in groups]
    own.call("/sp/adGroups", {"adGroups": raised}, "PUT", media="application/vnd.spAdGroup.v3+json")
    own.sandbox.clock.advance(3 * DAY)
    rows = [row for row in finished(own, body) if row["clicks"]]
    prices = {row["date"]: row["cost"] / row["clicks"] for row in rows}

    assert len(prices) == 7
    assert max(price for day, price in prices.items() if day <= str(today)) <= 1.0
    assert min(price for day, price in prices.items() if day > str(today)) >= 1.2
