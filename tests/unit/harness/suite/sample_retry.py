"""Golden journals of the checks that look at waits and attempts."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, met, outcomes, record
from tests.unit.harness.suite.sample_write import lost_create, stored

Rows = list[dict[str, Any]]
DOUBLING = [1.2, 2.4, 4.1, 8.8, 16.5, 33.0, 60.5]
READ = "sp.campaigns.list"


def failing(
    key: str,
    start: float,
    waits: Sequence[float],
    fault: str,
    status: int = 429,
    *,
    success: bool = True,
    operation: str = READ,
    **more: Any,
) -> Rows:
    """Return attempts at one call: one failure before each wait, at the end a success.

    Without a success the last attempt fails too.
    """
    times = list(accumulate(waits, initial=start))
    failed = {"chain": key, "took": 0.0, "fault": met(fault)} | more
    rows = [call(operation, at, status, **failed) for at in times[:-1]]
    if success:
        return [*rows, call(operation, times[-1], chain=key)]
    return [*rows, call(operation, times[-1], status, **failed)]


def many(count: int, waits: Sequence[float], fault: str, status: int = 429, **more: Any) -> Rows:
    return [
        row
        for n in range(count)
        for row in failing(f"c{n}{fault}", n * 0.1, waits, fault, status, **more)
    ]


def t02() -> dict[str, CaseRecord]:
    header = {"retryAfter": "40"}
    kept = many(2, [40.2], "wait-40", **header)
    return {
        "PASS": record("T02", *kept),
        "FAIL": record("T02", *kept, *failing("x", 50, [15.0], "wait-40", **header)),
        "UNPROVEN": record("T02", *kept[:2]),
    }


def t04() -> dict[str, CaseRecord]:
    line = [float(n) for n in range(1, 8)]
    return {
        "PASS": record("T04", *many(8, DOUBLING, "seven-failures", 503)),
        "WARN": record("T04", *many(8, line, "seven-failures", 503)),
        "UNPROVEN": record("T04", *many(8, [1.0, 2.0, *[4.0] * 5], "seven-failures", 503)),
    }


def t05() -> dict[str, CaseRecord]:
    spread = [
        row
        for n in range(8)
        for row in failing(f"c{n}", n, [w * (1 + n / 20) for w in DOUBLING[:5]], "five-refusals")
    ]
    return {
        "PASS": record("T05", *spread),
        "WARN": record("T05", *many(8, [1.0, 2.0, 4.0, 8.0, 16.0], "five-refusals")),
        "UNPROVEN": record("T05", *many(12, [1.0, 2.0], "five-refusals")),
    }


def ends(case: str, status: int, most: int, word: str) -> dict[str, CaseRecord]:
    def tried(attempts: int) -> CaseRecord:
        waits = [2.0] * (attempts - 1)
        return record(case, *failing("c", 0, waits, "for-ever", status, success=False))

    return {
        "PASS": tried(most),
        word: tried(most + 1),
        "UNPROVEN": record(case, call(READ, 0)),
    }


def t07_cap() -> dict[str, CaseRecord]:
    def waited(*waits: float) -> CaseRecord:
        return record("T07", *failing("c", 0, waits, "for-ever", success=False))

    return {"PASS": waited(60, 119.9), "WARN": waited(60, 128), "UNPROVEN": waited()}


def twelve(case: str, fault: str, more: Rows, word: str = "FAIL") -> dict[str, CaseRecord]:
    """Return journals of a paced check: twelve first waits, and what else the case needs."""
    status = {"T08": 429, "N02": 0}.get(case, 503)
    return {
        "PASS": record(case, *many(12, [0.08], fault, status), *more),
        word: record(case, *many(12, [0.004], fault, status), *more),
        "UNPROVEN": record(
            case,
            *many(10, [0.08], fault, status),
            *failing("y", 3, [], fault, status, success=False),
            *failing("z", 3, [], fault, status, success=False),
            *more,
        ),
    }


def resumes(case: str, fault: str, more: Rows, count: int = 12) -> dict[str, CaseRecord]:
    status = {"T08": 429, "N02": 0}.get(case, 503)
    left = failing("z", 5, [1.0], fault, status, success=False)
    return {
        "PASS": record(case, *many(count, [1.0], fault, status), *more),
        "WARN": record(case, *many(count, [1.0], fault, status), *left, *more),
        "UNPROVEN": record(case, *many(count - 2, [1.0], fault, status), *more),
    }


def bounded(case: str, once: str, ever: str, most: int, word: str) -> dict[str, CaseRecord]:
    status = {"T08": 429, "N02": 0}[case]

    def tried(attempts: int) -> CaseRecord:
        waits = [2.0] * (attempts - 1)
        ended = failing("e", 0, waits, ever, status, success=False)
        return record(case, *many(12, [1.0], once, status), *ended)

    return {
        "PASS": tried(most),
        word: tried(most + 1),
        "UNPROVEN": record(case, *many(13, [1.0], once, status)),
    }


def t09() -> dict[str, CaseRecord]:
    dated = {"retryAfter": "Wed, 01 Jul 2026 12:00:12 GMT"}
    kept = many(3, [11.8], "a-date", **dated)
    return {
        "PASS": record("T09", *kept),
        "INFO": record("T09", *kept, *failing("x", 0, [2.0], "a-date", **dated)),
        "UNPROVEN": record("T09", *kept[:4]),
    }


def t09_resumes() -> dict[str, CaseRecord]:
    dated = {"retryAfter": "Wed, 01 Jul 2026 12:00:12 GMT"}
    kept = many(3, [11.8], "a-date", **dated)
    return {
        "PASS": record("T09", *kept),
        "WARN": record("T09", *failing("x", 0, [], "a-date", success=False, **dated)),
        "UNPROVEN": record("T09", *kept[:4]),
    }


def t12() -> dict[str, CaseRecord]:
    first = failing("a", 0, DOUBLING[:4], "a-burst")
    return {
        "PASS": record("T12", *first, *failing("b", 40, DOUBLING[:4], "a-burst")),
        "INFO": record("T12", *first, *failing("b", 40, [16.0, 33.0, 60.0], "a-burst")),
        "UNPROVEN": record("T12", *failing("a", 0, [1.0] * 8, "a-burst", success=False)),
    }


FIVE_HUNDREDS = {
    "fails-500": READ,
    "fails-502": "sp.adGroups.list",
    "fails-503": "sp.keywords.list",
    "fails-504": "sp.productAds.list",
}


def _each(wait: float, count: int = 3) -> Rows:
    return [
        row
        for fault, operation in FIVE_HUNDREDS.items()
        for n in range(count)
        for row in failing(f"{fault}{n}", n, [wait], fault, int(fault[-3:]), operation=operation)
    ]


def e01_paced() -> dict[str, CaseRecord]:
    return {
        "PASS": record("E01", *_each(0.08)),
        "FAIL": record("E01", *_each(0.004)),
        "UNPROVEN": record("E01", *_each(0.08, 2)),
    }


def e01_resumes() -> dict[str, CaseRecord]:
    left = failing("z", 9, [], "fails-500", 500, success=False)
    return {
        "PASS": record("E01", *_each(1.0)),
        "WARN": record("E01", *_each(1.0), *left),
        "UNPROVEN": record("E01", *_each(1.0, 2)),
    }


def e03() -> dict[str, CaseRecord]:
    def refused(key: str) -> Rows:
        return [
            call(READ, 0, 503, chain=key, fault=met("first-503")),
            call(READ, 2, 400, chain=key, fault=met("then-400")),
        ]

    again = call(READ, 5, 400, chain="a", fault=met("then-400"))
    return {
        "PASS": record("E03", *refused("a"), *refused("b")),
        "FAIL": record("E03", *refused("a"), *refused("b"), again),
        "UNPROVEN": record("E03", *refused("a")),
    }


def e05() -> dict[str, CaseRecord]:
    header = {"retryAfter": "3"}
    return {
        "PASS": record("E05", *many(4, [3.2], "wait-3", 503, **header)),
        "WARN": record("E05", *many(4, [1.2], "wait-3", 503, **header)),
        "UNPROVEN": record("E05", *many(3, [3.2], "wait-3", 503, **header)),
    }


def _stored_500() -> dict[str, Any]:
    return lost_create(
        1, "Stored 1", "Stored 2", fault=met("stored-500"), committed=True, reply=None
    ) | {"status": 500}


def e07_once() -> dict[str, CaseRecord]:
    kept = stored("Stored 1", "Stored 2")
    kept["11"]["sp.campaigns"].append({"campaignId": "9", "name": "Stored 1"})
    return {
        "PASS": record("E07", _stored_500(), call(READ, 3), created=stored("Stored 1", "Stored 2")),
        "FAIL": record("E07", _stored_500(), created=kept),
        "UNPROVEN": record("E07", lost_create(1, "Stored 1", "Stored 2")),
    }


def e07_known() -> dict[str, CaseRecord]:
    twins = outcomes("campaigns", {}, dict.fromkeys(range(2), "duplicateValueError"))
    duplicate = lost_create(3, "Stored 1", "Stored 2", reply=twins)
    return {
        "PASS": record("E07", _stored_500(), duplicate),
        "WARN": record("E07", _stored_500()),
        "UNPROVEN": record("E07", lost_create(1, "Stored 1", "Stored 2")),
    }


def e09() -> dict[str, CaseRecord]:
    page = [call(READ, n, 200, fault=met("page", "html"), reply="<html>") for n in range(4)]
    return {
        "PASS": record("E09", *page),
        "WARN": record("E09", *page, call("sp.campaigns.update", 9, 207)),
        "UNPROVEN": record("E09", call(READ, 0)),
    }


_T08_END = failing("e", 0, [2.0] * 4, "html-for-ever", success=False)
_N02_END = failing("e", 0, [2.0] * 4, "reset-for-ever", 0, success=False)
_E04_MORE = many(1, [1.0], "empty-503", 503)


SAMPLES = {
    "T02.early": t02(),
    "T04.curve": t04(),
    "T05.jitter": t05(),
    "T06.stops": ends("T06", 429, 25, "FAIL"),
    "T07.attempts": ends("T07", 429, 11, "WARN"),
    "T07.cap": t07_cap(),
    "T08.paced": twelve("T08", "html-once", _T08_END),
    "T08.bounded": bounded("T08", "html-once", "html-for-ever", 25, "FAIL"),
    "T08.resumes": resumes("T08", "html-once", _T08_END),
    "T09.date": t09(),
    "T09.resumes": t09_resumes(),
    "T12.afresh": t12(),
    "E01.paced": e01_paced(),
    "E01.resumes": e01_resumes(),
    "E03.stops": e03(),
    "E04.paced": twelve("E04", "html-503", _E04_MORE, "WARN"),
    "E04.resumes": resumes("E04", "html-503", _E04_MORE, 11),
    "E05.early": e05(),
    "E06.stops": ends("E06", 500, 25, "FAIL"),
    "E06.attempts": ends("E06", 500, 11, "WARN"),
    "E07.once": e07_once(),
    "E07.known": e07_known(),
    "E09.careful": e09(),
    "N02.paced": twelve("N02", "reset-once", _N02_END),
    "N02.bounded": bounded("N02", "reset-once", "reset-for-ever", 25, "FAIL"),
    "N02.resumes": resumes("N02", "reset-once", _N02_END),
    "N02.attempts": bounded("N02", "reset-once", "reset-for-ever", 11, "WARN"),
}
