"""What a passed test reports about the tasks of its case."""

from adsmock.harness.plugin.reported import with_reports
from adsmock.harness.suite.case import load
from adsmock.harness.suite.invariants import judge_invariants
from tests.unit.harness.suite.journal_rows import batch, call, outcomes, record

CREATE = {
    "verb": "create",
    "args": {"resource": "sp.campaigns", "profile": "11", "items": [{"name": "A"}, {"name": "B"}]},
}
LIST = {"verb": "list", "args": {"resource": "sp.adGroups", "profile": "11"}}


def written(error):
    return call(
        "sp.campaigns.create",
        0,
        207,
        request=batch("campaigns", {"name": "A"}, {"name": "B"}),
        reply=outcomes("campaigns", {0: "1"}, {1: error}),
    )


def lost_work(*rows, tasks):
    created = {"11": {"sp.campaigns": [{"name": "A"}]}}
    found = with_reports(record("I12", *rows, tasks=tasks, created=created))
    verdicts = [one for case in judge_invariants([found], load()) for one in case.verdicts]
    return next(one.status for one in verdicts if one.check == "I12.lost")


def test_item_that_may_be_sent_again_is_reported_as_done():
    found = with_reports(record("I12", written("throttledError"), tasks=(CREATE,)))

    assert found.ending.claims == (
        {"task": 0, "verb": "create", "status": "partial", "done": 2, "failed": 0},
    )


def test_lost_item_breaks_an_invariant_and_one_refused_for_good_does_not():
    assert lost_work(written("throttledError"), tasks=(CREATE,)) == "FAIL"
    assert lost_work(written("rangeError"), tasks=(CREATE,)) == "PASS"


def test_task_that_a_test_leaves_out_is_not_lost_but_a_list_that_it_began_is():
    first = call("sp.adGroups.list", 1, reply={"adGroups": [], "nextToken": "a"})

    assert lost_work(written("rangeError"), tasks=(CREATE, LIST)) == "PASS"
    assert lost_work(written("rangeError"), first, tasks=(CREATE, LIST)) == "FAIL"
