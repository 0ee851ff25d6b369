"""A client that stops at a failure repeats nothing: that alone is no pass."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.journal_rows import call, met, record, tasks_of
from tests.unit.harness.suite.sample_batch import MIXED, sent
from tests.unit.harness.suite.sample_export import made, poll
from tests.unit.harness.suite.samples import SAMPLES
from tests.unit.harness.suite.test_samples import CHECKS, verdict_of

STOPPING_IS_RIGHT = {"A07.grants", "A07.tokenless", "A07.remembered"}
"""After a refused grant, the right reaction is to do nothing more."""


def cut_at_its_failure(check):
    """Return the PASS sample of a check up to its first failure, None when it has no failure."""
    found = SAMPLES[check]["PASS"]
    ends = [at for at, row in enumerate(found.rows, 1) if row["fault"] or row["status"] >= 400]
    if not ends:
        return None
    rows = found.rows[: ends[0]]
    return replace(found, rows=rows, entries=len(rows), ending=Ending())


SILENT = [
    name
    for name, check in CHECKS.items()
    if check.silence and name not in STOPPING_IS_RIGHT and cut_at_its_failure(name)
]


@pytest.mark.parametrize("name", SILENT)
def test_client_that_stops_at_the_first_failure_does_not_pass(name):
    view = CaseView.of(cut_at_its_failure(name))
    found = JUDGES[CHECKS[name].judge](view, **CHECKS[name].numbers)

    assert found.outcome != "holds", found.sentence


def test_there_are_checks_of_every_area_among_them():
    areas = {load()[name.partition(".")[0]].area for name in SILENT}

    assert {"batches", "errors", "exports", "hierarchy", "network", "throttling"} <= areas
    assert len(SILENT) > 30


FIRST = sent(
    1,
    MIXED,
    {2: "duplicateValueError", 4: "budgetError"},
    fault=met("fifth-out-of-range", "partial"),
)
HELD = sent(
    4,
    ["Later 1", "Later 2"],
    {1: "throttledError"},
    fault=met("second-throttled", "partial"),
    profileId="12",
)


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        (Ending(), "UNPROVEN"),
        (Ending(exit_code=0), "UNPROVEN"),
        (Ending(exit_code=1), "PASS"),
        (Ending(claims=({"task": 0, "verb": "create", "status": "partial", "done": 4},)), "PASS"),
        (Ending(claims=({"task": 0, "verb": "create", "status": "done", "done": 6},)), "UNPROVEN"),
    ],
    ids=["silent", "exit-0", "exit-1", "partial", "done"],
)
def test_client_that_never_reads_a_207_is_not_proven_to_leave_refused_items(ending, status):
    found = record("B02", FIRST, HELD, ending=ending, tasks=tasks_of("B02"))

    assert verdict_of("B02.permanent", found).status == status


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ([], "UNPROVEN"),
        ([call("sp.campaigns.list", 60, 429, chain="other")], "PASS"),
        ([call("sp.campaigns.list", 20, chain="a")], "FAIL"),
    ],
    ids=["stopped", "went-on", "early"],
)
def test_long_retry_after_may_be_given_up_by_a_client_that_goes_on(more, status):
    long_wait = {"retryAfter": "40", "fault": met("wait-40")}
    refused = [
        call("sp.campaigns.list", at, 429, chain=name, **long_wait) for at, name in ((1, "a"),)
    ]
    found = record("T02", *refused, *more)

    view = CaseView.of(found)
    numbers = CHECKS["T02.early"].numbers
    outcome = JUDGES["retry_after_is_kept"](view, **numbers).outcome
    assert {"holds": "PASS", "broken": "FAIL", "unproven": "UNPROVEN"}[outcome] == status


@pytest.mark.parametrize(("code", "status"), [(0, "UNPROVEN"), (1, "PASS")])
def test_expired_export_may_be_reported_instead_of_created_again(code, status):
    gone = poll(5, "", status=404, reply={}, fault=met("day-is-over"))
    found = record("X10", made(0), gone, ending=Ending(exit_code=code))

    assert verdict_of("X10.again", found).status == status
