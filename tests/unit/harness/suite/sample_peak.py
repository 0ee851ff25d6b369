"""Golden journals of the checks of a peak: few calls, an even pace, a backlog that ends."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, record

LIST, CREATE, REPORT = "sp.campaigns.list", "sp.campaigns.create", "reporting.create"


def read(at: float, status: int = 200, chain: str | None = None, **more: Any) -> dict[str, Any]:
    return call(LIST, at, status, chain=chain or f"r{at}", **more)


def m01() -> dict[str, CaseRecord]:
    early = [read(at / 10, 429 if at % 3 == 0 else 200) for at in range(420)]
    calm = [read(50 + at, 429 if at % 25 == 0 else 200) for at in range(210)]
    storm = [read(50 + at, 429 if at % 4 == 0 else 200) for at in range(210)]
    return {
        "PASS": record("M01", *early, *calm),
        "WARN": record("M01", *early, *storm),
        "UNPROVEN": record("M01", *calm),
    }


def m02() -> dict[str, CaseRecord]:
    struck = {"fault": {"id": "unavailable", "kind": "http", "point": "before"}}
    first = [read(0, 503, "c0", **struck), read(1, 429, "c0"), read(2, 200, "c0")]
    once = [read(at) for at in range(3, 220)]
    thrice = [
        read(3 + at + part / 10, 200 if part == 2 else 429, f"c{at}")
        for at in range(1, 80)
        for part in range(3)
    ]
    return {
        "PASS": record("M02", *first, *once),
        "WARN": record("M02", *first, *thrice),
        "UNPROVEN": record("M02", *first),
    }


def m03() -> dict[str, CaseRecord]:
    return {
        "PASS": record("M03", *(read(at) for at in range(15))),
        "WARN": record("M03", *(read(at) for at in range(25))),
        "UNPROVEN": record("M03", *(read(at) for at in range(5))),
    }


def ask(at: float) -> list[dict[str, Any]]:
    return [
        call(REPORT, at, chain=f"a{at}", path="/reporting/reports"),
        call("reporting.get", at + 10, chain=f"b{at}", path="/reporting/reports/1"),
    ]


def m04() -> dict[str, CaseRecord]:
    even = [row for place in range(108) for row in ask(place * 5.5)]
    rush = [row for place in range(108) for row in ask(place * 1.0)]
    return {
        "PASS": record("M04", *even),
        "WARN": record("M04", *rush),
        "UNPROVEN": record("M04", *(call(LIST, at, chain=f"l{at}") for at in range(400))),
    }


def m05() -> dict[str, CaseRecord]:
    return {
        "PASS": record("M05", *(read(at * 2.0) for at in range(30))),
        "INFO": record("M05", *(read(at * 0.5) for at in range(30))),
        "UNPROVEN": record("M05", *(read(at * 2.0) for at in range(12))),
    }


def wanted(count: int) -> dict[str, Any]:
    items = [
        {"resource": "sp.campaigns", "items": [{"name": f"Backlog {n}"}]} for n in range(count)
    ]
    return {"tasks": tuple({"verb": "create", "args": one} for one in items)}


def held(count: int, standing: int) -> dict[str, Any]:
    """So many writes that are wanted, of which ``standing`` are in the store."""
    shelf = [{"name": f"Backlog {n}"} for n in range(standing)]
    return wanted(count) | {"created": {"11": {"sp.campaigns": shelf}}}


def writes(count: int, last: float) -> list[dict[str, Any]]:
    refused = [call(CREATE, at, 429, chain=f"w{at}", retryAfter="1") for at in range(3)]
    step = (last - 4) / (count - 1)
    return refused + [call(CREATE, 4 + n * step, 207, chain=f"w{n}") for n in range(count)]


def m06_done() -> dict[str, CaseRecord]:
    return {
        "PASS": record("M06", *writes(30, 100.0), **held(30, 30)),
        "WARN": record("M06", *writes(30, 140.0), **held(30, 30)),
        "UNPROVEN": record("M06", *writes(30, 15.0), **held(30, 30)),
    }


def m06_lost() -> dict[str, CaseRecord]:
    return {
        "PASS": record("M06", *writes(30, 100.0), **held(30, 30)),
        "WARN": record("M06", *writes(30, 100.0), **held(30, 29)),
        "UNPROVEN": record("M06", *writes(30, 100.0)[3:]),
    }


SAMPLES = {
    "M01.ratio": m01(),
    "M02.ratio": m02(),
    "M03.calls": m03(),
    "M04.spread": m04(),
    "M05.estimate": m05(),
    "M06.done": m06_done(),
    "M06.lost": m06_lost(),
}
