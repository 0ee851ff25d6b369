"""Files that lack what their task asks for, and files that have it otherwise."""

import pytest

from tests.unit.harness.suite.checks.test_altered_work import difference, judged
from tests.unit.harness.suite.checks.test_lost_work import task
from tests.unit.harness.suite.journal_rows import call

REPORT = task(
    "report",
    reportTypeId="spCampaigns",
    startDate="2026-06-01",
    endDate="2026-06-02",
    columns=["date", "campaignName", "clicks", "cost"],
    groupBy=["campaign"],
    timeUnit="DAILY",
)
ASKED = {
    "reportTypeId": "spCampaigns",
    "columns": ["date", "clicks", "cost"],
    "groupBy": ["campaign"],
    "timeUnit": "DAILY",
}


def fetched(number=1, first="2026-06-01", last="2026-06-02", **changes):
    """Return the calls of one report with its file."""
    body = {"startDate": first, "endDate": last, "configuration": ASKED | changes}
    name = f"R{number}"
    path = f"/reporting/reports/{name}"
    url = f"https://storage.example/{name}.json.gz"
    return [
        call("reporting.create", number, request=body, reply={"reportId": name}),
        call("reporting.get", number, path=path, reply={"status": "COMPLETED", "url": url}),
        call("storage.get", number, path=f"/{name}.json.gz", profileId=None),
    ]


NO_CLICKS = {"columns": ["date", "cost"]}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (fetched(), ""),
        (fetched(columns=["date", "clicks", "spend", "purchases7d"]), ""),
        (fetched(**NO_CLICKS), "the report has no column clicks"),
        ([*fetched(**NO_CLICKS), *fetched(2, columns=["clicks"])], ""),
        (
            [*fetched(**NO_CLICKS), *fetched(2, last="2026-06-01", columns=["clicks"])],
            "the report has no column clicks",
        ),
        (
            fetched(timeUnit="SUMMARY"),
            "the report sums its days, and the task asks for each day",
        ),
        ([*fetched(timeUnit="SUMMARY"), *fetched(2)], ""),
        (fetched(last="2026-06-01", timeUnit="SUMMARY"), ""),
        (fetched(groupBy=["campaign", "adGroup"]), ""),
        (
            fetched(groupBy=["campaignPlacement"]),
            "the report is grouped by ['campaignPlacement'], without campaign",
        ),
        (
            fetched(filters=[{"field": "campaignStatus", "values": ["ENABLED"]}]),
            "the file is limited by state, without PAUSED",
        ),
        (fetched(filters=[{"field": "campaignStatus", "values": ["ENABLED", "PAUSED"]}]), ""),
        (fetched(filters=[{"field": "keywordType", "values": ["BROAD"]}]), ""),
    ],
)
def test_report_has_what_its_task_asks_for(rows, found):
    assert difference(REPORT, *rows) == found


def test_report_without_a_file_is_not_compared():
    assert judged([REPORT], *fetched(**NO_CLICKS)[:2]).outcome == "unproven"
    assert judged([task("reports", within=60)]).outcome == "unproven"


def exported(number, **body):
    name = f"E{number}"
    url = f"https://storage.example/{name}.json.gz"
    reply = {"status": "COMPLETED", "url": url}
    made = call("exports.campaigns.create", number, 202, request=body, reply={"exportId": name})
    return [
        made,
        call("exports.get", number, path=f"/exports/{name}", reply=reply),
        call("storage.get", number, path=f"/{name}.json.gz", profileId=None),
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (exported(1), ""),
        (exported(1, stateFilter=["ENABLED"]), "the file is limited by state, without PAUSED"),
        (exported(1, stateFilter=["ENABLED", "PAUSED"]), ""),
        ([*exported(1, stateFilter=["ENABLED"]), *exported(2, stateFilter=["PAUSED"])], ""),
        ([*exported(1, stateFilter=["ENABLED"]), *exported(2)], ""),
    ],
)
def test_export_has_all_live_entities(rows, found):
    assert difference(task("export", kind="campaigns"), *rows) == found


def test_export_that_asks_for_states_may_have_them_alone():
    one = task("export", kind="campaigns", filter={"stateFilter": ["ENABLED"]})

    assert difference(one, *exported(1, stateFilter=["ENABLED"])) == ""


def test_each_report_of_a_task_for_several_is_compared():
    one = task("reports", within=60, reports=[REPORT["args"]])

    found = judged([one], *fetched(**NO_CLICKS))

    assert found.sentence.endswith("the report has no column clicks")
    assert judged([one], *fetched()).numbers == {"compared": 1, "altered": 0}
