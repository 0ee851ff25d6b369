"""A check passes only where the client had a reason to act and acted: otherwise nothing is proved.

Every check is judged on the journal of its pass with something of that taken away.
"""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.journal import CaseRecord, CaseView, Ending, Entry
from tests.unit.harness.suite.samples import SAMPLES

CHECKS = {check.id: check for case in load().values() for check in case.checks}

TRAFFIC = {
    "A07.grants": "a refused grant is the reason, and no further token request the act",
    "A09.once": "the 403 and the calls after it are in the journal",
    "B04.children": "the failed campaigns and the children of the others are in the journal",
    "C01.orphans": "the failed campaign and the children of the others are in the journal",
    "D01.digits": "the ids that were read are in the journal",
    "DY01.work": "the calls that succeeded on each day are in the journal",
    "E02.once": "the refusals and the calls after them are in the journal",
    "E03.stops": "the refusals and the calls after them are in the journal",
    "E05.early": "the announced waits and the retries are in the journal",
    "E07.once": "the lost answer and the look at what exists are in the journal",
    "I04.once": "the refusal and the calls after it are in the journal",
    "I05.early": "the announced wait and the retry are in the journal",
    "I06.bounded": "the failures and the attempts are in the journal",
    "I14.waits": "the failures and the retries are in the journal",
    "M04.spread": "the requests that it counts are the reason, and their times the act",
    "N04.whole": "the damaged file and the complete one are in the journal",
    "N06.once": "the lost answer and the look at what exists are in the journal",
    "N08.once": "the lost answer and the first amounts are in the journal",
    "R05.once": "the refused range and the requests after it are in the journal",
    "T01.early": "the announced waits and the retries are in the journal",
    "T02.early": "the announced waits and the retries are in the journal",
    "T09.date": "the announced waits and the retries are in the journal",
    "X04.early": "the announced wait and the retry are in the journal",
}
"""Checks that read the tasks and can do without, each with what shows the reason and the act."""

UNCALLED = {
    "A07.grants": "after a refused grant, the right reaction is to call nothing",
    "A07.tokenless": "after a refused grant, the right reaction is to call nothing",
    "A07.remembered": "after a refused grant, the right reaction is to call nothing",
    "A08.waits": "is about the token endpoint",
    "I10.storage": "is about files",
    "N04.whole": "is about files",
    "ST01.confirmed": "is about a queue",
    "ST02.deleted": "is about a queue",
    "ST06.deleted": "is about a queue",
    "ST07.deleted": "is about a queue",
    "ST14.lag": "is about a queue",
    "X09.plain": "is about files",
    "S06.modern": "is about handshakes",
}
"""Checks about something other than calls to the API."""


def outcome(check, record):
    """Return what a check says of a journal."""
    case = load()[record.case]
    view = CaseView.of(record, lasting=case.lasting)
    return JUDGES[CHECKS[check].judge](view, **CHECKS[check].numbers)


def reads_tasks(check, record):
    """Say whether a check reads the tasks."""
    case, reads = load()[record.case], []

    class Watched(CaseRecord):
        def __getattribute__(self, name):
            reads.append(name)
            return super().__getattribute__(name)

    members = {name: getattr(record, name) for name in CaseRecord.__struct_fields__}
    view = CaseView.of(Watched(**members), lasting=case.lasting)
    JUDGES[CHECKS[check].judge](view, **CHECKS[check].numbers)
    return "tasks" in reads


def without_tasks(record):
    return replace(record, tasks=(), ending=Ending())


def without_calls(record):
    """Return a journal with everything but the calls to the API and what they made."""
    kept = [row for row in record.rows if not Entry.read(row, record.timebase).is_api]
    return replace(record, rows=tuple(kept), entries=len(kept), created={}, ending=Ending())


PASSES = {check: by["PASS"] for check, by in SAMPLES.items() if CHECKS[check].severity != "INFO"}


@pytest.mark.parametrize("check", sorted(PASSES.keys() - TRAFFIC.keys()))
def test_check_that_compares_with_tasks_needs_them(check):
    record = PASSES[check]

    if reads_tasks(check, record):
        found = outcome(check, without_tasks(record))
        assert found.outcome != "holds", found.sentence


@pytest.mark.parametrize("check", sorted(PASSES.keys() - UNCALLED.keys()))
def test_check_of_calls_needs_calls(check):
    found = outcome(check, without_calls(PASSES[check]))

    assert found.outcome != "holds", found.sentence


def test_exceptions_are_checks_that_pass_without():
    """An exception that is none any more hides the next false pass."""
    samples = {check: by["PASS"] for check, by in SAMPLES.items()}
    tasked = {
        check
        for check in TRAFFIC
        if reads_tasks(check, samples[check])
        and outcome(check, without_tasks(samples[check])).outcome == "holds"
    }
    uncalled = {
        check
        for check in UNCALLED
        if outcome(check, without_calls(samples[check])).outcome == "holds"
    }

    assert tasked == TRAFFIC.keys()
    assert uncalled == UNCALLED.keys()
