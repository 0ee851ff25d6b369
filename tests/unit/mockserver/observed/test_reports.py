"""Numbers of reports as recorded ones show them: rows 5 and 6."""

import gzip

import orjson
import pytest

from adsmock.contracts.loader import load
from adsmock.mockserver.services.sandboxes.demo_data import add_demo_data
from tests.unit.mockserver.fixtures import ENDPOINTS, create_server, value
from tests.unit.mockserver.observed.rows import observed
from tests.unit.mockserver.services.reporting.report_requests import (
    WEEK,
    ask,
    fetch,
    look,
    wish,
)

MONEY = ["cost", "sales1d", "sales14d", "attributedSalesSameSku30d", "clicks", "impressions"]
OFF = "Off Amazon"


@pytest.fixture(scope="module")
def busy():
    """Return a server whose profiles have run twenty campaigns for a week, forty days ago."""
    server = create_server()
    for profile in server.sandbox.profiles.values():
        add_demo_data(server.sandbox, server.runtime.resources, profile, 20)
    server.sandbox.clock.advance(WEEK + 40 * 86_400)
    return server


def report(server, country, **changes):
    profile = next(row for row in server.sandbox.profiles.values() if row.country == country)
    scope = {"Amazon-Advertising-API-Scope": profile.id}
    server.endpoint = ENDPOINTS[profile.region]
    body = wish(**changes) | {"startDate": "2026-07-02", "endDate": "2026-07-09"}
    own = value(ask(server, body, profile.region, **scope))["reportId"]
    server.sandbox.clock.advance(10)
    return gzip.decompress(fetch(server, value(look(server, own, **scope))["url"]).body)


@observed("5")
@pytest.mark.parametrize("country", ["US", "CA", "UK", "DE", "JP", "AU"])
def test_sales_are_in_proportion_to_cost_in_every_currency(busy, country):
    rows = orjson.loads(report(busy, country, columns=["campaignId", *MONEY]))
    cost, sales = (sum(row[name] for row in rows) for name in ("cost", "sales14d"))

    assert len(rows) == 18  # two of twenty are paused
    assert 0.12 < cost / sales < 0.6
    busiest = [row for row in rows if row["clicks"] >= 200]
    assert busiest
    assert all(0.05 < row["cost"] / row["sales14d"] < 1.2 for row in busiest)


@observed("5")
def test_a_report_in_yen_has_no_decimals(busy):
    yen = report(busy, "JP", columns=["campaignId", *MONEY])
    rows = orjson.loads(yen)

    assert all(isinstance(row[name], int) for row in rows for name in MONEY)
    assert b"." not in yen
    assert b"." in report(busy, "US", columns=["campaignId", *MONEY])
    least = load().marketplaces["JP"].limits["sp.bid"].minimum
    assert all(row["cost"] >= least * row["clicks"] for row in rows)


@observed("6")
@pytest.mark.parametrize("country", ["US", "JP"])
def test_off_amazon_has_impressions_and_no_sales(busy, country):
    columns = ["campaignId", "placementClassification", *MONEY]
    rows = orjson.loads(
        report(busy, country, columns=columns, groupBy=["campaign", "campaignPlacement"])
    )
    off = [row for row in rows if row["placementClassification"] == OFF]
    shown = sum(row["impressions"] for row in rows)

    assert {row["placementClassification"] for row in rows} == {
        OFF, "Top of Search on-Amazon", "Detail Page on-Amazon", "Other on-Amazon",
    }  # fmt: skip
    assert 0 < sum(row["impressions"] for row in off) < shown / 20
    assert not any(row[name] for row in off for name in MONEY if name != "impressions")
    whole = orjson.loads(report(busy, country, columns=["campaignId", *MONEY]))
    for name in MONEY:
        assert sum(row[name] for row in rows) == pytest.approx(sum(row[name] for row in whole))
