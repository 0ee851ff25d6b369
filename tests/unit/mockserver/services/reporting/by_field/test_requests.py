"""Unified reports through the pipeline: the flow, the files, the accounts."""

import gzip
from collections import defaultdict
from datetime import date

import orjson
import pytest

from adsmock.mockserver.core.job import join, separate
from adsmock.mockserver.services.sandboxes.state import job_row, restored_job
from tests.unit.mockserver.fixtures import ENDPOINTS, create_server, value
from tests.unit.mockserver.services.reporting import report_requests
from tests.unit.mockserver.services.reporting.by_field.field_requests import (
    account_of,
    files,
    finished,
    look,
    on,
    send,
    start,
    table,
    wish,
)

PLAIN = ["date.value", "campaign.id", "metric.impressions", "metric.clicks"]
MONEY = [*PLAIN, "budgetCurrency.value", "metric.totalCost", "metric.sales", "metric.purchases"]


def test_a_report_runs_on_the_clock_of_the_sandbox():
    server = report_requests.account()
    report = start(server, wish(server, PLAIN))

    seen = look(server, report)
    assert seen["status"] == "PENDING"
    assert set(seen) == {
        "reportId", "status", "format", "periods", "query", "creationDateTime",
        "lastUpdatedDateTime",
    }  # fmt: skip
    server.sandbox.clock.advance(5)
    assert look(server, report)["status"] == "PROCESSING"
    server.sandbox.clock.advance(5)
    done = look(server, report)
    assert done["status"] == "COMPLETED"
    (part,) = done["completedReportParts"]
    assert part["sizeInBytes"] == len(report_requests.fetch(server, part["url"]).body)
    assert done["completedDateTime"] == "2026-07-08T12:00:10.000Z"
    assert part["urlExpirationDateTime"] == "2026-07-08T13:00:10.000Z"
    assert look(server, report)["completedReportParts"][0]["url"] != part["url"]


def test_a_url_expires_after_its_hour():
    server = report_requests.account()
    report = start(server, wish(server, PLAIN))
    server.sandbox.clock.advance(10)
    (part,) = look(server, report)["completedReportParts"]

    server.sandbox.clock.advance(3_600)

    assert report_requests.fetch(server, part["url"]).status == 403
    (again,) = look(server, report)["completedReportParts"]
    assert report_requests.fetch(server, again["url"]).status == 200


def test_rows_have_the_fields_of_the_request_in_their_order():
    server = report_requests.account()
    rows = finished(server, ["metric.clicks", "campaign.id", "date.value", "campaign.name"])

    assert rows
    assert {tuple(row) for row in rows} == {
        ("metric.clicks", "campaign.id", "date.value", "campaign.name")
    }
    assert all(isinstance(row["campaign.id"], str) for row in rows)
    assert {row["campaign.name"] for row in rows} == {"Shoes 0", "Shoes 1", "Shoes 2"}
    assert len({(row["date.value"], row["campaign.id"]) for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("time", "known"),
    [
        ("day.value", {1, 2, 3, 4, 5, 6, 7}),
        ("week.value", {27, 28}),
        ("month.value", {7}),
        ("year.value", {2026}),
        ("dateRange.value", {"2026-07-01 - 2026-07-07"}),
        ("hour.value", set(range(24))),
    ],
)
def test_every_dimension_of_time_adds_up_to_the_same(time, known):
    server = report_requests.account()
    daily = finished(server, PLAIN)
    rows = finished(server, [time, *PLAIN[1:]])

    assert {row[time] for row in rows} == known
    for metric in ("metric.impressions", "metric.clicks"):
        assert sum(row[metric] for row in rows) == sum(row[metric] for row in daily)


def test_a_partitioned_report_has_several_files_with_all_rows():
    server = report_requests.account(choices={"report.partRows": "4"})
    whole = finished(server, PLAIN)
    parts = files(server, wish(server, PLAIN, format="PARTITIONED_GZIP_JSON"))

    assert len(parts) == -(-len(whole) // 4) > 1
    assert [row for part in parts for row in orjson.loads(gzip.decompress(part))] == whole


def test_a_partitioned_report_without_rows_has_one_file():
    server = create_server()
    body = wish(server, PLAIN, format="PARTITIONED_CSV", days=("2026-06-01", "2026-06-02"))
    (content,) = files(server, body)

    assert content == b'"date.value","campaign.id","metric.impressions","metric.clicks"\n'


def test_csv_is_plain_text_with_quoted_values():
    server = report_requests.account()
    (content,) = files(server, wish(server, [*MONEY, "portfolio.portfolioId"], format="CSV"))

    lines = content.decode().splitlines()
    assert lines[0].startswith('"date.value","campaign.id",')
    assert all(line.endswith(',""') for line in lines[1:])
    assert all(row["metric.totalCost"].partition(".")[2].isdigit() for row in table(content))
    as_json = finished(server, MONEY)
    assert [int(row["metric.clicks"]) for row in table(content)] == [
        row["metric.clicks"] for row in as_json
    ]
    assert [float(row["metric.sales"]) for row in table(content)] == [
        row["metric.sales"] for row in as_json
    ]


OVER_ALL = [
    "dateRange.value", "adProduct.value", "campaign.country", "campaign.id", *MONEY[2:],
]  # fmt: skip


@pytest.fixture
def shared():
    """Return a client with the same campaigns in two countries, and the profile of the other."""
    server = report_requests.account()
    report_requests.grow(server, "SPONSORED_DISPLAY")
    other = next(
        each
        for each in server.sandbox.profiles.values()
        if (each.region, each.kind) == ("NA", "seller") and each.id != server.profile().id
    )
    store = server.sandbox.store
    for name in ("sp.campaigns", "sp.adGroups", "sp.productAds", "sp.keywords", "sp.targets"):
        for entity in store.table(server.profile().id, name).all():
            store.table(other.id, name).put(entity)
    return server, other


def test_a_report_has_rows_of_all_profiles_of_the_region_with_their_currency(shared):
    server, other = shared
    mine = server.profile()
    rows = finished(server, OVER_ALL)

    assert {(row["adProduct.value"], row["campaign.country"]) for row in rows} == {
        ("Sponsored Products", mine.country),
        ("Sponsored Products", other.country),
        ("Sponsored Display", mine.country),
    }
    currencies = {each.country: each.currency for each in (mine, other)}
    assert all(row["budgetCurrency.value"] == currencies[row["campaign.country"]] for row in rows)


def test_conditions_are_joined_and_may_be_negated(shared):
    server, other = shared
    conditions = [
        on("campaign.country", other.country, negated=True),
        on("adProduct.value", "SPONSORED_PRODUCTS"),
    ]

    assert finished(server, OVER_ALL, filter={"and": {"filters": conditions}}) == [
        row
        for row in finished(server, OVER_ALL)
        if row["campaign.country"] != other.country
        and row["adProduct.value"] == "Sponsored Products"
    ]


def test_a_filter_may_compare_a_dimension_that_is_not_shown():
    server = report_requests.account()
    by_campaign = finished(server, ["dateRange.value", "campaign.id", "metric.clicks"])
    chosen = by_campaign[1]["campaign.id"]

    rows = finished(
        server,
        ["dateRange.value", "adProduct.value", "metric.clicks"],
        filter=on("campaign.id", chosen),
    )

    assert [row["metric.clicks"] for row in rows] == [by_campaign[1]["metric.clicks"]]


def test_a_field_without_meaning_for_a_product_is_null():
    server = report_requests.account()
    report_requests.grow(server, "SPONSORED_DISPLAY")
    fields = [
        "dateRange.value", "adProduct.value", "placementClassification.value",
        "metric.addToCart", "metric.impressions",
    ]  # fmt: skip
    rows = defaultdict(list)
    for row in finished(server, fields):
        rows[row["adProduct.value"]].append(row)

    (display,) = rows["Sponsored Display"]
    assert display["placementClassification.value"] is None
    assert display["metric.addToCart"] is not None
    assert {row["placementClassification.value"] for row in rows["Sponsored Products"]} >= {
        "Top of Search on-Amazon"
    }
    assert {row["metric.addToCart"] for row in rows["Sponsored Products"]} == {None}


def test_converted_amounts_are_in_the_currency_of_view():
    server = report_requests.account()
    fields = [
        "dateRange.value", "campaign.id", "budgetCurrency.value", "convertedCurrency.value",
        "metric.totalCost", "metric.totalCostConverted",
    ]  # fmt: skip
    rows = finished(server, fields, currencyOfView="CAD")

    assert {row["convertedCurrency.value"] for row in rows} == {"CAD"}
    assert all(row["metric.totalCostConverted"] > row["metric.totalCost"] > 0 for row in rows), (
        "a Canadian dollar is less than one of the US"
    )


def test_a_manager_account_names_its_linked_accounts():
    server = report_requests.account()
    made = value(
        server.call(
            "/managerAccounts",
            {"managerAccountName": "M", "managerAccountType": "Advertiser"},
            media="application/vnd.createmanageraccountrequest.v1+json",
            Accept="*/*",
        )
    )
    manager = made["managerAccountId"]
    accounts = [{"managerAccountId": manager}]
    assert send(server, "create", wish(server, PLAIN, accounts=accounts)).status == 403
    link = {"accounts": [{"id": server.profile().account_id, "type": "ACCOUNT_ID", "roles": []}]}
    server.call(
        f"/managerAccounts/{manager}/associate",
        link,
        media="application/vnd.updateadvertisingaccountsinmanageraccountrequest.v1+json",
        Accept="*/*",
    )

    assert finished(server, PLAIN, accounts=accounts) == finished(server, PLAIN)


def test_the_days_end_with_the_day_of_each_profile():
    server = report_requests.account()
    rows = finished(server, PLAIN, days=("2026-07-05", "2026-07-08"))

    assert max(row["date.value"] for row in rows) == "2026-07-08"
    assert date.fromisoformat(rows[0]["date.value"]) >= date(2026, 7, 5)


def test_an_unknown_report_fails_alone():
    server = report_requests.account()
    report = start(server, wish(server, PLAIN))

    assert value(send(server, "delete", {"reportIds": [report]}))["error"] is None
    for verb in ("retrieve", "delete"):
        reply = send(server, verb, {"reportIds": [report]})
        assert reply.status == 207
        (row,) = value(reply)["error"]
        assert (row["index"], row["errors"][0]["code"]) == (0, "RESOURCE_ID_NOT_FOUND")
        assert value(reply)["success"] is None


def test_reports_of_v3_and_of_another_region_are_unknown():
    server = report_requests.account()
    v3 = report_requests.start(server, report_requests.wish())
    mine = start(server, wish(server, PLAIN))
    headers = server.headers("application/json", Amazon_Advertising_API_Scope=None)
    away = server.send(
        "POST", "/adsApi/v1/retrieve/reports", {"reportIds": [mine]}, headers, ENDPOINTS["EU"]
    )

    assert value(away)["error"]
    assert value(send(server, "retrieve", {"reportIds": [v3]}))["error"]


def test_a_planned_failure_ends_a_report():
    server = report_requests.account()
    server.plan("async-fail")
    report = start(server, wish(server, PLAIN))
    server.sandbox.clock.advance(10)

    seen = look(server, report)
    assert (seen["status"], seen["failureCode"]) == ("FAILED", "INTERNAL_ERROR")
    assert "completedReportParts" not in seen


def test_accounts_without_access_refuse_the_request():
    server = report_requests.account()
    strange = [{"advertiserAccountId": account_of(server)}, {"advertiserAccountId": "amzn1.x"}]
    reply = send(server, "create", wish(server, PLAIN, accounts=strange))

    assert reply.status == 403
    assert value(reply) == {"code": "FORBIDDEN", "message": "Multi-account authorization failed"}


def test_an_account_of_another_region_adds_no_rows():
    server = report_requests.account()
    kinds = {each.kind for each in server.sandbox.profiles.values() if each.region == "NA"}
    assert "vendor" not in kinds
    both = [{"advertiserAccountId": account_of(server, kind)} for kind in ("seller", "vendor")]

    assert finished(server, PLAIN, accounts=both) == finished(server, PLAIN)
    assert finished(server, PLAIN, accounts=both[1:]) == []


def test_files_in_one_come_apart():
    for several in ([], [b""], [b"a", b"", b"bcd"]):
        assert separate(join(several)) == several


def test_a_split_file_survives_a_snapshot():
    server = report_requests.account(choices={"report.partRows": "5"})
    body = wish(server, PLAIN, format="PARTITIONED_CSV")
    parts = files(server, body)
    (job,) = server.sandbox.jobs.values()

    again = restored_job(orjson.loads(orjson.dumps(job_row(job))))

    assert again.parts() == parts
    assert len(parts) > 1
