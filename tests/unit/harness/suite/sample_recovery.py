"""Golden journals of the drills: a region goes dark and comes back."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, met, record

Rows = list[dict[str, Any]]
CREATE, LIST = "sp.campaigns.create", "sp.campaigns.list"


def _steady(at: float, **more: Any) -> Rows:
    """Return one call to each of two regions."""
    near = call(LIST, at, chain=f"n{at}")
    return [near, call(LIST, at + 0.2, region="EU", chain=f"e{at}", **more)]


def _dark(*times: float, fault: str = "dark") -> Rows:
    found = {"fault": met(fault, "outage"), "chain": "dark", "took": 0.0}
    return [call(CREATE, at, 503, region="EU", **found) for at in times]


def _lost(at: float) -> dict[str, Any]:
    found = {"fault": met("answers-lost", "reset"), "committed": True, "ended": "reset"}
    return call(CREATE, at, 207, region="EU", chain=f"lost{at}", **found)


def _stored(*names: str) -> dict[str, Any]:
    rows = [{"campaignId": str(n), "name": name} for n, name in enumerate(names)]
    return {"22": {"sp.campaigns": rows}}


def _all(case: str) -> list[str]:
    tasks = record(case).tasks
    return [item["name"] for task in tasks for item in task["args"].get("items", ())]


def rto(case: str, late: float) -> dict[str, CaseRecord]:
    start, dark = [*_steady(0), *_steady(2)], _dark(6, 7.5, 10, 15)
    return {
        "PASS": record(case, *start, *dark, *_steady(40)),
        "WARN": record(case, *start, *dark, *_steady(late)),
        "UNPROVEN": record(case, *start, *_steady(40)),
    }


def rpo(case: str) -> dict[str, CaseRecord]:
    rows, names = [*_steady(0), *_dark(6, 8), *_steady(30)], _all(case)
    return {
        "PASS": record(case, *rows, created=_stored(*names)),
        "WARN": record(case, *rows, created=_stored(*names[:-1])),
        "UNPROVEN": record(case, *_steady(0), *_steady(30), created=_stored(*names)),
    }


def load(case: str, *, seconds: float) -> dict[str, CaseRecord]:
    start, end = _steady(0), _steady(400)
    storm = [6 + n * seconds for n in range(70)]
    return {
        "PASS": record(case, *start, *_dark(6, 7.5, 10, 15), *end),
        "FAIL": record(case, *start, *_dark(*storm), *end),
        "UNPROVEN": record(case, *start, *end),
    }


def o02_rpo() -> dict[str, CaseRecord]:
    rows, names = [*_steady(0), _lost(4), *_dark(9, 11), *_steady(30)], _all("O02")
    return {
        "PASS": record("O02", *rows, created=_stored(*names)),
        "WARN": record("O02", *rows, created=_stored(*names[1:])),
        "UNPROVEN": record("O02", *_steady(0), *_steady(30), created=_stored(*names)),
    }


def o02_doubled() -> dict[str, CaseRecord]:
    rows, names = [*_steady(0), _lost(4), *_dark(9, 11), *_steady(30)], _all("O02")
    return {
        "PASS": record("O02", *rows, created=_stored(*names)),
        "FAIL": record("O02", *rows, created=_stored(*names, f"{names[0]} (2)")),
        "UNPROVEN": record("O02", *_steady(0), *_steady(30), created=_stored(*names)),
    }


SAMPLES = {
    "O01.load": load("O01", seconds=0.3),
    "O01.rpo": rpo("O01"),
    "O01.rto": rto("O01", late=200),
    "O02.doubled": o02_doubled(),
    "O02.rpo": o02_rpo(),
    "O03.load": load("O03", seconds=0.5),
    "O03.rpo": rpo("O03"),
    "O03.rto": rto("O03", late=300),
}
