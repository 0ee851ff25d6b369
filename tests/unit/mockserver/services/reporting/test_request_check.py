"""Invalid report requests, each refused with the documented message."""

import pytest

from adsmock.contracts.iso8601 import parse_utc
from tests.unit.mockserver.fixtures import create_server, value
from tests.unit.mockserver.services.reporting.report_requests import CREATE, ask, wish


def refusal(server, **changes):
    reply = ask(server, wish(**changes))
    assert reply.status == 400
    assert value(reply)["code"] == "400"
    return value(reply)["detail"]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"reportTypeId": "spNothing"}, "configuration reportTypeId is unknown or invalid"),
        (
            {"columns": ["clicks", "x", "y"]},
            "configuration columns includes invalid values: (x, y). Allowed values: (impressions,",
        ),
        ({"columns": ["date"]}, "configuration columns includes invalid values: (date)."),
        (
            {"columns": ["startDate"], "timeUnit": "DAILY"},
            "configuration columns includes invalid values: (startDate).",
        ),
        ({"columns": []}, "configuration columns must not be empty"),
        ({"groupBy": []}, "configuration groupBy must not be empty"),
        (
            {"groupBy": ["ad"]},
            ("configuration invalid groupBy values: (ad). "
            "Allowed values: (campaign, adGroup, campaignPlacement)"),
        ),
        (
            {"adProduct": "SPONSORED_BRANDS"},
            "configuration adProduct is not supported for this report type",
        ),
        (
            {"startDate": "2026-04-01", "endDate": "2026-06-29"},
            "startDate to endDate range (89 days) must not exceed maximum range (31 days)",
        ),
        (
            {"startDate": "2026-03-27", "endDate": "2026-04-20"},
            ("startDate (2026-03-27) must be equal to or after report type data retention start "
            "date (2026-03-28)"),
        ),
        (
            {"startDate": "2026-06-30", "endDate": "2026-06-01"},
            "startDate (2026-06-30) must be equal to or before endDate (2026-06-01)",
        ),
        (
            {"endDate": "2026-07-02"},
            "endDate (2026-07-02) must be equal to or before current date (2026-07-01)",
        ),
        (
            {"startDate": "20260601"},
            "startDate (20260601) is not a valid date. Expected format: YYYY-MM-DD",
        ),
        (
            {"filters": [{"field": "campaignStatus", "values": ["LIVE"]}]},
            ("configuration filters includes invalid values: (LIVE) for field campaignStatus. "
            "Allowed values: (ENABLED, PAUSED, ARCHIVED)"),
        ),
    ],
)  # fmt: skip
def test_invalid_request_is_refused_with_the_documented_message(changes, text):
    assert refusal(create_server(), **changes).startswith(text)


def test_filter_of_another_group_is_refused_with_the_stray_quote():
    text = refusal(
        create_server(),
        reportTypeId="spAdvertisedProduct",
        groupBy=["advertiser"],
        columns=["clicks"],
        filters=[{"field": "campaignStatus", "values": ["ENABLED"]}],
    )

    assert text == (
        "configuration filters includes fields: (campaignStatus) which are invalid for groupBys: "
        "advertiser. \nAllowed filters for groupBy advertiser: "
        "(field: adCreativeStatus, values: ENABLED, PAUSED, 'ARCHIVED)"
    )


def test_range_of_thirty_one_days_between_its_ends_passes():
    assert ask(create_server(), wish(startDate="2026-05-31", endDate="2026-07-01")).status == 200


def test_oldest_day_of_retention_passes():
    assert ask(create_server(), wish(startDate="2026-03-28", endDate="2026-04-20")).status == 200


@pytest.mark.parametrize(
    ("region", "start", "latest", "later"),
    [
        ("NA", "2026-07-02T00:00:00Z", "2026-07-02", "2026-07-03"),
        ("FE", "2026-07-01T20:00:00Z", "2026-07-02", "2026-07-03"),
    ],
)
def test_the_latest_day_is_that_of_the_profile_or_of_utc(region, start, latest, later):
    server = create_server(clock_start=parse_utc(start))
    scope = {"Amazon-Advertising-API-Scope": server.profile(region).id}
    endpoint = {"endpoint": region}

    assert ask(server, wish(endDate=latest), **scope, **endpoint).status == 200
    assert ask(server, wish(endDate=later), **scope, **endpoint).status == 400


def test_create_without_a_body_member_is_refused():
    server = create_server()

    refused = ask(server, {"startDate": "2026-06-01"})

    assert (refused.status, "endDate" in value(refused)["detail"]) == (400, True)
    assert server.call("/reporting/reports", b"{", media=CREATE, Accept="*/*").status == 400
