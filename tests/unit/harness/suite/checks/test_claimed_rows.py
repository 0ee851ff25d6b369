"""The rows that a client reports for exports and reports, compared with those of its files."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import Ending
from adsmock.harness.suite.judge import judge_case
from tests.unit.harness.suite.journal_rows import HOME, call, met, record

NA = HOME["NA"]
COLUMNS = ["campaignId", "cost"]
DAYS = {"startDate": "2026-04-01", "endDate": "2026-05-31"}


def export_task(**args):
    return {"verb": "export", "args": {"kind": "campaigns", "profile": NA, **args}}


def report_task(unit="DAILY", **args):
    asked = {"reportTypeId": "spCampaigns", "columns": COLUMNS, "groupBy": ["campaign"], **DAYS}
    return {"verb": "report", "args": {"profile": NA, **asked, "timeUnit": unit, **args}}


def job(name, at, rows, family="exports", request=None, **more):
    """Return the rows of a job: its creation, its status and its download."""
    operation = "exports.campaigns.create" if family == "exports" else "reporting.create"
    member = "exportId" if family == "exports" else "reportId"
    looked, file = f"/{family}/{name}", f"/files/{name}.json.gz"
    return [
        call(operation, at, request=request or {}, reply={member: name}),
        call(f"{family}.get", at + 1, path=looked, reply={"url": f"http://storage{file}?x=1"}),
        call("storage.get", at + 2, profileId=None, path=file, rows=rows, **more),
    ]


def report(name, at, rows, first, last, **more):
    own = {"reportTypeId": "spCampaigns", "columns": COLUMNS, "groupBy": ["campaign"]}
    settings = own | {"timeUnit": "DAILY"} | more
    request = {"startDate": first, "endDate": last, "configuration": settings}
    return job(name, at, rows, "reporting", request)


def april(rows, **more):
    return report("r1", 1, rows, "2026-04-01", "2026-04-30", **more)


def may(rows, **more):
    return report("r2", 5, rows, "2026-05-01", "2026-05-31", **more)


def verdict(done, rows, *tasks, status="done", case="A01"):
    claim = {"task": 0, "verb": tasks[0]["verb"], "status": status, "done": done}
    found = record(case, *rows, tasks=tasks, ending=Ending(claims=(claim,)))
    verdicts = judge_case(load()[case], found, 0).verdicts
    return next(each for each in verdicts if each.check == "x.claim")


WHOLE = report("r1", 1, 60, DAYS["startDate"], DAYS["endDate"])
STATES = [{"field": "campaignStatus", "values": ["PAUSED"]}, {"field": "adType", "values": ["SB"]}]
SUMMARY = {"timeUnit": "SUMMARY"}
FILTER = {"stateFilter": ["ENABLED"]}

FALSE = {
    "half of an export": (10, job("e1", 1, 20), export_task()),
    "half of a filtered export": (10, job("e1", 1, 20, request=FILTER), export_task(filter=FILTER)),
    "more than the export has": (40, job("e1", 1, 20), export_task()),
    "half of one of two exports": (
        10,
        job("e1", 1, 20) + job("e2", 5, 24),
        export_task(),
        export_task(),
    ),
    "half of an export without a body": (
        10,
        [each | {"request": None} for each in job("e1", 1, 20)],
        export_task(),
    ),
    "the number of files, for one export": (
        2,
        job("e1", 1, 20) + job("e2", 5, 24),
        export_task(),
    ),
    "half of the report of all days": (30, WHOLE, report_task()),
    "half of a report with two filters": (
        30,
        april(60, filters=STATES),
        report_task(filters=STATES),
    ),
    "the first report only": (60, april(60) + may(62), report_task()),
    "half of a report with its columns in another order": (
        30,
        april(60, columns=COLUMNS[::-1]),
        report_task(),
    ),
    "half of a report, next to a task of another profile": (
        60,
        april(60) + may(62),
        report_task(),
        report_task(profile=HOME["EU"]),
    ),
    "fewer than each summary": (
        30,
        april(60, **SUMMARY) + may(62, **SUMMARY),
        report_task("SUMMARY"),
    ),
    "a day of two files twice": (
        124,
        april(60) + report("r2", 5, 64, "2026-04-30", "2026-05-31"),
        report_task(),
    ),
    "half of a report that was read twice": (
        30,
        april(60) + report("r3", 5, 60, "2026-04-01", "2026-04-30"),
        report_task(),
    ),
}

TRUE = {
    "all rows of an export": (20, job("e1", 1, 20), export_task()),
    "no count": (0, job("e1", 1, 20), export_task()),
    "the number of files": (1, job("e1", 1, 20), export_task()),
    "rows of either file": (20, job("e1", 1, 20) + job("e2", 5, 24), export_task()),
    "filtered by the client": (10, job("e1", 1, 20), export_task(filter=FILTER)),
    "a file that the mock did not count": (10, job("e1", 1, None), export_task()),
    "another profile's file": (
        10,
        [each | {"profileId": HOME["EU"]} for each in job("e1", 1, 20)],
        export_task(),
    ),
    "a creation with a lost answer": (
        10,
        job("e1", 1, 20)
        + [each | {"reply": {}} for each in job("e2", 5, 10)[:1]]
        + job("e2", 6, 10)[1:],
        export_task(),
    ),
    "all rows of two reports": (122, april(60) + may(62), report_task()),
    "each day of two files once": (
        122,
        april(60) + report("r2", 5, 64, "2026-04-30", "2026-05-31"),
        report_task(),
    ),
    "two files with a day in common, and days without rows": (
        124,
        april(61) + report("r2", 5, 63, "2026-04-30", "2026-05-31"),
        report_task(),
    ),
    "the same columns in another order": (
        60,
        april(60, columns=COLUMNS[::-1]),
        report_task(endDate="2026-04-30"),
    ),
    "the number of reports": (2, april(60) + may(62), report_task()),
    "summaries added up": (62, april(60, **SUMMARY) + may(62, **SUMMARY), report_task("SUMMARY")),
    "a summary of daily rows": (2, april(60), report_task("SUMMARY")),
    "other columns": (40, april(60, columns=["date"]), report_task()),
    "days that no task names": (
        40,
        report("r1", 1, 60, "2026-03-25", "2026-04-20"),
        report_task(),
    ),
    "the report of another task": (60, april(60) + may(62), report_task(), report_task()),
    "the report of a task for several": (
        60,
        april(60) + may(62),
        report_task(),
        {"verb": "reports", "args": {"reports": []}},
    ),
    "a report of another type": (30, april(60, reportTypeId="spTargeting"), report_task()),
    "summaries with a day in common": (
        124,
        april(60, **SUMMARY) + report("r2", 5, 64, "2026-04-30", "2026-05-31", **SUMMARY),
        report_task("SUMMARY"),
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_rows_that_no_file_explains_fail(name):
    done, rows, *tasks = FALSE[name]

    found = verdict(done, rows, *tasks)

    assert (found.status, found.severity) == ("FAIL", "MUST")
    assert f"it reports {done} rows and {files(rows)} had " in found.sentence


def files(rows):
    number = sum(each["operation"] == "storage.get" for each in rows)
    return f"{number} file" if number == 1 else f"{number} files"


@pytest.mark.parametrize("name", TRUE)
def test_rows_that_a_file_explains_pass(name):
    done, rows, *tasks = TRUE[name]

    assert verdict(done, rows, *tasks).status == "PASS"


def test_a_partial_reading_may_have_fewer_rows_and_not_more():
    assert verdict(10, job("e1", 1, 20), export_task(), status="partial").status == "PASS"
    assert verdict(40, job("e1", 1, 20), export_task(), status="partial").status == "FAIL"


def test_a_download_that_was_cut_does_not_count():
    cut = job("e1", 1, 9, ended="cut")

    assert verdict(20, [*cut, job("e1", 4, 20)[2]], export_task()).status == "PASS"
    assert verdict(9, [*cut, job("e1", 4, 20)[2]], export_task()).status == "FAIL"


def test_the_sentence_gives_the_rows_of_the_files():
    more, day_twice = FALSE["more than the export has"], FALSE["a day of two files twice"]

    assert "1 file had 20 rows" in verdict(more[0], *more[1:]).sentence
    words = "2 files had 122 rows without those of days that two files have"
    assert words in verdict(day_twice[0], *day_twice[1:]).sentence


@pytest.mark.parametrize(
    "useless", [{"status": 403}, {"fault": met("revoked-early", "bad-gzip")}, {"ended": "cut"}]
)
def test_a_useless_download_does_not_replace_a_complete_one(useless):
    *rows, whole = job("e1", 1, 20)
    after = [*rows, whole, whole | {"rows": 9} | useless]

    assert verdict(20, after, export_task(), case="A03").status == "PASS"
    assert verdict(9, after, export_task(), case="A03").status == "FAIL"
