"""Unified reports and reporting v3 show the same traffic, whatever fields are requested."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.contracts import report_fields, report_tables
from adsmock.mockserver.catalog.reporting.field import (
    ALONE,
    BOUGHT,
    DIMENSIONS,
    METRICS,
    PRODUCTS,
    SPLITS,
)
from tests.unit.mockserver.services.reporting import report_requests
from tests.unit.mockserver.services.reporting.by_field.field_requests import finished

TYPES = {
    "SPONSORED_PRODUCTS": "spCampaigns",
    "SPONSORED_BRANDS": "sbCampaigns",
    "SPONSORED_DISPLAY": "sdCampaigns",
    "SPONSORED_TELEVISION": "stCampaigns",
}
SUMS = (
    "metric.impressions",
    "metric.clicks",
    "metric.totalCost",
    "metric.purchases",
    "metric.sales",
)
FIELDS = report_fields.fields()
FREE = sorted(set(DIMENSIONS) - {"hour.value", "convertedCurrency.value"})


@pytest.fixture(scope="module")
def server():
    made = report_requests.account()
    for product in ("SPONSORED_BRANDS", "SPONSORED_DISPLAY", "SPONSORED_TELEVISION"):
        report_requests.grow(made, product)
    return made


@pytest.fixture(scope="module")
def campaigns(server):
    """The rows of v1 by ad product and campaign, with every metric that has a value."""
    needs = {name for metric in METRICS for name in FIELDS[metric].requires}
    fields = ["dateRange.value", "adProduct.value", "campaign.id", *sorted(needs), *METRICS]
    rows = finished(server, list(dict.fromkeys(fields)), currencyOfView="USD")
    return {(row["adProduct.value"], row["campaign.id"]): row for row in rows}


def test_every_metric_with_a_value_is_documented():
    assert set(METRICS) <= set(FIELDS)
    assert set(DIMENSIONS) <= set(FIELDS)
    assert set(SPLITS) | ALONE | BOUGHT <= {each.dimension for each in FIELDS.values()}


@pytest.mark.parametrize("product", TYPES)
def test_metrics_equal_the_columns_that_the_documents_name(server, campaigns, product):
    kind = report_tables.types()[TYPES[product]]
    offered = {
        *kind["base"],
        *(name for each in kind["groups"].values() for name in each["columns"]),
    }
    days = "7d" if product == "SPONSORED_PRODUCTS" else "14d"
    named = {metric: _columns(FIELDS[metric].v3, days) for metric in METRICS}
    pairs = {
        metric: next(column for column in columns if column in offered)
        for metric, columns in named.items()
        if offered.intersection(columns)
    }
    wish = report_requests.wish(
        adProduct=product,
        reportTypeId=TYPES[product],
        columns=sorted({"campaignId", *pairs.values()}),
    )
    rows = report_requests.finished(server, wish)

    assert rows
    assert len(pairs) >= 8
    for row in rows:
        mine = campaigns[PRODUCTS[product][1], str(row["campaignId"])]
        for metric, column in pairs.items():
            scale = 100 if FIELDS[metric].type == "PERCENTAGE" else 1
            shown = mine[metric]
            assert (row[column] or 0) == pytest.approx((shown or 0) * scale, abs=0.011), metric


def _columns(stated: str, days: str) -> list[str]:
    """Return the v3 columns of a documented mapping: of several windows the one that counts."""
    names = re.sub(r" \[.*?]", "", stated).split(", ") if stated else []
    return [each for each in names if each.endswith(days) or not re.search(r"\d+d$", each)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(FREE), max_size=6, unique=True), st.sampled_from(["date", "hour"]))
def test_sums_do_not_depend_on_the_dimensions(server, totals, dimensions, time):
    chosen = [name for name in dimensions if FIELDS[name].dimension not in {*BOUGHT, "searchTerm"}]
    needed = [need for name in chosen for need in FIELDS[name].requires]
    fields = [f"{time}.value", "adProduct.value", "budgetCurrency.value", *needed, *chosen, *SUMS]

    rows = finished(server, list(dict.fromkeys(fields)))

    assert _sums(rows) == totals
    keys = [tuple(row[name] for name in row if not name.startswith("metric.")) for row in rows]
    assert len(set(keys)) == len(keys)


def test_purchased_products_add_up_to_the_purchases_of_their_ads(server, totals):
    fields = [
        "date.value", "convertedProduct.id", "convertedProductMarketplace.value", "target.value",
        "advertisedProduct.id", "productRelevance.value", "budgetCurrency.value",
        "metric.purchases", "metric.sales",
    ]  # fmt: skip
    rows = finished(server, fields, filter=_of("SPONSORED_PRODUCTS"))
    plain = finished(
        server,
        ["date.value", "adProduct.value", "budgetCurrency.value", *SUMS],
        filter=_of("SPONSORED_PRODUCTS"),
    )

    for metric in ("metric.purchases", "metric.sales"):
        assert sum(row[metric] for row in rows) == pytest.approx(sum(row[metric] for row in plain))
    assert {row["productRelevance.value"] for row in rows} == {"Promoted", "Brand Halo"}


@pytest.fixture(scope="module")
def totals(server):
    """The sums over the account, from the campaign reports of v3."""
    found = dict.fromkeys(SUMS, 0.0)
    for product, kind in TYPES.items():
        window = "7d" if product == "SPONSORED_PRODUCTS" else ""
        names = ("impressions", "clicks", "cost", f"purchases{window}", f"sales{window}")
        wish = report_requests.wish(adProduct=product, reportTypeId=kind, columns=list(names))
        for row in report_requests.finished(server, wish):
            for metric, name in zip(SUMS, names, strict=True):
                found[metric] += row[name]
    assert all(found.values())
    return {name: round(value, 2) for name, value in found.items()}


def _sums(rows):
    return {name: round(sum(row[name] or 0 for row in rows), 2) for name in SUMS}


def _of(product):
    return {
        "on": {
            "field": "adProduct.value", "comparisonOperator": "EQUALS", "not": False,
            "values": [product],
        }
    }  # fmt: skip
