"""Fields that no task names: as they were read or written last."""

import pytest

from adsmock.harness.suite.checks.other_fields import other_fields_are_unchanged
from adsmock.harness.suite.journal import CaseView
from tests.unit.harness.suite.checks.test_altered_work import PAUSES, listed, updated
from tests.unit.harness.suite.checks.test_lost_work import task
from tests.unit.harness.suite.journal_rows import outcomes, record

FIRST = {"campaignId": "7", "name": "Old", "state": "ENABLED", "budget": {"budget": 20, "x": 1}}
RENAMES = task("update", resource="sp.campaigns", items=[{"campaignId": "7", "name": "New"}])


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([{"name": "New"}, {"state": "PAUSED"}], "holds"),
        ([{"name": "New"}, {"state": "PAUSED", "name": "New"}], "holds"),
        ([{"name": "New"}, {"state": "PAUSED", "name": "Old"}], "broken"),
        ([{"name": "New", "state": "ENABLED"}, {"state": "PAUSED"}], "holds"),
        ([{"name": "New"}, {"state": "ARCHIVED"}], "broken"),
        ([{"name": "New"}, {"state": "PAUSED", "budget": {"budget": 20}}], "holds"),
        ([{"name": "New"}, {"state": "PAUSED", "budget": {"budget": 21}}], "broken"),
        ([{"name": "New"}, {"state": "PAUSED", "endDate": None}], "broken"),
        ([{"name": "New"}, {"state": "PAUSED", "name": None, "startDate": None}], "holds"),
        ([{"name": "New", "tags": None}, {"state": "PAUSED", "name": "New"}], "holds"),
        ([{"name": "New"}, {"state": "PAUSED", "budget": None}], "broken"),
    ],
)
def test_fields_that_no_task_names_are_sent_as_they_are(rows, outcome):
    calls = [
        updated({"campaignId": "7", **item}, at=at, committed=True)
        for at, item in enumerate(rows, 2)
    ]
    found = record("D05", listed(FIRST), *calls, tasks=(RENAMES, PAUSES))

    assert other_fields_are_unchanged(CaseView.of(found)).outcome == outcome


def test_refused_update_leaves_a_field_as_it_was():
    refusal = outcomes("campaigns", {}, {0: "throttledError"})
    first = updated({"campaignId": "7", "name": "New"}, committed=True, reply=refusal)
    second = updated({"campaignId": "7", "name": "Old", "state": "PAUSED"}, at=3)
    found = record("D05", listed(FIRST), first, second, tasks=(RENAMES, PAUSES))

    assert other_fields_are_unchanged(CaseView.of(found)).outcome == "holds"


def test_modification_counts_only_for_the_ids_of_its_filter():
    strange = updated({"campaignId": "8", "state": "PAUSED"})
    found = record("D05", strange, tasks=(RENAMES, PAUSES))

    assert other_fields_are_unchanged(CaseView.of(found)).outcome == "broken"
