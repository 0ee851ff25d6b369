"""Journals with an answer of a check that no sample journal and no limit gives.

Each is named for what the client did, or for what the journal lacks. The answers are in
``findings.json``, with all their words.
"""

from typing import Any

from msgspec.structs import replace

from adsmock.harness.suite.journal import CaseRecord, Ending, Noise
from tests.unit.harness.suite.journal_rows import call, met, record, tasks_of
from tests.unit.harness.suite.sample_auth import LIST
from tests.unit.harness.suite.sample_batch import sent
from tests.unit.harness.suite.sample_days import days as of_days
from tests.unit.harness.suite.sample_days import listed, requested
from tests.unit.harness.suite.sample_export import made, poll
from tests.unit.harness.suite.sample_recommendation import ONE, ask, write
from tests.unit.harness.suite.sample_retry import failing, many
from tests.unit.harness.suite.sample_subscription import create, raised
from tests.unit.harness.suite.sample_workflow import DAY, ROUTINE, looked, mc06, scheduled, stored
from tests.unit.harness.suite.sample_workflow import create as execution
from tests.unit.harness.suite.sample_write import trios
from tests.unit.harness.suite.samples import SAMPLES

STOPPED = Ending(exit_code=-15, timed_out=True)
FAILED = Ending(exit_code=1)
ENDED = Ending()

TWO_OF_TEN = met("two-of-ten", "partial")
LOUD = Noise(samples=40, mean=0.077, median=0.077, p99=30.0, spread=0.0, lag_p99=0.0)


def failed_items(kind: str, count: int) -> CaseRecord:
    """Return one batch of three items, of which some fail with an error."""
    names = [f"Order {number}" for number in range(1, 4)]
    return record("B01", sent(1, names, dict.fromkeys(range(count), kind), fault=TWO_OF_TEN))


def open_call(case: str, fault: str, kind: str, seconds: float, ending: Ending) -> CaseRecord:
    """Return one call with a fault that was open for some seconds, or is open where they are 0."""
    ends = {"tEnd": 501 + seconds, "cEnd": 1782907201 + seconds}
    end = ends | {"ended": "client-closed"} if seconds else {"tEnd": 0, "cEnd": 0, "ended": "open"}
    row = call(LIST, 1, fault=met(fault, kind), **end)
    return record(case, row, ending=ending, timebase="monotonic")


def drip(seconds: float, ending: Ending = STOPPED) -> CaseRecord:
    return open_call("N05", "dripping", "drip", seconds, ending)


def silence(seconds: float, ending: Ending = STOPPED) -> CaseRecord:
    return open_call("N01", "never-answered", "timeout-after-commit", seconds, ending)


def without_messages(check: str) -> CaseRecord:
    found = SAMPLES[check]["PASS"]
    receipt = "sqs.ReceiveMessage"
    rows = [row | {"reply": None} if row["operation"] == receipt else row for row in found.rows]
    return record(found.case, *rows)


def with_ending(check: str, status: str, ending: Ending) -> CaseRecord:
    return replace(SAMPLES[check][status], ending=ending)


def unraised(ending: Ending) -> CaseRecord:
    refused = write(2, 25, status=400, committed=False)
    return record("IR01", ask(1, 25), refused, tasks=ONE, ending=ending)


def gone_at_first() -> CaseRecord:
    others = [call("profiles.list", at, profileId=None, chain=f"p{at}") for at in (1, 2)]
    return record("V05", call(LIST, 0, 404, chain="first"), *others)


def days_later(*rows: dict[str, Any], **more: Any) -> CaseRecord:
    return of_days(listed(0), requested(0), *rows, **more)


BUDGETS = SAMPLES["ST12.once"]["PASS"].rows[0]
RESET = [*many(12, [0.08], "reset-once", 0), *failing("e", 0, [2.0], "reset-for-ever", 0)]

RARE: dict[str, dict[str, CaseRecord]] = {
    "B01.only-failed": {"all-failed": failed_items("throttledError", 3)},
    "B01.resubmits": {"none-throttled": failed_items("malformedValueError", 2)},
    "B01.paced": {
        "none-failed": failed_items("throttledError", 0),
        "five-at-once": trios(5, 0.002),
        "four-at-once": trios(4, 0.002),
    },
    "B05.once": {"one-batch": record("B05", sent(1, ["Smooth 1"]))},
    "DY01.restated": {
        "refused-later": days_later(*(requested(day, 400) for day in (1, 2, 3)), listed(3)),
        "own-clock": days_later(*(listed(day) for day in (1, 2, 3)), timebase="monotonic"),
    },
    "DY01.work": {
        "stopped": with_ending("DY01.work", "FAIL", STOPPED),
        "stopped-early": of_days(listed(0), listed(1), ending=STOPPED),
    },
    "G02.found": {
        "no-task": record(
            "G02",
            call("profiles.list", 2, region="FE", profileId=None),
            tasks=({"verb": "list_profiles", "args": {}},),
        )
    },
    "I12.lost": {
        "idle": record("I12", call(LIST, 1), tasks=({"verb": "idle", "args": {"seconds": 1}},))
    },
    "IR01.once": {
        "lost": unraised(Ending(exit_code=0)),
        "reported": unraised(FAILED),
        "stopped": unraised(STOPPED),
    },
    "MC06.scheduled": {
        "weekly": mc06(stored(), scheduled(aggregationPeriod="Weekly"), looked(4)),
        "executed": mc06(stored(), scheduled(), execution(4 * DAY, "e1", ROUTINE)),
        "one-day": mc06(stored(), scheduled()),
    },
    "MC06.once": {"one-day": mc06(stored(), scheduled())},
    "N01.waits": {"stopped": silence(20), "open": silence(0, ENDED)},
    "N01.leaves": {"stopped": silence(20), "open-and-stopped": silence(0)},
    "N02.paced": {
        "no-fault": record("N02", call(LIST, 1)),
        "loud": replace(record("N02", *RESET), noise=LOUD),
    },
    "N05.ends": {
        "stopped": drip(99),
        "stopped-late": drip(301),
        "open": drip(0, ENDED),
        "open-and-stopped": drip(0),
    },
    "ST08.created": {
        "stopped": with_ending(
            "ST08.created", "FAIL", replace(SAMPLES["ST08.created"]["FAIL"].ending, timed_out=True)
        ),
        "token-again": record(
            "ST08",
            *SAMPLES["ST08.created"]["FAIL"].rows,
            create(21, "one"),
            ending=SAMPLES["ST08.created"]["FAIL"].ending,
            tasks=tasks_of("ST08"),
        ),
    },
    "ST12.once": {
        "cut": without_messages("ST12.once"),
        "not-due": record("ST12", BUDGETS, raised(3, c1=25, c3=55), raised(9, c2=25)),
        "same-value": record("ST12", BUDGETS, raised(3, c1=25, c3=55), raised(9, c2=20)),
        "stopped": record("ST12", BUDGETS, raised(3, c1=25), ending=STOPPED),
        "one-left": record("ST12", BUDGETS, raised(3, c1=25)),
    },
    "ST13.reports": {
        "cut": without_messages("ST13.reports"),
        "unsubscribed": record("ST13", *SAMPLES["ST13.reports"]["PASS"].rows[1:]),
    },
    "T05.jitter": {"loud": replace(SAMPLES["T05.jitter"]["PASS"], noise=LOUD)},
    "T11.herd": {"very-loud": replace(SAMPLES["T11.herd"]["PASS"], noise=LOUD)},
    "V05.others": {"gone-at-first": gone_at_first()},
    "X10.again": {
        "reported": record(
            "X10",
            made(0),
            poll(5, "", status=404, reply={}, fault=met("day-is-over")),
            ending=FAILED,
        )
    },
}
