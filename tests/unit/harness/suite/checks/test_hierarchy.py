"""The parents of entities with equal names, in different campaigns."""

import pytest

from adsmock.harness.suite.checks.hierarchy import children_are_below_their_own_parent
from adsmock.harness.suite.journal import CaseView
from tests.unit.harness.suite.checks.test_lost_work import task
from tests.unit.harness.suite.journal_rows import batch, call, outcomes, record

TREES = task(
    "create_tree", campaigns=[{"name": name, "adGroups": [{"name": "G"}]} for name in ("A", "B")]
)
OTHER = task("create", resource="sp.campaigns", items=[{"name": "C"}])


def created(envelope, at, *items):
    ids = {place: f"{envelope}-{item['name']}" for place, item in enumerate(items)}
    sent = {"request": batch(envelope, *items), "reply": outcomes(envelope, ids)}
    return call(f"sp.{envelope}.create", at, 207, **sent)


CAMPAIGNS = created("campaigns", 1, *({"name": name} for name in "ABC"))


@pytest.mark.parametrize(
    ("parents", "outcome"), [("AB", "holds"), ("BA", "holds"), ("AC", "broken"), ("CB", "broken")]
)
def test_groups_of_one_name_may_be_below_either_campaign_of_their_tasks(parents, outcome):
    groups = [{"name": "G", "campaignId": f"campaigns-{parent}"} for parent in parents]
    found = record("C01", CAMPAIGNS, created("adGroups", 2, *groups), tasks=(TREES, OTHER))

    assert children_are_below_their_own_parent(CaseView.of(found)).outcome == outcome
