"""Reports of the other products: rows of what is served, else of invented inventories."""

import csv
import gzip
import io
from functools import partial

import openpyxl
import pytest

from adsmock.contracts import report_tables
from adsmock.mockserver.catalog.reporting.model import Column
from adsmock.mockserver.services.reporting.columns import find_filter
from tests.unit.mockserver.fixtures import create_server, value
from tests.unit.mockserver.services.reporting.report_requests import (
    account,
    ask,
    fetch,
    finished,
    grow,
    look,
    start,
    wish,
)

DAYS = {"startDate": "2026-06-10", "endDate": "2026-06-30"}
WEEK = {"startDate": "2026-07-01", "endDate": "2026-07-07"}
SUMS = ["impressions", "clicks", "cost"]


def grown(product):
    server = create_server()
    grow(server, product)
    return server


def asked(kind, group, columns, unit="DAILY", **more):
    product = report_tables.types()[kind]["adProduct"]
    return wish(
        reportTypeId=kind, adProduct=product, groupBy=group, columns=columns, timeUnit=unit,
        **{**DAYS, **more},
    )  # fmt: skip


def totals(rows, names=SUMS):
    return [round(sum(row[name] for row in rows), 2) for name in names]


@pytest.mark.parametrize(
    ("product", "groups"),
    [
        (
            "SPONSORED_DISPLAY",
            {
                "sdCampaigns": ["campaign", "matchedTarget"], "sdAdGroup": ["adGroup"],
                "sdTargeting": ["targeting", "matchedTarget"],
                "sdAdvertisedProduct": ["advertiser"],
            },
        ),
        (
            "SPONSORED_TELEVISION",
            {"stCampaigns": ["campaign", "adGroup"], "stTargeting": ["targeting"]},
        ),
    ],
)  # fmt: skip
def test_reports_of_a_served_product_show_its_entities_and_agree(product, groups):
    server = grown(product)
    found = [
        totals(finished(server, asked(kind, [group], SUMS)))
        for kind, names in groups.items()
        for group in names
    ]

    assert found[0][0] > 0
    assert all(sums == found[0] for sums in found)


def test_words_of_display_are_those_of_reports():
    columns = ["campaignId", "targetingId", "targetingText", "adKeywordStatus"]
    server = grown("SPONSORED_DISPLAY")
    (row,) = finished(server, asked("sdTargeting", ["targeting"], columns, "SUMMARY"))

    assert list(row.values()) == [11, 15, 'asin="B000000001"', "ENABLED"]


def test_clicks_and_views_of_display_purchases_are_all_of_them():
    server = grown("SPONSORED_DISPLAY")
    columns = ["purchases", "purchasesClicks", "sales", "salesClicks", "newToBrandPurchases"]

    for row in finished(server, asked("sdCampaigns", ["campaign"], columns)):
        assert row["purchases"] >= row["purchasesClicks"]
        assert row["purchases"] >= row["newToBrandPurchases"]
        assert row["sales"] >= row["salesClicks"]


def test_product_without_entities_has_no_rows():
    assert finished(create_server(), asked("sbCampaigns", ["campaign"], ["clicks"])) == []


def test_orders_line_items_and_creatives_of_dsp_agree():
    server = create_server()
    found = [
        totals(finished(server, asked("dspCampaign", groups, ["impressions", "totalCost"])),
               ["impressions", "totalCost"])
        for groups in (["campaign"], ["ad"], ["creative"], ["campaign", "ad", "creative"])
    ]  # fmt: skip

    assert found[0][0] > 0
    assert all(sums == found[0] for sums in found)


def test_advertisers_that_a_filter_names_are_there():
    server = create_server()
    only = [{"field": "advertiserId", "values": ["77", "78"]}]
    rows = finished(
        server, asked("dspGeo", ["country"], ["advertiserId", "country"], "SUMMARY", filters=only)
    )

    assert {(row["advertiserId"], row["country"]) for row in rows} == {
        (advertiser, country) for advertiser in ("77", "78") for country in ("US", "CA")
    }


def test_groups_that_need_each_other_are_refused_apart():
    server = create_server()
    alone = ask(server, asked("dspInventory", ["deal"], ["impressions"]))
    odd = ask(server, asked("dspReachFrequency", ["supplySource"], ["reach"]))

    assert (alone.status, odd.status) == (400, 400)
    assert "supplySource, site" in value(alone)["detail"]
    assert "advertiser, supplySource" in value(odd)["detail"]


def test_both_names_of_bid_adjustments_are_taken():
    server = create_server()
    body = asked("dspBidAdjustments", ["bidAdjustmentRule"], ["bids", "bidAdjustmentRule"])

    assert len(finished(server, body)) > 0


def file_of(server, body):
    report = start(server, body)
    server.sandbox.clock.advance(10)
    shown = value(look(server, report))
    return shown["url"], fetch(server, shown["url"]).body


def test_csv_and_workbook_hold_the_rows_of_the_json():
    server = create_server()
    body = asked("dspBidAdjustment", ["bidAdjustmentRule"], ["orderName", "bids"], "SUMMARY")
    rows = finished(server, body)
    body["configuration"]["format"] = "CSV"
    url, text = file_of(server, body)
    read = list(csv.DictReader(io.StringIO(gzip.decompress(text).decode())))
    body["configuration"]["format"] = "XLSX"
    workbook_url, content = file_of(server, body)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    names, *cells = sheet.iter_rows(values_only=True)

    assert ".csv.gz?" in url
    assert ".xlsx?" in workbook_url
    assert [row["bids"] for row in read] == [str(row["bids"]) for row in rows]
    assert [dict(zip(names, each, strict=True)) for each in cells] == rows


def test_format_that_a_type_does_not_have_is_refused():
    refused = ask(create_server(), wish(format="XLSX"))

    assert (refused.status, "Allowed values: (GZIP_JSON)" in value(refused)["detail"]) == (
        400,
        True,
    )


@pytest.mark.parametrize(
    ("choice", "other_unit", "equal"),
    [("refuse", 200, 425), ("refuse-any-unit", 425, 425), ("reuse", 200, 200)],
)
def test_choice_decides_what_an_equal_request_meets(choice, other_unit, equal):
    server = create_server(choices={"report.duplicates": choice})
    report = start(server, wish())

    again = ask(server, wish())

    assert again.status == equal
    if equal == 200:
        assert value(again)["reportId"] == report
    assert ask(server, wish(timeUnit="DAILY")).status == other_unit


@pytest.mark.parametrize(
    ("product", "kind", "group", "columns"),
    [
        ("SPONSORED_DISPLAY", "sdTargeting", "targeting", ["leads", "linkOuts", "leadFormOpens"]),
        ("SPONSORED_DISPLAY", "sdCampaigns", "campaign", ["leads", "linkOuts", "leadFormOpens"]),
        ("SPONSORED_BRANDS", "sbTargeting", "targeting", ["viewableImpressions"]),
    ],
)
def test_columns_that_clients_need_besides_the_page_are_shown(product, kind, group, columns):
    rows = finished(grown(product), asked(kind, [group], columns))

    assert rows
    assert {type(row[name]) for row in rows for name in columns} == {int}


def test_older_names_of_columns_say_what_the_newer_ones_do():
    names = {
        "budgetCurrency": "campaignBudgetCurrencyCode",
        "newToBrandOrders14d": "newToBrandPurchases14d",
        "newToBrandOrdersPercentage14d": "newToBrandPurchasesPercentage14d",
    }
    columns = [*names, *names.values()]
    wanted = asked("sbPurchasedProduct", ["purchasedAsin"], columns)

    rows = finished(grown("SPONSORED_BRANDS"), wanted)

    assert any(row["newToBrandOrders14d"] for row in rows)
    assert [[row[name] for name in names] for row in rows] == [
        [row[name] for name in names.values()] for row in rows
    ]


def test_every_filter_of_every_type_compares_something():
    wanted = {
        (kind, name)
        for kind, row in report_tables.types().items()
        for group in row["groups"].values()
        for name in group["filters"]
    }

    assert {type(find_filter(*each)) for each in wanted} == {Column}


@pytest.mark.parametrize(
    ("made", "kind", "ads", "group", "days"),
    [
        (account, "spPromptAdExtension", "spAdvertisedProduct", "advertiser", WEEK),
        (partial(grown, "SPONSORED_BRANDS"), "sbPromptAdExtension", "sbAds", "ads", DAYS),
    ],
    ids=["sp", "sb"],
)
def test_prompts_have_a_part_of_what_their_ad_has(made, kind, ads, group, days):
    server = made()
    columns = ["adId", "impressions", "clicks"]
    prompts = ["creativeExtensionId", "creativeExtensionType", "promptText", "purchases14d"]
    marketplace = [{"field": "marketplaceId", "values": ["US"]}]
    whole = finished(server, asked(ads, [group], columns, "SUMMARY", **days))

    wanted = asked(kind, ["promptAdExtension"], [*columns, *prompts], "SUMMARY", **days)
    wanted["configuration"]["filters"] = marketplace
    rows = finished(server, wanted)

    assert rows
    assert len({row["creativeExtensionId"] for row in rows}) == len(rows)
    assert {row["creativeExtensionType"] for row in rows} == {"PROMPTS"}
    assert all(row["promptText"].endswith("?") for row in rows)
    for ad in whole:
        parts = [row for row in rows if row["adId"] == ad["adId"]]
        assert sum(row["impressions"] for row in parts) < ad["impressions"]
        assert sum(row["clicks"] for row in parts) <= ad["clicks"]
