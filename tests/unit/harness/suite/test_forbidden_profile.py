"""One forbidden profile: what shows that the work for the others goes on."""

import pytest

from adsmock.harness.suite.journal import Ending
from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.test_samples import verdict_of

CLOSED = met("closed")


def lists(*pairs):
    return tuple(
        {"verb": "list", "args": {"resource": resource, "profile": profile}}
        for resource, profile in pairs
    )


TWO = lists(("sp.campaigns", "11"), ("sp.campaigns", "22"))
FOUR = lists(
    ("sp.campaigns", "11"), ("sp.campaigns", "22"), ("sp.campaigns", "33"), ("sp.adGroups", "11")
)


@pytest.mark.parametrize(
    ("unsupported", "status"), [((), "FAIL"), ((2, 3), "PASS"), ((0, 2, 3), "UNPROVEN")]
)
def test_lists_that_an_adapter_does_not_support_are_not_missing(unsupported, status):
    closed = call("sp.campaigns.list", 2, 403, profileId="22", fault=CLOSED)
    claims = tuple({"task": n, "verb": "list", "status": "unsupported"} for n in unsupported)
    ending = Ending(claims=claims)
    found = record("A09", closed, call("sp.campaigns.list", 3), tasks=FOUR, ending=ending)

    assert verdict_of("A09.others", found).status == status


def test_lists_before_a_403_do_not_show_that_the_work_goes_on_after_it():
    closed = call("sp.campaigns.list", 2, 403, profileId="22", fault=CLOSED)
    found = record("A09", call("sp.campaigns.list", 1), closed, tasks=TWO)

    verdict = verdict_of("A09.others", found)

    assert verdict.status == "UNPROVEN"
    assert "do not work on the refused profile last" in verdict.sentence


@pytest.mark.parametrize(("took", "status"), [(0.5, "UNPROVEN"), (2.5, "PASS")])
def test_list_that_is_answered_after_the_403_shows_that_the_work_goes_on(took, status):
    """A program may send all lists at once."""
    closed = call("sp.campaigns.list", 1, 403, profileId="22", fault=CLOSED, took=1)
    found = record("A09", call("sp.campaigns.list", 1, took=took), closed, tasks=TWO)

    assert verdict_of("A09.others", found).status == status


def test_verdict_does_not_wait_for_a_fault_that_only_supports_the_tasks():
    """All faults of a case have to take effect, but for this one: the case slows other lists."""
    closed = call("sp.campaigns.list", 1, 403, profileId="22", fault=CLOSED)

    verdict = verdict_of("A09.others", record("A09", closed, tasks=TWO))

    assert verdict.status == "FAIL", verdict.sentence
