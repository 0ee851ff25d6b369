"""Spoiled downloads: each counts for its own job, and a reported failure is no lost work."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.journal import Ending
from tests.unit.harness.suite.journal_rows import record
from tests.unit.harness.suite.sample_network import OTHER, SPOILED, fetched, finished, made
from tests.unit.harness.suite.test_samples import verdict_of

DONE = {"task": 1, "verb": "export", "status": "done"}
FAILED = {"task": 0, "verb": "export", "status": "failed"}


def whole(*rows, **ending):
    return verdict_of("N04.whole", record("N04", *rows, ending=Ending(**ending)))


def test_good_file_of_another_job_does_not_replace_a_corrupt_one():
    verdict = whole(*SPOILED, *OTHER)

    assert verdict.status == "FAIL"
    assert verdict.sentence == (
        "the file of 1 job was short or corrupt and never downloaded completely, but the client "
        "did not report this work as failed"
    )
    assert [row.seq for row in verdict.rows] == [4]


def test_new_job_for_the_same_task_replaces_a_corrupt_one():
    again = [made(20, "e3"), finished(25, "e3"), fetched(26, "e3")]

    assert whole(*SPOILED, *again, *OTHER).status == "PASS"


@pytest.mark.parametrize(("files", "status"), [(1, "PASS"), (2, "FAIL")])
def test_free_run_needs_as_many_files_as_without_faults(files, status):
    found = record("N04", *SPOILED, *OTHER, ending=Ending(exit_code=0))
    free = replace(found, tasks=(), numbers={"N04.whole": {"files": files}})

    assert verdict_of("N04.whole", free).status == status


def test_one_job_may_serve_both_tasks():
    assert whole(*SPOILED, fetched(8, "e1")).status == "PASS"


@pytest.mark.parametrize(("claims", "status"), [((DONE, DONE), "FAIL"), ((FAILED, DONE), "PASS")])
def test_reported_failure_of_one_task_excuses_one_job(claims, status):
    assert whole(*SPOILED, *OTHER, claims=claims).status == status


def test_one_reported_failure_does_not_excuse_two_jobs():
    both = [
        *SPOILED[:3],
        made(10, "e2"),
        finished(15, "e2"),
        fetched(16, "e2", "corrupt", "bad-gzip"),
    ]

    assert whole(*both, claims=(FAILED, FAILED)).status == "PASS"
    assert whole(*both, claims=(FAILED, DONE)).status == "FAIL"


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ({"exit_code": 0}, "FAIL"),
        ({"exit_code": 1}, "PASS"),
        ({}, "FAIL"),
        ({"error": "TransportError: gzip"}, "PASS"),
    ],
)
def test_exit_code_zero_claims_that_all_work_was_done(ending, status):
    assert whole(*SPOILED, **ending).status == status
