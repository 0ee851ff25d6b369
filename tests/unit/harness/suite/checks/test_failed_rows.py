"""Throttled rows of updates and archivings: sent again, reported, or ignored."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.checks.failed_rows import failed_rows_are_read
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.journal_rows import batch, call, outcomes, record
from tests.unit.harness.suite.sample_write import b08, b09

SAMPLES = {"update": b08()["FAIL"], "archive": b09()["FAIL"]}
PARTLY = {"task": 0, "verb": "update", "status": "partial", "done": 1, "failed": 1}


def judged(name, **ending):
    return failed_rows_are_read(CaseView.of(replace(SAMPLES[name], ending=Ending(**ending))))


def test_ignored_rows_are_named_with_their_operation():
    assert judged("archive").sentence == (
        "1 of 1 throttled entity of sp.keywords.archive neither sent again nor reported as failed: "
        '"8"'
    )
    assert judged("update").sentence.endswith('reported as failed: "2"')


@pytest.mark.parametrize("ending", [{"exit_code": 1}, {"claims": (PARTLY,)}])
def test_reported_failure_holds_without_another_attempt(ending):
    assert judged("update", **ending).outcome == "holds"


@pytest.mark.parametrize("ending", [{"exit_code": 0}, {"exit_code": 1, "timed_out": True}])
def test_success_and_a_stop_report_nothing(ending):
    assert judged("update", **ending).outcome == "broken"


def test_one_ad_group_of_a_campaign_does_not_stand_for_another():
    groups = [{"campaignId": "7", "adGroupId": one, "state": "PAUSED"} for one in ("8", "9")]

    def update(at, items, reply):
        return call("sp.adGroups.update", at, 207, request=batch("adGroups", *items), reply=reply)

    throttled = update(1, groups, outcomes("adGroups", {0: "8"}, {1: "throttledError"}))
    other, same = (update(2, [each], outcomes("adGroups", {0: "x"})) for each in groups)

    def outcome_after(later):
        return failed_rows_are_read(CaseView.of(record("B08", throttled, later))).outcome

    assert (outcome_after(other), outcome_after(same)) == ("broken", "holds")
