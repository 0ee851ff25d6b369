"""Operations as recorded replies show them: rows 12, 14, 15, 20 to 22 and 24 to 26."""

from urllib.parse import urlsplit

import pytest

from adsmock.contracts.loader import load
from adsmock.mockserver.core.sandbox import QuotaSetting
from adsmock.mockserver.services.sandboxes.scenario import scenarios
from tests.unit.mockserver.control.fixtures import make_control
from tests.unit.mockserver.fixtures import campaign, create_server, value
from tests.unit.mockserver.observed.rows import observed
from tests.unit.mockserver.services.exports.test_requests import look, start
from tests.unit.mockserver.services.reporting.report_requests import ask, wish
from tests.unit.mockserver.services.reporting.report_requests import look as view
from tests.unit.mockserver.services.reporting.report_requests import start as order

JSON = "application/json"
BIDS = "application/vnd.spthemebasedbidrecommendation.v5+json"
PATHS = {"reportTypeId": "conversionPath", "adProduct": "ALL", "groupBy": ["brandConversionPath"]}
RULE = {
    "name": "Sale",
    "ruleType": "SCHEDULE",
    "budgetIncreaseBy": {"type": "PERCENT", "value": 20.0},
    "duration": {"dateRangeTypeRuleDuration": {"startDate": "20260710"}},
    "recurrence": {"type": "WEEKLY", "daysOfWeek": ["MONDAY", "FRIDAY"]},
}


def sent(server, method, path, body=b""):
    return value(server.call(path, body, method, media=JSON))


def made(server, **changes):
    body = {"budgetRulesDetails": [RULE | changes]}
    (row,) = sent(server, "POST", "/sp/budgetRules", body)["responses"]
    return row


@observed("9")
@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"groupBy": ["campaigns"]}, "configuration invalid groupBy values: (campaigns). Allowed"),
        ({"adProduct": None}, "Required fields are invalid or missing: configuration adProduct"),
        (
            {"adProduct": "SPONSORED_BRANDS"},
            "configuration adProduct is not supported for this report type",
        ),
        (
            PATHS | {"timeUnit": "DAILY", "columns": ["brandName"]},
            "configuration timeUnit is not supported for this report type",
        ),
    ],
)
def test_reports_are_refused_in_the_words_that_were_seen(changes, text):
    body = wish(**changes)
    held = {name: each for name, each in body["configuration"].items() if each is not None}
    reply = ask(create_server(), body | {"configuration": held})
    assert (reply.status, value(reply)["code"]) == (400, "400")
    assert value(reply)["detail"].startswith(text)


@observed("9")
def test_a_deleted_report_says_so():
    server = create_server()
    found = order(server, wish())
    deleted = value(view(server, found, "DELETE"))
    assert deleted == {"code": "200", "detail": "Report deleted", "reportId": found}


@observed("14")
def test_a_weekly_rule_is_taken_and_shows_null_for_what_it_lacks():
    server = create_server()
    row = made(server)
    assert (row["code"], row["associatedCampaignIds"]) == ("Ok", None)
    page = sent(server, "GET", "/sp/budgetRules?pageSize=10")
    (shown,) = page["budgetRulesForAdvertiserResponse"]
    details = shown["ruleDetails"]
    assert page["nextToken"] is None
    assert shown["ruleStatusDetails"] is None
    assert details["performanceMeasureCondition"] is None
    assert details["duration"] == {
        "dateRangeTypeRuleDuration": {"startDate": "20260710", "endDate": None},
        "eventTypeRuleDuration": None,
    }
    assert details["recurrence"] == RULE["recurrence"] | {"intraDaySchedule": None}


@observed("14")
def test_the_rules_of_a_campaign_say_whether_they_act():
    server = create_server()
    (done,) = value(server.call("/sp/campaigns", {"campaigns": [campaign()]}))["campaigns"][
        "success"
    ]
    path = f"/sp/campaigns/{done['campaignId']}/budgetRules"
    sent(server, "POST", path, {"budgetRuleIds": [made(server)["ruleId"]]})
    (shown,) = sent(server, "GET", path)["associatedRules"]
    assert shown["ruleStatusDetails"] == {"status": "PENDING_START", "reasonCode": None}


@observed("12")
def test_a_rule_is_updated_with_the_nulls_that_it_was_shown_with():
    server = create_server()
    item = {"ruleId": made(server)["ruleId"], "ruleState": "PAUSED"}
    item |= {"lastUpdatedDate": None, "ruleStatusDetails": None}
    (row,) = sent(server, "PUT", "/sp/budgetRules", {"budgetRulesDetails": [item]})["responses"]
    assert (row["code"], row["details"]) == ("Ok", "Budget rule updated")


@observed("15")
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "documented"),
    [
        ("POST", "/sp/campaigns/budget/usage", {"campaignIds": ["1"]}, 200, 207),
        ("POST", "/sb/campaigns/budget/usage", {"campaignIds": ["1"]}, 200, 207),
        ("POST", "/sd/campaigns/budget/usage", {"campaignIds": ["1"]}, 200, 207),
        ("POST", "/sd/creatives", [{}], 200, 207),
        ("PUT", "/sd/creatives", [{}], 200, 207),
        ("POST", "/sd/locations", [{}], 207, 200),
    ],
)
def test_successes_have_the_statuses_that_were_seen(method, path, body, status, documented):
    operation = next(
        row for row in load().operations.values() if (row.method, row.path) == (method, path)
    )
    for choices, expected in (({}, status), ({"gateway": "documented"}, documented)):
        server = create_server(choices=choices)
        reply = server.call(path, body, method, media=operation.request)
        assert reply.status == expected, reply.body


@observed("20")
def test_bids_of_keywords_and_asins_in_one_request_are_refused():
    server = create_server()
    rows = [{"type": "KEYWORD_BROAD_MATCH", "value": "kettle"}]
    body = {"recommendationType": "BIDS_FOR_NEW_AD_GROUP", "asins": ["B000000001"]}
    body |= {"bidding": {"strategy": "AUTO_FOR_SALES"}, "targetingExpressions": rows}
    path = "/sp/targets/bid/recommendations"
    assert server.call(path, body, media=BIDS).status == 200
    rows.append({"type": "PAT_ASIN", "value": "B000000002"})
    assert server.call(path, body, media=BIDS).status == 422


@observed("21")
@pytest.mark.parametrize(
    ("quota", "method", "path", "is_named"),
    [
        ("reporting.get", "GET", "/reporting/reports/1", False),
        ("profiles", "GET", "/v2/profiles", True),
    ],
)
def test_a_quota_that_a_user_sets_keeps_the_habit_of_its_family(quota, method, path, is_named):
    server = create_server(quotas={quota: QuotaSetting(0.001, 1)})
    replies = [server.call(path, b"", method, media=JSON) for _ in range(2)]
    assert replies[1].status == 429
    assert ("Retry-After" in replies[1].headers) == is_named


@observed("22")
def test_storage_refuses_a_download_with_an_authorization_header():
    server = create_server()
    export = start(server)
    server.sandbox.clock.advance(10)
    target = urlsplit(value(look(server, export))["url"])
    path = f"/_storage{target.path}?{target.query}"
    refused = server.send("GET", path, headers={"Authorization": f"Bearer {server.token}"})
    assert (refused.status, b"InvalidArgument" in refused.body) == (400, True)
    assert server.send("GET", path).status == 200


@observed("24")
def test_files_of_reports_have_hosts_of_their_own():
    regions = load().regions
    assert regions["NA"].report_host == "offline-report-storage-us-east-1-prod.s3.amazonaws.com"
    assert regions["EU"].report_host == (
        "offline-report-storage-eu-west-1-prod.s3.eu-west-1.amazonaws.com"
    )


@observed("25")
def test_one_account_is_throttled_for_months_and_the_others_are_not():
    control = make_control()
    control.do("scenarios.apply", {"name": "throttled-account"})
    server = control.server
    profiles = [each.id for each in server.sandbox.profiles.values() if each.region == "NA"]
    replies = [
        server.call("/sp/campaigns/list", {}, Amazon_Advertising_API_Scope=each)
        for each in profiles[:2]
    ]
    assert [reply.status for reply in replies] == [429, 200]
    assert replies[0].headers["x-amzn-ErrorType"] == "AccessDeniedException"
    assert "Retry-After" not in replies[0].headers


@observed("26")
def test_reports_hang_for_ten_hours():
    assert scenarios()["hanging-reports"].choices == {"report.seconds": str(10 * 3600)}
