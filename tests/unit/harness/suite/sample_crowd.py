"""Golden journals of the checks that look at many calls at once."""

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.sample_retry import READ, failing


def t10() -> dict[str, CaseRecord]:
    throttled = call(READ, 0, 429, chain="a", took=0.0, retryAfter="5", fault=met("wait-5"))
    under_way = [call(READ, 0.1, chain=f"u{n}") for n in range(3)]
    later = [call(READ, 5.1 + n / 10, chain=f"l{n}") for n in range(22)]
    return {
        "PASS": record("T10", throttled, *under_way, *later),
        "WARN": record("T10", throttled, *under_way, call(READ, 1.0, chain="x"), *later),
        "UNPROVEN": record("T10", throttled, *under_way),
    }


def t11() -> dict[str, CaseRecord]:
    def back(spread: float, until: int = 50) -> CaseRecord:
        rows = [
            row
            for n in range(50)
            for row in failing(
                f"c{n}",
                0 if n < until else n,
                [3.0 + n * spread / 50],
                "same-wait",
                retryAfter="3",
            )
        ]
        return record("T11", *rows)

    return {"PASS": back(0.3), "WARN": back(0.05), "UNPROVEN": back(0.3, 19)}


def _fallen(refused: int, pace: float = 1 / 3, calls: int = 440) -> CaseRecord:
    """Return calls at a pace of which ``refused`` of the last third were throttled."""
    last = calls * 2 // 3
    rows = [call(READ, n * pace, chain=f"f{n}", took=0.0) for n in range(calls)]
    rows[1] |= {"status": 429}
    for n in range(refused):
        rows[last + 5 + n] |= {"status": 429}
    return record("T13", *rows)


def t13_ratio() -> dict[str, CaseRecord]:
    return {"PASS": _fallen(14), "WARN": _fallen(30), "UNPROVEN": _fallen(0, calls=410)}


def t13_goodput() -> dict[str, CaseRecord]:
    return {"PASS": _fallen(0), "WARN": _fallen(0, 1 / 2), "UNPROVEN": _fallen(0, calls=410)}


def t14() -> dict[str, CaseRecord]:
    def tried(extra: int, work: int = 210) -> CaseRecord:
        refused = [
            call(READ, n, 429, chain=f"r{n % work}", fault=met("three-in-ten"))
            for n in range(extra)
        ]
        done = [call(READ, 900 + n, chain=f"r{n}") for n in range(work)]
        return record("T14", *refused, *done)

    return {"PASS": tried(90), "WARN": tried(210), "UNPROVEN": tried(60, 100)}


def e08() -> dict[str, CaseRecord]:
    def tried(attempts: int, calls: int = 40) -> CaseRecord:
        dark = [
            call(READ, n * 2, 503, chain=f"s{n % 4}", fault=met("dark"))
            for n in range(4 * (attempts - 1))
        ]
        done = [call(READ, 100 + n, chain=f"s{n}") for n in range(calls)]
        return record("E08", *dark, *done)

    return {"PASS": tried(6), "WARN": tried(12), "UNPROVEN": tried(2, 30)}


SAMPLES = {
    "T10.pause": t10(),
    "T11.herd": t11(),
    "T13.ratio": t13_ratio(),
    "T13.goodput": t13_goodput(),
    "T14.ratio": t14(),
    "E08.once": e08(),
}
