"""Refusals of unified reports: the number, the text, and which comes first."""

import pytest

from tests.unit.mockserver.fixtures import create_server, value
from tests.unit.mockserver.services.reporting.by_field.field_requests import on, send, wish

NEEDS = "cannot be used without also including fields:"
EXCLUDES = "cannot be used along with fields:"
GOOD = ["date.value", "campaign.id", "metric.clicks"]


@pytest.fixture(scope="module")
def server():
    made = create_server()
    made.sandbox.clock.advance(7 * 86_400)
    return made


def refusal(server, fields, **changes):
    reply = send(server, "create", wish(server, fields, **changes))
    assert reply.status == 400, reply.body
    body = value(reply)
    assert set(body) == {"code", "message"}
    return body["code"], body["message"]


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        ([*GOOD, "target.id"], "400005", "field target.id is unknown"),
        ([*GOOD, "clicks"], "400000", "field clicks has invalid format"),
        (
            [*GOOD, "metric.totalCost"],
            "400006",
            f"field metric.totalCost {NEEDS} (budgetCurrency.value)",
        ),
        (
            ["date.value", "campaign.name", "metric.clicks"],
            "400006",
            f"field campaign.name {NEEDS} (campaign.id)",
        ),
        (
            [*GOOD, "convertedProductMarketplace.value"],
            "400004",
            f"field metric.clicks {EXCLUDES} (convertedProductMarketplace.value)",
        ),
        (
            [
                "date.value",
                "convertedProductMarketplace.value",
                "searchTerm.value",
                "metric.purchases",
            ],
            "400004",
            f"field convertedProductMarketplace.value {EXCLUDES} (searchTerm.value)",
        ),
        (
            ["campaign.id", "metric.clicks"],
            "400000",
            "fields must contain exactly one time-related dimension",
        ),
        ([*GOOD, "week.value"], "400000", "fields must contain exactly one time-related dimension"),
        (["date.value", "campaign.id"], "400000", "fields must contain at least one metric"),
        (
            ["date.value", "budgetCurrency.value", "metric.clicks"],
            "400000",
            "fields must contain at least one level-of-detail dimension",
        ),
        (
            [*GOOD, "convertedCurrency.value", "metric.totalCostConverted"],
            "400000",
            "currencyOfView must be set when fields contain convertedCurrency.value",
        ),
    ],
)
def test_a_field_that_cannot_be_used_refuses_the_request(server, fields, code, text):
    assert refusal(server, fields) == (code, f"{code}: {text}")


@pytest.mark.parametrize(
    ("time", "days", "end"),
    [
        (
            "date.value",
            ("2026-02-30", "2026-07-01"),
            "startDate (2026-02-30) is not a valid date. Expected format: YYYY-MM-DD",
        ),
        (
            "date.value",
            ("2026-07-02", "2026-07-01"),
            "must be equal to or before endDate (2026-07-01)",
        ),
        (
            "date.value",
            ("2026-07-02", "2026-07-10"),
            "must be equal to or before current date (2026-07-08)",
        ),
        (
            "date.value",
            ("2026-03-03", "2026-07-01"),
            "must not exceed maximum range (120 days) of field date.value",
        ),
        (
            "hour.value",
            ("2026-06-23", "2026-07-07"),
            "must not exceed maximum range (14 days) of field hour.value",
        ),
        (
            "date.value",
            ("2025-04-07", "2025-05-01"),
            "data retention start date (2025-04-08) of field date.value",
        ),
        (
            "month.value",
            ("2020-07-07", "2020-08-01"),
            "data retention start date (2020-07-08) of field month.value",
        ),
    ],
)
def test_the_period_follows_the_dimension_of_time(server, time, days, end):
    code, message = refusal(server, [time, "campaign.id", "metric.clicks"], days=days)

    assert code == "400000"
    assert message.endswith(end)


@pytest.mark.parametrize(
    ("time", "days"),
    [
        ("date.value", ("2026-03-04", "2026-07-01")),
        ("hour.value", ("2026-06-24", "2026-07-07")),
        ("month.value", ("2024-08-01", "2026-07-08")),
        ("dateRange.value", ("2020-07-08", "2026-07-08")),
    ],
)
def test_the_longest_period_of_a_dimension_is_taken(server, time, days):
    fields = [time, "campaign.id", "metric.clicks"]
    assert send(server, "create", wish(server, fields, days=days)).status == 207


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"on": on("campaign.id", "1")["on"], "and": {"filters": [on("campaign.id", "1")]}},
        on("metric.clicks", "1"),
        on("date.value", "2026-07-01"),
        {"and": {"filters": [on("campaign.id", "1"), on("campaign.who", "1")]}},
    ],
)
def test_a_filter_that_cannot_be_used_refuses_the_request(server, condition):
    if not condition:
        assert send(server, "create", wish(server, GOOD, filter=condition)).status == 207
        return
    code, _ = refusal(server, GOOD, filter=condition)
    assert code in {"400000", "400005"}


def test_several_ids_are_refused(server):
    reply = send(server, "retrieve", {"reportIds": ["a", "b"]})

    assert (reply.status, value(reply)["code"]) == (400, "400000")


@pytest.mark.parametrize(
    "accounts", [[{}], [{"advertiserAccountId": "a", "managerAccountId": "b"}], [], None]
)
def test_an_account_has_exactly_one_id(server, accounts):
    body = wish(server, GOOD)
    body["accessRequestedAccounts"] = accounts
    reply = send(server, "create", body)

    assert (reply.status, value(reply)["code"]) == (400, "400000")
