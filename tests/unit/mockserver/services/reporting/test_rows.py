"""Report rows: sums that agree, valid numbers, live days only."""

import orjson
import pytest

from adsmock.contracts import report_tables
from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.reporting.report_requests import (
    METRICS,
    STATES,
    account,
    finished,
    grow,
    wish,
)

DAY = 86_400


def totals(rows):
    return [round(sum(row[name] for row in rows), 2) for name in METRICS]


def test_sums_agree_across_types_and_groups():
    server = account()
    by = {
        "campaign": finished(server, wish()),
        "daily": finished(server, wish(timeUnit="DAILY", columns=["date", *METRICS])),
        "adGroup": finished(server, wish(groupBy=["campaign", "adGroup"])),
        "placement": finished(server, wish(groupBy=["campaignPlacement"])),
        "target": finished(server, wish(reportTypeId="spTargeting", groupBy=["targeting"])),
        "ad": finished(server, wish(reportTypeId="spAdvertisedProduct", groupBy=["advertiser"])),
    }

    assert len({tuple(totals(rows)) for rows in by.values()}) == 1
    assert totals(by["campaign"])[0] > 0
    assert len({len(rows) for rows in by.values()}) > 3


def test_rows_keep_impressions_above_clicks_above_purchases():
    server = account()
    for kind, group in (("spTargeting", "targeting"), ("spAdvertisedProduct", "advertiser")):
        columns = ["date", *METRICS, "purchases1d", "purchases30d", "purchasesSameSku7d"]
        changes = {"reportTypeId": kind, "groupBy": [group], "timeUnit": "DAILY"}
        rows = finished(server, wish(columns=columns, **changes))
        assert rows
        for row in rows:
            assert row["impressions"] >= row["clicks"] >= row["purchases30d"]
            assert row["purchases30d"] >= row["purchases7d"] >= row["purchases1d"]
            assert row["purchases7d"] >= row["purchasesSameSku7d"]
            assert row["impressions"] > 0


def test_campaign_never_spends_more_than_its_budget_in_a_day():
    server = account(budget=3.0)
    columns = ["date", "campaignId", "cost", "campaignBudgetAmount"]

    rows = finished(server, wish(columns=columns, timeUnit="DAILY"))

    assert max(row["cost"] for row in rows) > 2.0
    assert all(row["cost"] <= row["campaignBudgetAmount"] == 3.0 for row in rows)


def test_paused_campaign_has_no_rows_from_the_day_of_its_pause():
    server = account()
    first = value(server.call("/sp/campaigns/list", {}))["campaigns"][0]["campaignId"]
    change = {"campaigns": [{"campaignId": first, "state": "PAUSED"}]}
    server.call("/sp/campaigns", change, "PUT")
    server.sandbox.clock.advance(3 * DAY)
    dates = {"startDate": "2026-07-01", "endDate": "2026-07-11"}

    rows = finished(server, wish(columns=["date", "campaignId"], timeUnit="DAILY", **dates))

    days = {own: max(row["date"] for row in rows if row["campaignId"] == own) for own in
            {row["campaignId"] for row in rows}}  # fmt: skip
    assert days.pop(int(first)) == "2026-07-07"
    assert set(days.values()) == {"2026-07-11"}


def test_campaign_made_paused_has_no_rows():
    server = account(state="PAUSED")

    assert finished(server, wish()) == []


def test_ids_are_numbers_and_names_texts():
    server = account()
    columns = ["campaignId", "campaignName", "startDate", "endDate", "campaignBudgetCurrencyCode"]

    row = finished(server, wish(columns=columns))[0]

    assert list(row) == columns
    assert isinstance(row["campaignId"], int)
    assert [row["startDate"], row["endDate"]] == ["2026-07-01", "2026-07-07"]
    assert (row["campaignName"], row["campaignBudgetCurrencyCode"]) == ("Shoes 0", "USD")


def test_filters_choose_rows():
    server = account()
    asked = {"reportTypeId": "spTargeting", "groupBy": ["targeting"], "columns": ["keywordType"]}
    rows = finished(server, wish(**asked))
    wanted = [{"field": "keywordType", "values": ["EXACT"]}]

    kept = finished(server, wish(**asked, filters=wanted))

    kinds = {row["keywordType"] for row in rows}
    assert kinds == {"EXACT", "BROAD", "TARGETING_EXPRESSION_PREDEFINED"}
    assert {row["keywordType"] for row in kept} == {"EXACT"}


KINDS = {
    "integer": int | None,
    "decimal": int | float | None,
    "string": str | int | float | None,
    "id": int | None,
    "date": str,
}
"""What a column may hold; where the documents call money an integer or a number a string, it is
money or a number all the same."""


def asked_for(kind, group, unit, units):
    row = report_tables.types()[kind]
    columns = [
        name
        for name in (*row["base"], *row["groups"][group]["columns"])
        if units.get(name, unit) == unit
    ]
    more = [name for name in row.get("one_of", []) if group not in row["one_of"]][:1]
    together = next((each for each in row.get("together", []) if group in each), [group])
    return wish(
        reportTypeId=kind,
        adProduct=row["adProduct"],
        groupBy=[*dict.fromkeys([*together, group, *more])],
        timeUnit=unit,
        columns=columns,
    )


CASES = [
    (kind, group, unit)
    for kind, row in report_tables.types().items()
    for group in row["groups"]
    for unit in row["timeUnits"]
]


@pytest.fixture(scope="module")
def busy():
    server = account()
    for product in STATES:
        grow(server, product)
    return server


@pytest.mark.parametrize(("kind", "group", "unit"), CASES, ids=str)
def test_every_column_of_every_type_can_be_asked_for(busy, kind, group, unit):
    body = asked_for(
        kind, group, unit, busy.runtime.contract_set.by_name["reporting"].extra["units"]
    )

    rows = finished(busy, body)

    columns, held = body["configuration"]["columns"], report_tables.columns()
    assert rows
    for row in rows:
        assert list(row) == columns
        wrong = {
            name: row[name]
            for name in columns
            if not isinstance(row[name], KINDS[held[name]])
            and not (isinstance(row[name], float) and "sales" in name.lower())
        }
        assert wrong == {}


def test_purchases_settle_after_the_day_of_the_click():
    server = account()
    dates = {"startDate": "2026-07-08", "endDate": "2026-07-08"}
    early = totals(finished(server, wish(columns=[*METRICS], **dates)))
    server.sandbox.clock.advance(31 * DAY)

    late = totals(finished(server, wish(columns=[*METRICS], **dates)))

    assert late[0] > early[0]  # the day was not over
    assert late[METRICS.index("purchases7d")] > early[METRICS.index("purchases7d")]


def test_same_seed_gives_the_same_bytes_and_another_seed_others():
    files = [orjson.dumps(finished(account(seed=seed), wish())) for seed in (1, 1, 2)]

    assert files[0] == files[1] != files[2]
