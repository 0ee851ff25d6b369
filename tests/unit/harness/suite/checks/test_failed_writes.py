"""Updates and archivings that fail without being stored: repeated, reported, or forgotten."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.checks.failed_writes import failed_writes_are_settled
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.journal_rows import batch, call, outcomes, record
from tests.unit.harness.suite.sample_write import e10, e11

SAMPLES = {"update": e10(), "archive": e11()}
TASKS = tuple(
    {"verb": "update", "args": {"resource": "sp.keywords", "profile": profile, "items": []}}
    for profile in ("11", "12")
)
UPDATE = "sp.keywords.update"


def finding(found, **more):
    return failed_writes_are_settled(CaseView.of(replace(found, **more)))


def judged(verb, **ending):
    return finding(SAMPLES[verb]["FAIL"], ending=Ending(**ending))


def claimed(first, second):
    """Return the finding on an update for the first task, with these claims."""
    both = enumerate((first, second))
    claims = tuple({"task": n, "verb": "update", "status": status} for n, status in both)
    return finding(SAMPLES["update"]["FAIL"], tasks=TASKS, ending=Ending(claims=claims))


def updated(at, *names, status=207, **more):
    sent = batch("keywords", *({"keywordId": name, "bid": 0.7} for name in names))
    return call(UPDATE, at, status, request=sent, **more)


@pytest.mark.parametrize("verb", SAMPLES)
def test_forgotten_entities_are_named_with_their_operation(verb):
    assert judged(verb, exit_code=0).sentence == (
        f"1 of 3 entities in failed calls of sp.keywords.{verb} neither written later nor "
        'reported as failed: "3"; the last answer was 503'
    )


@pytest.mark.parametrize("verb", SAMPLES)
def test_exit_code_reports_the_failure(verb):
    assert judged(verb, exit_code=1).outcome == "holds"


def test_program_that_the_suite_stopped_is_not_judged():
    assert judged("update", exit_code=1, timed_out=True).outcome == "inconclusive"


def test_claim_of_the_same_task_reports_the_failure():
    assert claimed("failed", "done").outcome == "holds"


def test_claim_of_another_task_does_not_report_it():
    assert claimed("done", "failed").outcome == "broken"


@pytest.mark.parametrize(("status", "outcome"), [("done", "broken"), ("failed", "holds")])
def test_failed_modification_is_reported_by_the_claim_of_its_task(status, outcome):
    args = {"resource": "sp.keywords", "profile": "11", "set": {"bid": 0.7}}
    tasks = (*TASKS[1:], {"verb": "modify", "args": args})
    claims = (
        {"task": 0, "verb": "update", "status": "failed"},
        {"task": 1, "verb": "modify", "status": status},
    )
    found = record("E10", updated(0, "1", status=503, reply=None))

    assert finding(found, tasks=tasks, ending=Ending(claims=claims)).outcome == outcome


def test_entities_may_succeed_in_other_batches():
    rows = (
        updated(0, "1", "2", status=503, reply=None),
        updated(2, "1", reply=outcomes("keywords", {0: "1"})),
        updated(3, "2", reply=outcomes("keywords", {0: "2"})),
    )
    assert finding(record("E10", *rows)).outcome == "holds"
    assert finding(record("E10", *rows[:2])).numbers["left"] == 1


def test_throttled_row_does_not_settle_an_entity():
    failed = updated(0, "1", status=503, reply=None)
    rows = outcomes("keywords", {}, {0: "throttledError"})
    assert finding(record("E10", failed, updated(2, "1", reply=rows))).outcome == "broken"


def test_refusal_for_good_settles_an_entity():
    failed = updated(0, "1", status=503, reply=None)
    assert finding(record("E10", failed, updated(2, "1", status=400))).outcome == "holds"


def test_stored_call_without_an_answer_is_no_failure():
    lost = updated(0, "1", status=500, reply=None, committed=True)
    assert finding(record("E10", lost)).outcome == "unproven"


def test_entity_is_the_same_in_a_call_without_a_profile():
    refused = updated(0, "1", status=401, reply=None, profileId=None)
    done = updated(2, "1", reply=outcomes("keywords", {0: "1"}))
    assert finding(record("E10", refused, done)).outcome == "holds"
