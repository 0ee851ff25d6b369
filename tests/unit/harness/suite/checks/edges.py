"""Journals that a limit of a check decides: one change of the limit, and the outcome is another.

The sample journals keep or break a rule by far; these are for the limits that none of them reaches.
Their times are fractions of two, which a float holds exactly.
"""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from adsmock.harness.suite.journal import CaseRecord, Noise
from tests.unit.harness.suite.checks.rare import RARE
from tests.unit.harness.suite.journal_rows import call, grant, met, record
from tests.unit.harness.suite.sample_export import DONE, made, poll
from tests.unit.harness.suite.sample_read import backing_off
from tests.unit.harness.suite.sample_report import create as report
from tests.unit.harness.suite.sample_report import look as report_look
from tests.unit.harness.suite.sample_report import looks, one_wait
from tests.unit.harness.suite.sample_retry import READ, failing, many
from tests.unit.harness.suite.sample_workflow import create as execution
from tests.unit.harness.suite.sample_workflow import look as execution_look
from tests.unit.harness.suite.samples import SAMPLES

Rows = list[dict[str, Any]]


def noise(median: float = 0.0, spread: float = 0.0) -> Noise:
    """Return what a quiet machine measured, but for the median delay and its spread."""
    return Noise(samples=40, mean=median, median=median, p99=median, spread=spread, lag_p99=0.0)


def answered_at_once(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"tSend": row["tArrive"], "cSend": row["cArrive"]}


def too_late(case: str, status: int) -> CaseRecord:
    waits = [96.0] * 11
    return record(case, *failing("c", 0, waits, "for-ever", status, success=False))


def token_waits(*at: float) -> CaseRecord:
    """Return token requests at these times, of which the last is answered."""
    trouble = {"status": 503, "fault": met("token-trouble")}
    asked = [grant(moment, took=0.0) | {"chain": "lwa"} for moment in at]
    failed = [row | trouble for row in asked[:-1]]
    return record("A08", *failed, asked[-1], call(READ, at[-1] + 1))


def herd(wait: str, starts: Sequence[float]) -> CaseRecord:
    """Return calls with one Retry-After, each of which returns when it ends."""
    rows = [
        row
        for number, start in enumerate(starts)
        for row in failing(f"c{number}", start, [float(wait)], "same-wait", retryAfter=wait)
    ]
    return record("T11", *rows)


def growth(*waits: Sequence[float]) -> CaseRecord:
    chains = (backing_off(f"c{n}", n / 8, own) for n, own in enumerate(waits))
    return record("T03", *(row for rows in chains for row in rows))


def paused(*early: float) -> CaseRecord:
    throttled = call(READ, 0, 429, chain="a", took=0.0, retryAfter="5", fault=met("wait-5"))
    others = [call(READ, at, chain=f"e{at}") for at in early]
    later = [call(READ, 6 + n / 8, chain=f"l{n}") for n in range(22)]
    return record("T10", throttled, *others, *later)


def failed_export(again: float) -> CaseRecord:
    start = [made(0, fault=met("fails", "async-fail")), poll(5), poll(12, "FAILED", took=0.0)]
    return record("X06", *start, made(again, "e2"), poll(20, DONE, "e2"))


def failed_report(again: float) -> CaseRecord:
    fails = met("report-fails", "async-fail")
    return record("R11", report(1, fault=fails), report_look(11, "FAILED", took=0.0), report(again))


def failed_execution(*again: float) -> CaseRecord:
    fails = met("execution-fails", "async-fail")
    start = [execution(1, "e1", fault=fails), answered_at_once(execution_look(11, "e1", "FAILED"))]
    return record("MC02", *start, *(execution(at, f"again-{at}") for at in again))


def endless_exports(count: int) -> CaseRecord:
    stuck = met("never-ends", "async-stuck")
    rows = [
        row
        for n in range(count)
        for row in (
            made(100 * n, f"e{n}", fault=stuck),
            poll(100 * n + 5, name=f"e{n}"),
            poll(100 * n + 50, name=f"e{n}"),
        )
    ]
    return record("X07", *rows)


def early_window(seconds: int) -> CaseRecord:
    """Return an execution that was created some seconds before its data were complete."""
    end = f"2026-06-29T12:00:{seconds + 1:02}"
    created = execution(1, "e1", span=(end.replace("29T", "22T"), end), took=0.0)
    return record("MC01", created, execution_look(11, "e1", "SUCCEEDED"))


CAPPED = [24.0, 20.0, 20.0, 32.0, 32.0, 32.0, 32.0]
"""Waits that reach the longest delay of the documented example."""

DOUBLED, STALLED = [1.0, 1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 1.0, 0.0, 2.0]

EDGES: dict[str, dict[str, CaseRecord]] = {
    "A08.waits": {"quarter-second": token_waits(0, 0.25, 0.5)},
    "E06.stops": {"long-after": too_late("E06", 500)},
    "MC01.settled": {"early": early_window(32)},
    "MC02.left": {
        "soon": failed_execution(12.0),
        "four-more": failed_execution(20, 40, 60, 80),
    },
    "R03.spaced": {"two-seconds": record("R03", report(0), *looks([2.0] * 8))},
    "R06.slower": {"one-wait": one_wait()},
    "R11.left": {"soon": failed_report(12.0)},
    "T03.growth": {
        "short": growth(*[[1.0, 1.5, 2.0]] * 20),
        "one-stall": growth(*[DOUBLED] * 7, STALLED),
    },
    "T04.curve": {"documented-cap": record("T04", *many(8, CAPPED, "seven-failures", 503))},
    "T05.jitter": {"noise": replace(SAMPLES["T05.jitter"]["PASS"], noise=noise(spread=0.25))},
    "T10.pause": {"end-of-pause": paused(4.96875)},
    "T11.herd": {
        "loud": replace(SAMPLES["T11.herd"]["PASS"], noise=noise(median=0.015625)),
        "spread-ends": herd("3", [n / 64 for n in range(50)]),
    },
    "X06.left": {"soon": failed_export(13.0)},
    "X07.ends": {"three-exports": endless_exports(3)},
}

JOURNALS = {
    check: records | EDGES.get(check, {}) | RARE.get(check, {})
    for check, records in SAMPLES.items()
}
"""The sample journals of each check, those that its limits decide, and those of rare answers."""
