"""The least calls of a rehearsal are those that estimate and audit calculate."""

from math import ceil

import pytest

from adsmock.contracts.loader import load
from adsmock.harness.volume import call_model
from adsmock.harness.volume.audit import AuditedCall, audit
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.optimum import least, made, minimum_calls
from adsmock.loadtests.roles import ROLES, exporter, reporter

CONTRACTS = load()


def most(resource):
    return CONTRACTS.by_name[resource].batch_maximum


@pytest.mark.parametrize("items", [1, 7, 400, 2500])
def test_minimum_equals_that_of_estimate_and_audit(items):
    bids = call_model.batches(items, most("sp.keywords"))
    assert least("optimizer", items) == bids
    parts = ROLES["builder"].entities
    resources = ("sp.campaigns", "sp.adGroups", "sp.productAds", "sp.keywords")
    levels = zip(parts.values(), (*resources, "sp.negativeKeywords"), strict=True)
    assert least("builder", items) == sum(
        call_model.batches(items * each, most(resource)) for each, resource in levels
    )
    assert least("reader", items) == 1
    jobs = {
        "exporter": call_model.job(exporter.SECONDS, call_model.EXPORT_POLLING),
        "reporter": call_model.job(reporter.SECONDS, call_model.REPORT_POLLING),
    }
    assert {name: least(name, items) for name in jobs} == {
        name: job.total for name, job in jobs.items()
    }


def test_an_audit_of_the_same_batches_finds_as_many_calls_needed():
    items = 2500
    size = most("sp.keywords")
    seen = [
        AuditedCall(
            line=number + 1,
            at=float(number),
            region="NA",
            client="c",
            profile="1",
            operation="sp.keywords.update",
            chain=str(number),
            path="/sp/keywords",
            status=207,
            items=100,
            ended="complete",
            request={"keywords": [{"keywordId": f"{number}.{each}"} for each in range(100)]},
            row=CONTRACTS.operations["sp.keywords.update"],
        )
        for number in range(items // 100)
    ]
    assert audit(seen, CONTRACTS).optimum == least("optimizer", items) == ceil(items / size)


def test_each_stretch_in_which_work_arrives_needs_its_calls_and_the_run_one_token():
    counters = Counters()
    counters.called(0, "NA", "sp.keywords.update", 207, 5.0)
    assert minimum_calls(counters) == 1
    for profile in ("1", "2"):
        for window in range(3):
            counters.add("window", "optimizer", profile, window, times=5)
    counters.add("work", "optimizer", "arrived", times=30)
    counters.add("work", "optimizer", "done", times=30)
    for _each in range(9):
        counters.called(0, "NA", "sp.keywords.update", 207, 5.0)
    assert minimum_calls(counters) == 1 + 6
    counters.close_windows({"optimizer": 2})
    assert minimum_calls(counters) == 1 + 6
    assert dict(counters.of("gathered")) == {("optimizer", 5): 4}
    assert len(list(counters.of("window"))) == 2


def test_work_that_was_done_with_fewer_calls_needs_no_more():
    counters = Counters()
    for window in range(5):
        counters.add("window", "optimizer", "1", window, times=5)
    counters.add("work", "optimizer", "arrived", times=25)
    counters.add("work", "optimizer", "done", times=25)
    for _each in range(3):
        counters.called(0, "NA", "sp.keywords.update", 207, 5.0)
    assert minimum_calls(counters) == 3


def test_work_that_was_left_undone_needs_no_calls():
    counters = Counters()
    counters.add("window", "exporter", "1", 0, times=4)
    counters.add("work", "exporter", "arrived", times=4)
    counters.called(0, "NA", "exports.get", 503, 5.0)
    counters.called(0, "NA", "exports.get", 503, 5.0)
    assert minimum_calls(counters) == 1  # a token
    counters.add("work", "exporter", "done", times=2)
    assert minimum_calls(counters) == 2  # and one of two


def test_downloads_have_no_quota_and_do_not_count():
    counters = Counters()
    counters.called(0, "NA", "storage.get", 200, 5.0)
    counters.called(0, "NA", "exports.get", 429, 5.0)
    assert made(counters) == 1


def test_a_resumed_part_needs_no_more_calls_than_for_the_work_that_arrived_in_it():
    counters = Counters()
    counters.add("window", "optimizer", "1", 0, times=10)
    counters.add("work", "optimizer", "arrived", times=10)
    counters.add("work", "optimizer", "done", times=40)
    for _each in range(20):
        counters.called(1, "NA", "sp.keywords.update", 207, 5.0)
    assert minimum_calls(counters) == 2  # a token and a batch
