"""What a program with its own work did is counted from the journal, and missing work is named."""

import gzip

import pytest

from adsmock.loadtests import own_work
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.own_work import EMPTY, EMPTY_BYTES, OwnWorkCounter, described, missing, seen
from adsmock.loadtests.verdict import gaps
from tests.unit.loadtests.outcome import CALM, outcome, report


def row(operation, reply=None, status=200, items=None):
    return {"operation": operation, "status": status, "reply": reply, "items": items}


def count(*rows):
    counters = Counters()
    counter = OwnWorkCounter(counters)
    for each in rows:
        counter.count(each)
    return counters


def batch(done, failed=0, envelope="keywords"):
    rows = {"success": [{"index": n} for n in range(done)], "error": [{}] * failed}
    return {envelope: rows} if envelope else rows


def did(*rows):
    return {kind: times for kind, times in seen(count(*rows)).items() if times}


UPDATE = "sp.keywords.update"


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (row(UPDATE, batch(3, 1), 207), {"writes": 3}),
        (row(UPDATE, batch(0, 4), 207), {}),
        (row(UPDATE, batch(3), 429), {}),
        (row(UPDATE, None, 207, items=40), {"writes": 40}),
        (row("v1.campaigns.create", {"success": None, "error": [{}]}, 207), {}),
        (row("v1.campaigns.create", batch(2, envelope=""), 207), {"writes": 2}),
        (row("sd.campaigns.update", [{"code": "SUCCESS"}, {"code": "NOT_FOUND"}]), {"writes": 1}),
        (row("portfolios.create", {"portfolioId": 1}), {"writes": 1}),
        (row("sp.campaigns.list", {"campaigns": []}), {"reads": 1}),
        (row("profiles.list", []), {}),
        (row("profiles.update", []), {}),
        (row("lwa.token", {}), {}),
        (row("storage.get"), {}),
        (row(None, status=404), {}),
        (row("v1.reports.create", batch(2, envelope=""), 207), {"reports": 2}),
    ],
)
def test_only_work_that_took_effect_counts(entry, found):
    assert did(entry) == found


def job(family, status, size=None):
    member = {"exports": "exportId", "reporting": "reportId"}[family]
    return row(f"{family}.get", {member: "j1", "status": status, "fileSize": size})


ASKED = row("reporting.create", {"reportId": "j1", "status": "PENDING"})


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ((ASKED,), {}),
        ((ASKED, job("reporting", "PENDING")), {}),
        ((ASKED, job("reporting", "FAILED")), {}),
        ((ASKED, job("reporting", "COMPLETED", 900)), {"reports": 1}),
        ((job("reporting", "COMPLETED", 900),), {"reports": 1}),  # an earlier part created it
        ((ASKED, *[job("reporting", "COMPLETED", 900)] * 3), {"reports": 1}),
        ((ASKED, job("reporting", "COMPLETED", EMPTY_BYTES)), {EMPTY: 1}),
        (
            (row("exports.campaigns.create", {"exportId": "j1"}), job("exports", "COMPLETED", 22)),
            {"exports": 1},
        ),
    ],
)
def test_a_job_counts_once_when_it_is_completed(rows, found):
    assert did(*rows) == found


def test_a_long_run_forgets_the_oldest_of_its_jobs():
    counter = OwnWorkCounter(Counters())
    for number in range(own_work.RECENT + 5):
        reply = {"exportId": str(number), "status": "COMPLETED"}
        counter.count(row("exports.get", reply))
    assert len(counter._completed) == own_work.RECENT


def test_an_empty_file_is_shorter_than_any_row():
    assert len(gzip.compress(b"[]")) == EMPTY_BYTES < len(gzip.compress(b'[{"a":1}]'))


def own(counters, **members):
    seen = outcome(audited=180, died=0, **members)
    seen.counters.counts.update(counters.counts)
    return seen


def test_a_program_that_wrote_nothing_is_unproven():
    counters = count(*[row("sp.campaigns.list", {})] * 2, ASKED, job("reporting", "COMPLETED", 22))
    found = report(own(counters, expected=own_work.EXPECTED))
    assert found.status == "incomplete"
    (gap,) = found.gaps
    assert gap == (
        "writes are unproven: the program had none that took effect; it did 0 written items, "
        "2 reads, 0 exports, 0 reports and 1 without a row. Give it something to do, or name its "
        "work: --expect reads"
    )


def test_a_program_whose_work_is_named_needs_no_other():
    counters = count(row("sp.campaigns.list", {}))
    assert report(own(counters, expected=("reads",))).status == "within"
    assert report(own(count(row(UPDATE, batch(1))), expected=own_work.EXPECTED)).status == "within"


def test_an_expected_report_without_rows_is_unproven():
    counters = count(row("sp.campaigns.list", {}), ASKED, job("reporting", "COMPLETED", 22))
    (gap,) = missing(counters, ("reads", "reports"))
    assert gap.startswith(
        "reports are unproven: the program had none that took effect (1 without a row)"
    )


def test_a_program_that_did_none_of_the_work_rehearsed_nothing():
    (gap,) = gaps(own(count(row("lwa.token", {})), expected=("reads",)))
    assert gap.startswith("the program did none of the event's work")


def test_users_that_got_their_work_need_none_of_their_own():
    assert gaps(outcome()) == []
    assert report(outcome(), CALM).document()["own_work"] == {}


def test_the_report_says_what_the_program_did():
    counters = count(row(UPDATE, batch(1200)), ASKED, job("reporting", "COMPLETED", 900))
    assert described(counters) == "1200 written items, 0 reads, 0 exports, 1 report"
    assert report(own(counters)).document()["own_work"] == {
        "writes": 1200,
        "reads": 0,
        "exports": 0,
        "reports": 1,
        EMPTY: 0,
    }
