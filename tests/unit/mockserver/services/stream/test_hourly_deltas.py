"""Performance datasets: added up, their records are the settled reports of the same days."""

import itertools
import json
from collections import Counter
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from adsmock.contracts.loader import load
from adsmock.mockserver.services.reporting import due_changes
from adsmock.mockserver.services.stream.datasets.hourly_deltas import RENDERER
from adsmock.mockserver.services.stream.delivery.record import Period
from adsmock.mockserver.services.stream.facts import extra, performance
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.services.reporting.report_requests import (
    account,
    finished,
    grow,
    wish,
)
from tests.unit.mockserver.services.stream.settled_day import (
    COLUMNS,
    OneDay,
    counted,
    of_any_day,
)
from tests.unit.mockserver.services.stream.test_delivery import bodies, catch_up, subscribed

DAY = 86_400
HOUR = 3_600
DATASETS = sorted(row["dataset"] for row in extra()["records"])


def period(own, dataset, after, until, country="US"):
    """Return a request for the records of an account, in memory."""
    market = load().marketplaces[country]
    profile = SimpleNamespace(
        id="1", country=country, timezone=market.timezone, currency=market.currency,
        marketplace_id="M", account_id="A",
    )  # fmt: skip
    return Period(own, profile, dataset, after, until)


def records(own, dataset, after, until, country="US"):
    return list(RENDERER.records(period(own, dataset, after, until, country)))


def sums(rows, minor=1):
    """Return the sums of the measures of records, by campaign and member."""
    return counted(
        (
            (row["campaign_id"], name, number)
            for row in rows
            for name, number in row.items()
            if name in COLUMNS
        ),
        minor,
    )


@of_any_day(6, groups=12)
def test_the_sums_of_all_deltas_are_the_settled_report_of_the_day(account, changes):
    own = OneDay(*account)
    rows = [
        record.value
        for period in own.periods(62, changes)
        for dataset in ("sp-traffic", "sp-conversion")
        for record in records(own, dataset, *period, own.country)
    ]

    assert sums(rows, own.market.minor) == own.settled()
    assert len({row["idempotency_id"] for row in rows}) == len(rows)
    assert {row["time_window_start"][:10] for row in rows} <= {own.day}


@pytest.fixture(scope="module")
def own():
    """An account in which every ad product of Stream has traffic for weeks."""
    server = account(budget=4_000.0)
    for product in ("SPONSORED_BRANDS", "SPONSORED_DISPLAY"):
        grow(server, product)
    return server


def of_days(own, dataset, days=3):
    now = own.sandbox.clock.now()
    return list(
        RENDERER.records(Period(own.sandbox, own.profile(), dataset, now - days * DAY, now))
    )


def test_the_deltas_of_an_hour_are_the_report_over_the_wire(own):
    """Yesterday's traffic after four days: invalid traffic is taken back by then."""
    zone = ZoneInfo(own.profile().timezone)
    day = datetime.fromtimestamp(own.sandbox.clock.now(), zone).date() - timedelta(days=4)
    names = ("impressions", "clicks", "cost")
    body = wish(startDate=str(day), endDate=str(day), columns=["campaignId", *names])
    rows = [each.value for each in of_days(own, "sp-traffic", 6)]
    wanted = [row for row in rows if row["time_window_start"].startswith(str(day))]
    found = sums(wanted, 100)
    report = {
        (str(row["campaignId"]), name): round(row[name] * (100 if name == "cost" else 1))
        for row in finished(own, body)
        for name in names
    }

    assert found == {key: number for key, number in report.items() if number}
    assert len(found) == 9


@pytest.mark.parametrize("dataset", DATASETS)
def test_each_record_has_the_members_of_its_dataset(own, dataset):
    of = performance(dataset)
    rows = [each.value for each in of_days(own, dataset, 8)]
    every = [each.name for each in (*of.members, *of.sums)]

    assert rows
    for row in rows:
        assert [name for name in every if name in row] == list(row)
        assert all(row[member.name] not in {None, ""} for member in of.members)
        assert all(isinstance(row[each.name], str) for each in of.members)
        measures = [row[each.name] for each in of.sums if each.name in row]
        assert any(measures)
        assert all(measures) or not of.omits_zeros
        assert len(json.dumps(row)) < 6_000
    assert {row["dataset_id"] for row in rows} == {dataset}


def test_invalid_traffic_is_taken_back_within_72_hours_by_negative_deltas(own):
    found = [each for each in of_days(own, "sp-traffic", 6) if each.value["impressions"] < 0]

    assert found
    for each in found:
        end = datetime.fromisoformat(each.value["time_window_start"]).timestamp() + HOUR
        assert end + 6 * HOUR < each.at < end + 73 * HOUR
        assert each.value["cost"] <= 0


def test_conversions_change_at_midnights_of_the_account_for_up_to_60_days():
    own = account(budget=4_000.0)
    own.sandbox.clock.advance(70 * DAY)
    rows = of_days(own, "sp-conversion", 3)
    zone, ages = ZoneInfo(own.profile().timezone), Counter()
    for each in rows:
        start = datetime.fromisoformat(each.value["time_window_start"])
        at = datetime.fromtimestamp(each.at, zone)
        ages[(at.date() - start.date()).days] += 1
        if at - start > timedelta(hours=2):
            assert at.hour == 0

    assert ages[0] > 0
    assert max(ages) > 1
    assert max(ages) <= 60


def test_one_purchase_in_forty_is_credited_twice_and_taken_back():
    own = account(budget=4_000.0)
    own.sandbox.clock.advance(90 * DAY)
    rows = of_days(own, "sp-conversion", 20)
    negative = [each.value for each in rows if "attributed_conversions_30d" in each.value
                and each.value["attributed_conversions_30d"] < 0]  # fmt: skip
    assert 0 < len(negative) < len(rows) / 10


def test_a_burst_comes_once_an_hour_and_not_at_the_top_of_it(own):
    bursts = sorted({each.at for each in of_days(own, "sp-traffic")})
    hourly = Counter(at // HOUR for at in bursts)
    minutes = {at % HOUR // 60 for at in bursts}

    assert set(hourly.values()) == {1}
    assert len(hourly) > 48
    assert min(minutes) >= 5
    assert len(minutes) > 10


def test_the_same_records_come_however_a_period_is_divided(own):
    now = own.sandbox.clock.now()

    def between(after, until):
        request = Period(own.sandbox, own.profile(), "sp-traffic", after, until)
        return [(each.at, each.value) for each in RENDERER.records(request)]

    whole = between(now - DAY, now)
    ends = [now - DAY, now - DAY + 61, now - 9 * HOUR, now - 5 * HOUR - 17, now - 600, now]
    parts = [between(*span) for span in itertools.pairwise(ends)]
    assert [row for part in parts for row in part] == whole
    assert len(whole) > 100


def test_accounts_that_are_too_large_to_keep_have_the_same_changes(own, monkeypatch):
    kept = of_days(own, "sp-traffic", 1)
    monkeypatch.setattr(due_changes, "_KEPT", 0)
    assert of_days(own, "sp-traffic", 1) == kept


def test_two_queues_get_the_same_idempotency_ids():
    own = account(budget=4_000.0, clock_start=fixtures.NOON)
    for queue in ("one", "two"):
        subscribed(own, "sp-traffic", queue)
    own.sandbox.clock.advance(DAY / 4)
    catch_up(own)
    one, two = (Counter(row["idempotency_id"] for row in bodies(own, queue))
                for queue in ("one", "two"))  # fmt: skip

    assert one
    assert one == two
    assert set(one.values()) == {1}


def test_only_what_changes_after_the_confirmation_is_delivered():
    own = account(budget=4_000.0)
    subscribed(own, "sp-traffic")
    begin = own.sandbox.clock.now()
    own.sandbox.clock.advance(2 * HOUR)
    catch_up(own)
    starts = {datetime.fromisoformat(row["time_window_start"]).timestamp() for row in bodies(own)}

    assert starts
    assert max(starts) >= begin - HOUR
    assert min(starts) >= begin - 74 * HOUR
