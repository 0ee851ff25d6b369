"""Lost files: days of reports and kinds of exports that no complete file has."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.journal import Ending
from tests.unit.harness.suite.journal_rows import call, record
from tests.unit.harness.suite.sample_report import MONTHS, create
from tests.unit.harness.suite.test_samples import verdict_of

KINDS = ("campaigns", "adGroups", "targets", "ads")
REPORT = {
    "verb": "report",
    "args": {
        "reportTypeId": "spCampaigns",
        "profile": "11",
        "startDate": "2026-04-02",
        "endDate": "2026-06-30",
    },
}
SYNC = {"verb": "sync_metadata", "args": {"profile": "11"}}


def fetched(at, poll, job, **more):
    """Return the last poll of a job and the download of its file."""
    url = f"https://files.test/{job}.gz?sig=1"
    reply = {"status": "COMPLETED", "url": url}
    return [
        call(poll, at, path=f"/jobs/{job}", chain=f"poll{job}", reply=reply),
        call("storage.get", at + 1, path=f"/{job}.gz", chain=f"file{job}", **more),
    ]


def report(at, first, last, status=200, **more):
    job = f"r{first}"
    made = create(at, status, first, last, reply={"reportId": job})
    return [made, *(fetched(at + 2, "reporting.get", job, **more) if status == 200 else [])]


def export(at, kind, **more):
    made = call(f"exports.{kind}.create", at, 202, reply={"exportId": kind}, chain=kind)
    return [made, *fetched(at + 2, "exports.get", kind, **more)]


def status_of(task, parts, ending=Ending()):  # noqa: B008 -- immutable
    rows = [row for part in parts for row in part]
    return verdict_of("I12.lost", record("I12", *rows, tasks=(task,), ending=ending))


def test_all_ranges_of_a_report_have_to_be_fetched():
    parts = [report(10 * at, *days) for at, days in enumerate(MONTHS)]

    assert status_of(REPORT, parts).status == "PASS"
    lost = status_of(REPORT, parts[:2])
    assert lost.status == "FAIL"
    assert "28 days of the report (2026-06-03 to 2026-06-30)" in lost.sentence


def test_range_that_was_requested_and_never_downloaded_is_lost():
    parts = [report(10 * at, *days) for at, days in enumerate(MONTHS)]
    parts[2] = parts[2][:2]

    assert status_of(REPORT, parts).status == "FAIL"
    assert status_of(REPORT, parts, Ending(exit_code=1)).status == "PASS"


@pytest.mark.parametrize(("kind", "status"), [("bad-gzip", "FAIL"), ("latency", "PASS")])
def test_corrupt_file_does_not_count(kind, status):
    parts = [report(10 * at, *days) for at, days in enumerate(MONTHS)]
    found = record("I12", *(row for part in parts for row in part), tasks=(REPORT,))
    fault = {"id": "f", "kind": kind, "point": "on_wire"}
    rows = (*found.rows[:-1], found.rows[-1] | {"fault": fault})

    assert verdict_of("I12.lost", replace(found, rows=rows)).status == status


def test_days_refused_as_too_old_are_not_lost_but_a_range_that_is_too_long_explains_nothing():
    parts = [report(10 * at, *days) for at, days in enumerate(MONTHS)]
    too_old = [report(0, *MONTHS[0], status=400), *parts[1:]]
    too_long = [report(0, MONTHS[0][0], MONTHS[2][1], status=400), *parts[1:]]

    assert status_of(REPORT, too_old).status == "PASS"
    assert status_of(REPORT, too_long).status == "FAIL"


def test_report_whose_creation_was_not_answered_counts_by_its_file():
    lost = create(1, 200, *MONTHS[0], committed=True, ended="reset", reply=None)
    parts = [report(10 * at, *days) for at, days in enumerate(MONTHS)]

    assert status_of(REPORT, [[lost], parts[0][1:], *parts[1:]]).status == "PASS"


def test_metadata_needs_every_kind_by_export_or_list():
    parts = [export(10 * at, kind) for at, kind in enumerate(KINDS)]
    listed = [call("sp.productAds.list", 99, reply={"productAds": []})]

    assert status_of(SYNC, parts).status == "PASS"
    assert status_of(SYNC, [*parts[:3], listed]).status == "PASS"
    lost = status_of(SYNC, parts[:3])
    assert lost.status == "FAIL"
    assert "lost export of ads:" in lost.sentence


def test_archiving_that_no_answer_confirms_is_lost():
    task = {
        "verb": "archive",
        "args": {"resource": "sp.campaigns", "profile": "11", "ids": ["7", "8"]},
    }
    done = call("sp.campaigns.archive", 1, 207, request={"campaignIdFilter": {"include": ["7"]}})

    found = verdict_of("I12.lost", record("I12", done, tasks=(task,)))
    assert (found.status, " lost the archiving of 8:" in found.sentence) == ("FAIL", True)
