"""Golden journals of the checks that look at the items of a batch."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord, Ending
from tests.unit.harness.suite.journal_rows import batch, call, met, outcomes, record

CREATE = "sp.campaigns.create"


def campaign(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "targetingType": "MANUAL", "state": "ENABLED", **more}


def sent(at: float, names: list[str], errors: dict[int, str] | None = None, **more: Any) -> Any:
    """Return a create whose 207 names the errors by index; its rows come in reverse."""
    failed = errors or {}
    passed = {n: f"{at}-{n}" for n in reversed(range(len(names))) if n not in failed}
    return call(
        CREATE,
        at,
        207,
        chain=f"b{at}{names}",
        request=batch("campaigns", *map(campaign, names)),
        reply=outcomes("campaigns", passed, failed),
        **more,
    )


MIXED = [f"Mixed {n}" for n in range(1, 7)]


def b02() -> dict[str, CaseRecord]:
    fault = met("fifth-out-of-range", "partial")
    later = {"fault": met("second-throttled", "partial"), "profileId": "12"}
    first = sent(1, MIXED, {2: "duplicateValueError", 4: "budgetError"}, fault=fault)
    held = sent(4, ["Later 1", "Later 2"], {1: "throttledError"}, **later)
    back = sent(6, ["Later 2"], profileId="12")
    changed = call(
        CREATE, 3, 207, request=batch("campaigns", campaign("Mixed 5", budget={"budget": 5}))
    )
    throttled = sent(1, MIXED, {2: "throttledError"}, fault=fault)
    return {
        "PASS": record("B02", first, changed, held, back),
        "FAIL": record("B02", first, sent(3, ["Mixed 3", "Mixed 5"]), held, back),
        "UNPROVEN": record("B02", throttled, sent(3, ["Mixed 3"]), held, back),
    }


ORDER = [f"Order {n}" for n in range(1, 11)]


def b03(breach: str, again: list[str]) -> dict[str, CaseRecord]:
    failed = dict.fromkeys((7, 1, 4), "throttledError")
    first = sent(1, ORDER, failed, fault=met("out-of-order", "partial"))
    return {
        "PASS": record("B03", first, sent(3, ["Order 2", "Order 5", "Order 8"])),
        breach: record("B03", first, sent(3, again)),
        "UNPROVEN": record("B03", sent(1, ORDER)),
    }


PARCHED = [f"Parched tree {n}" for n in (1, 2, 3)]
DRY = met("none-passes", "partial")


def parched(at: float, **more: Any) -> Any:
    return sent(at, PARCHED, dict.fromkeys(range(3), "throttledError"), fault=DRY, **more)


def group(at: float, parent: str, name: str) -> Any:
    item = {"campaignId": parent, "name": name}
    return call("sp.adGroups.create", at, 207, request=batch("adGroups", item))


def b04_children() -> dict[str, CaseRecord]:
    return {
        "PASS": record("B04", parched(1), parched(3)),
        "FAIL": record("B04", parched(1), group(2, "1", "Parched group 1")),
        "UNPROVEN": record("B04", sent(1, PARCHED)),
    }


def b04_cap() -> dict[str, CaseRecord]:
    return {
        "PASS": record("B04", *(parched(at) for at in range(25))),
        "FAIL": record("B04", *(parched(at) for at in range(26))),
        "UNPROVEN": record("B04", sent(1, PARCHED)),
    }


def b05() -> dict[str, CaseRecord]:
    smooth = [f"Smooth {n}" for n in range(1, 11)]
    return {
        "PASS": record("B05", sent(1, smooth[:6]), sent(2, smooth[6:])),
        "FAIL": record("B05", sent(1, smooth), sent(2, smooth[:1])),
        "UNPROVEN": record("B05", call("sp.campaigns.list", 1)),
    }


def repeated(waits: list[float]) -> list[Any]:
    """Return eight batches whose first item is sent again after these waits."""
    rows = []
    for n in range(1, 9):
        names, at = [f"Repeated {n}", f"Mild {n}a", f"Mild {n}b"], float(n)
        for wait in [0.0, *waits]:
            at += wait
            fault = met("first-item", "partial")
            rows.append(sent(at, names, {0: "throttledError"}, fault=fault))
            names = names[:1]
    return rows


def b06_cap() -> dict[str, CaseRecord]:
    return {
        "PASS": record("B06", *repeated([1.0] * 10)),
        "WARN": record("B06", *repeated([1.0] * 11)),
        "UNPROVEN": record("B06", sent(1, ["Repeated 1"])),
    }


def b06_growth() -> dict[str, CaseRecord]:
    return {
        "PASS": record("B06", *repeated([1.0, 2.0, 4.0, 8.0, 16.0])),
        "WARN": record("B06", *repeated([1.5, 1.2, 1.4, 1.9, 1.6])),
        "UNPROVEN": record("B06", *repeated([1.0, 2.0, 4.0, 8.0])),
    }


def b07(breach: list[Any]) -> dict[str, CaseRecord]:
    tide = [f"Tide {n}" for n in range(1, 6)]
    first = sent(1, tide, {0: "LUNAR_TIDE"}, fault=met("unheard-of", "partial"))
    return {
        "PASS": record("B07", first, ending=Ending(exit_code=1)),
        "WARN": record("B07", first, *breach),
        "UNPROVEN": record("B07", sent(1, tide)),
    }


def tide(at: float) -> Any:
    return sent(at, ["Tide 1"], {0: "LUNAR_TIDE"}, fault=met("unheard-of", "partial"))


SAMPLES = {
    "B02.permanent": b02(),
    "B03.index": b03("FAIL", ["Order 1", "Order 2", "Order 3"]),
    "B03.resubmits": b03("WARN", ["Order 2", "Order 5"]),
    "B04.children": b04_children(),
    "B04.cap": b04_cap(),
    "B05.once": b05(),
    "B06.cap": b06_cap(),
    "B06.growth": b06_growth(),
    "B07.cap": b07([tide(at) for at in range(2, 13)]),
    "B07.others": b07([sent(3, ["Tide 4"])]),
}
