"""Reports: cut to the range, ids kept, duplicates followed, pending ones taken back."""

import re
from itertools import pairwise

import pytest

from adsmock.harness.client.errors import JobFailed, JobTimedOut, Misuse, Refused
from tests.unit.harness.client.fake_service import (
    NA,
    ClientFixture,
    json_reply,
    lose_answer,
    throttled,
)

REPORTS = "/reporting/reports"
FIRST, OTHER = "8c30e3bf-c635-4254-ac00-fde1ea0879de", "1a20e3bf-c635-4254-ac00-fde1ea0879de"
DAY = 86_400
WISH = {
    "reportTypeId": "spCampaigns",
    "startDate": "2026-06-01",
    "endDate": "2026-06-14",
    "columns": ["campaignId", "clicks"],
    "groupBy": ["campaign"],
    "timeUnit": "SUMMARY",
}


def report_status(status, report=FIRST, **more):
    return json_reply(200, {"reportId": report, "status": status} | more)


DONE = {"url": "http://storage.test/file/1"}


def fixture(*looks, creates=(), report=FIRST):
    made = ClientFixture()
    made.plan(REPORTS, *(creates or [report_status("PENDING", report)]))
    made.plan(f"{REPORTS}/{report}", *(looks or [report_status("COMPLETED", report, **DONE)]))
    return made


def asked(made):
    return [(sent.body["startDate"], sent.body["endDate"]) for sent in made.service.to(REPORTS)]


def test_report_is_asked_for_by_its_version_and_brings_rows():
    made = fixture(
        report_status("PENDING"), report_status("PROCESSING"), report_status("COMPLETED", **DONE)
    )

    assert made.client.report(NA, WISH) == [{"campaignId": "1"}]
    (create,) = made.service.to(REPORTS)
    assert create.headers["Content-Type"] == "application/vnd.createasyncreportrequest.v3+json"
    assert create.body["configuration"]["adProduct"] == "SPONSORED_PRODUCTS"
    at = [sent.at for sent in made.service.to(FIRST)]
    gaps = [after - before for before, after in pairwise(at)]
    assert len(at) == 3
    assert 5 <= gaps[0] < gaps[1]


def test_long_range_is_cut_to_thirty_one_days_without_holes():
    made = ClientFixture()
    made.plan(REPORTS, *(report_status("PENDING") for _ in range(3)))
    made.plan(f"{REPORTS}/{FIRST}", *(report_status("COMPLETED", **DONE) for _ in range(3)))

    rows = made.client.report(NA, WISH | {"startDate": "2026-04-02", "endDate": "2026-06-30"})

    assert asked(made) == [
        ("2026-04-02", "2026-05-02"),
        ("2026-05-03", "2026-06-02"),
        ("2026-06-03", "2026-06-30"),
    ]
    assert len(rows) == 3


def duplicate(report=FIRST):
    text = f"The Request is a duplicate of : {report}"
    return json_reply(425, {"code": "425", "detail": text})


def test_duplicate_leads_to_the_report_that_it_names():
    made = fixture(creates=[duplicate()])

    assert made.client.report(NA, WISH) == [{"campaignId": "1"}]
    assert len(made.service.to(REPORTS)) == 1


def test_lost_answer_of_a_create_ends_at_the_report_that_was_made():
    made = fixture(creates=[lose_answer_of_report, duplicate()])

    assert made.client.report(NA, WISH) == [{"campaignId": "1"}]
    assert len(made.service.to(REPORTS)) == 2


def lose_answer_of_report(_):
    return lose_answer()(lambda: None)


def test_duplicate_that_names_nothing_is_a_refusal():
    made = fixture(creates=[json_reply(425, {"code": "425", "detail": "Too Early"})])

    with pytest.raises(Refused, match="425"):
        made.client.report(NA, WISH)


def test_throttled_create_waits_longer_than_other_calls():
    made = fixture(creates=[throttled(), report_status("PENDING")])
    made.client.report(NA, WISH)
    first, second = made.service.to(REPORTS)

    assert 4 <= second.at - first.at <= 8


def test_dead_address_is_replaced_without_a_new_report():
    made = fixture(
        *(report_status("COMPLETED", url=f"http://storage.test/file/{n}") for n in (1, 2))
    )
    made.plan("/file/1", json_reply(403, {}))

    assert made.client.report(NA, WISH) == [{"campaignId": "1"}]
    assert len(made.service.to(REPORTS)) == 1
    assert len(made.service.to("/file/2")) == 1


def test_failed_report_is_requested_again_once_after_a_pause():
    failed = [report_status("FAILED", failureReason="broken") for _ in range(2)]
    made = fixture(*failed, creates=[report_status("PENDING"), report_status("PENDING")])

    with pytest.raises(JobFailed, match="broken"):
        made.client.report(NA, WISH)
    first, second = made.service.to(REPORTS)
    assert second.at - first.at >= 300
    assert len(made.service.to(FIRST)) == 2


def test_pending_report_is_taken_back_when_patience_ends():
    made = ClientFixture()
    made.plan(REPORTS, report_status("PENDING"))
    made.plan(f"{REPORTS}/{FIRST}", *(report_status("PENDING") for _ in range(500)))

    with pytest.raises(JobTimedOut):
        made.client.report(NA, WISH)

    last = made.service.to(FIRST)[-1]
    assert last.method == "DELETE"
    assert last.at - made.service.to(REPORTS)[0].at <= 3 * 3600


def test_report_under_way_is_not_taken_back():
    made = ClientFixture()
    made.plan(REPORTS, report_status("PENDING"))
    made.plan(f"{REPORTS}/{FIRST}", *(report_status("PROCESSING") for _ in range(500)))

    with pytest.raises(JobTimedOut):
        made.client.report(NA, WISH)

    assert {sent.method for sent in made.service.to(FIRST)} == {"GET"}


def test_same_wish_within_half_a_day_reads_the_same_report_again():
    looks = [report_status("COMPLETED", **DONE) for _ in range(3)]
    made = fixture(*looks, creates=[report_status("PENDING"), report_status("PENDING")])
    made.client.report(NA, WISH)
    made.client.report(NA, WISH)
    assert len(made.service.to(REPORTS)) == 1

    made.clock.sleep(DAY / 2)
    made.client.report(NA, WISH)

    assert len(made.service.to(REPORTS)) == 2


def test_names_come_from_exports_and_not_from_the_report():
    made = fixture()
    made.service.records = [{"campaignId": "1", "adGroupId": "2", "name": "Shoes"}]
    wish = WISH | {"columns": ["campaignId", "campaignName", "clicks"], "names": True}

    rows = made.client.report(NA, wish)

    assert rows[0]["campaignName"] == "Shoes"
    (create,) = made.service.to(REPORTS)
    assert create.body["configuration"]["columns"] == ["campaignId", "clicks"]


@pytest.mark.parametrize(
    "change",
    [
        {"reportTypeId": "spNothing"},
        {"startDate": "June"},
        {"startDate": "2026-06-15"},
    ],
)
def test_wish_that_cannot_be_sent_is_a_misuse(change):
    made = ClientFixture()

    with pytest.raises(Misuse):
        made.client.report(NA, WISH | change)
    assert made.service.to(REPORTS) == []


def test_id_is_read_from_the_words_of_a_duplicate():
    made = fixture(creates=[duplicate(OTHER)], report=OTHER)

    assert made.client.report(NA, WISH) == [{"campaignId": "1"}]
    assert re.search(OTHER, made.service.to(OTHER)[0].url)
