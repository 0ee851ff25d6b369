"""Golden journals of the checks that count calls, and of those that look for needless ones."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import batch, call, record

UPDATE, LIST = "sp.keywords.update", "sp.keywords.list"


def bids(at: float, count: int, bid: float = 0.75) -> dict[str, Any]:
    items = [{"keywordId": str(n), "bid": bid} for n in range(count)]
    return call(UPDATE, at, 207, chain=f"u{at}", request=batch("keywords", *items), reply={})


def read(at: float, operation: str = LIST, **body: Any) -> dict[str, Any]:
    return call(operation, at, chain=f"r{at}", request=body)


def l01() -> dict[str, CaseRecord]:
    return {
        "PASS": record("L01", bids(1, 250), bids(2, 250)),
        "WARN": record("L01", *(bids(at, 100) for at in range(5))),
        "UNPROVEN": record("L01", read(1)),
    }


def l02() -> dict[str, CaseRecord]:
    return {
        "PASS": record("L02", bids(1, 1000), bids(2, 100)),
        "FAIL": record("L02", bids(1, 1001)),
        "UNPROVEN": record("L02", bids(1, 600)),
    }


def l03() -> dict[str, CaseRecord]:
    return {
        "PASS": record("L03", *(read(at) for at in range(4))),
        "WARN": record("L03", *(read(at) for at in range(5))),
        "UNPROVEN": record("L03", read(1, "sp.campaigns.list")),
    }


def l04() -> dict[str, CaseRecord]:
    plain = read(1, "sp.campaigns.list", includeExtendedDataFields=False)
    return {
        "PASS": record("L04", plain),
        "WARN": record("L04", plain, read(2, LIST, includeExtendedDataFields=True)),
        "UNPROVEN": record("L04", bids(1, 1)),
    }


def l05() -> dict[str, CaseRecord]:
    return {
        "PASS": record("L05", read(1)),
        "INFO": record("L05", read(1), bids(2, 5, 0.5)),
        "UNPROVEN": record("L05", call("exports.get", 1)),
    }


def l06() -> dict[str, CaseRecord]:
    def sent(at: float, **bid: float) -> dict[str, Any]:
        items = [{"keywordId": name, "bid": value} for name, value in bid.items()]
        return call(UPDATE, at, 207, chain=f"u{at}", request=batch("keywords", *items), reply={})

    return {
        "PASS": record("L06", sent(1, a=0.75, b=0.01, c=0.8, d=1500.0)),
        "WARN": record("L06", sent(1, a=0.75, b=0.01), sent(2, b=0.01)),
        "UNPROVEN": record("L06", read(1)),
    }


SAMPLES = {
    "L01.batches": l01(),
    "L02.limit": l02(),
    "L03.together": l03(),
    "L04.plain": l04(),
    "L05.unwritten": l05(),
    "L06.once": l06(),
}
