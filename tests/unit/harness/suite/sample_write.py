"""Golden journals of the checks that look at writes, refusals and exports."""

from collections.abc import Sequence
from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import batch, call, met, outcomes, record

REFUSED = {
    "sp.campaigns.list": "read-400",
    "sp.adGroups.list": "read-404",
    "sp.productAds.list": "read-406",
    "sp.keywords.list": "read-415",
    "sp.targets.list": "read-422",
    "sp.campaigns.create": "write-400",
    "sp.adGroups.create": "write-404",
    "sp.negativeKeywords.create": "write-406",
    "sp.keywords.create": "write-415",
    "sp.campaignNegativeKeywords.create": "write-422",
}


def e02() -> dict[str, CaseRecord]:
    once = [
        call(operation, at, int(fault[-3:]), fault=met(fault))
        for at, (operation, fault) in enumerate(REFUSED.items())
    ]
    again = call("sp.keywords.create", 20, 415, fault=met("write-415"))
    return {
        "PASS": record("E02", *once),
        "FAIL": record("E02", *once, again),
        "UNPROVEN": record("E02", *once[:9]),
    }


def _campaign(name: str) -> dict[str, Any]:
    return {"name": name, "targetingType": "MANUAL", "state": "ENABLED"}


def lost_create(at: float, *names: str, **more: Any) -> dict[str, Any]:
    sent = batch("campaigns", *map(_campaign, names))
    return call("sp.campaigns.create", at, 207, request=sent, chain=f"c{names}", **more)


def stored(*names: str) -> dict[str, Any]:
    rows = [{"campaignId": str(n), "name": name} for n, name in enumerate(names)]
    return {"11": {"sp.campaigns": rows}}


def n03() -> dict[str, CaseRecord]:
    names = ("Lost 1", "Lost 2", "Lost 3")
    lost = lost_create(
        1, *names, fault=met("answer-lost", "reset"), committed=True, ended="reset", reply=None
    )
    refused = outcomes("campaigns", {}, dict.fromkeys(range(3), "duplicateValueError"))
    duplicate = lost_create(3, *names, reply=refused)
    return {
        "PASS": record("N03", lost, duplicate, created=stored(*names)),
        "FAIL": record(
            "N03", lost, duplicate, lost_create(6, *names, reply=refused), created=stored(*names)
        ),
        "UNPROVEN": record("N03", lost_create(1, *names), created=stored(*names)),
    }


TEN = tuple(f"Batch {n}" for n in range(1, 11))


def batch_create(at: float, names: Sequence[str], failed: Sequence[int] = (), **more: Any) -> Any:
    error = dict.fromkeys(failed, "throttledError")
    success = {n: f"{at}-{n}" for n in range(len(names)) if n not in error}
    return call(
        "sp.campaigns.create",
        at,
        207,
        chain=f"b{at}",
        request=batch("campaigns", *map(_campaign, names)),
        reply=outcomes("campaigns", success, error),
        **more,
    )


def first_batch() -> dict[str, Any]:
    return batch_create(1, TEN, (1, 6), fault=met("two-of-ten", "partial"), committed=True)


def b01_only_failed() -> dict[str, CaseRecord]:
    return {
        "PASS": record("B01", first_batch(), batch_create(3, ("Batch 2", "Batch 7"))),
        "FAIL": record("B01", first_batch(), batch_create(3, TEN)),
        "UNPROVEN": record("B01", batch_create(1, TEN)),
    }


def b01_resubmits() -> dict[str, CaseRecord]:
    return {
        "PASS": record("B01", first_batch(), batch_create(3, ("Batch 2", "Batch 7"))),
        "WARN": record("B01", first_batch(), batch_create(3, ("Batch 2",))),
        "UNPROVEN": record("B01", batch_create(1, TEN)),
    }


def trios(count: int, wait: float) -> CaseRecord:
    """Return so many batches of three whose third item fails and comes back after ``wait``."""
    rows = []
    for n in range(count):
        names = tuple(f"Trio {n} {letter}" for letter in "abc")
        rows.append(batch_create(n, names, (2,), fault=met("two-of-ten", "partial")))
        rows.append(batch_create(n + 0.001 + wait, names[2:], fault=met("two-of-ten", "partial")))
    return record("B01", *rows)


def b01_paced() -> dict[str, CaseRecord]:
    return {"PASS": trios(13, 0.8), "FAIL": trios(13, 0.002), "UNPROVEN": trios(3, 0.8)}


def n06() -> dict[str, CaseRecord]:
    lost = lost_create(
        2, "Kept 1", fault=met("let-go", "close"), committed=True, ended="closed", reply=None
    )
    twice = {"11": {"sp.campaigns": [{"campaignId": n, "name": "Kept 1"} for n in "12"]}}
    return {
        "PASS": record("N06", lost, call("sp.campaigns.list", 3), created=stored("Kept 1")),
        "FAIL": record("N06", lost, lost_create(3, "Kept 1"), created=twice),
        "UNPROVEN": record("N06", lost_create(1, "Kept 1"), created=stored("Kept 1")),
    }


def download(at: float, address: str, status: int = 200, **more: Any) -> dict[str, Any]:
    return call("storage.get", at, status, chain=address, profileId=None, **more)


def x03() -> dict[str, CaseRecord]:
    ready = {"exportId": "e", "status": "COMPLETED", "url": "…"}
    start = [
        call("exports.campaigns.create", 0, 202, reply={"exportId": "e"}),
        call("exports.get", 5, reply=ready, chain="poll"),
        download(6, "old", 403, fault=met("address-expired", "url-expired")),
    ]
    renewed = [call("exports.get", 7, reply=ready, chain="poll"), download(8, "new")]
    return {
        "PASS": record("X03", *start, *renewed),
        "FAIL": record("X03", *start, *(download(7 + n, "old", 403) for n in range(2)), *renewed),
        "UNPROVEN": record("X03", *start[:2], download(6, "old")),
    }


def _tree(at: float, resource: str, parent: str, name: str) -> dict[str, Any]:
    key = "keywordText" if resource == "keywords" else "name"
    item = {"campaignId": parent, "adGroupId": "g", key: name}
    return call(
        f"sp.{resource}.create",
        at,
        207,
        chain=f"{resource}{name}",
        request=batch(resource, item),
        reply=outcomes(resource, {0: name}),
    )


def c01() -> dict[str, CaseRecord]:
    parents = call(
        "sp.campaigns.create",
        0,
        207,
        fault=met("second-fails", "partial"),
        request=batch("campaigns", _campaign("Standing tree"), _campaign("Fallen tree")),
        reply=outcomes("campaigns", {0: "7"}, {1: "budgetError"}),
    )
    standing = [
        _tree(1, "adGroups", "7", "Standing group"),
        _tree(2, "keywords", "7", "standing"),
    ]
    unbroken = parents | {
        "fault": None,
        "reply": outcomes("campaigns", {0: "7", 1: "8"}),
    }
    return {
        "PASS": record("C01", parents, *standing),
        "FAIL": record("C01", parents, *standing, _tree(3, "adGroups", "7", "Fallen group")),
        "UNPROVEN": record("C01", unbroken, *standing),
    }


def c01_parents() -> dict[str, CaseRecord]:
    answer = {0: "7", 2: "8", 3: "9"}
    parents = call(
        "sp.campaigns.create",
        0,
        207,
        fault=met("second-fails", "partial"),
        request=batch(
            "campaigns",
            *map(_campaign, ("Standing tree", "Fallen tree", "Third tree", "Fourth tree")),
        ),
        reply=outcomes("campaigns", answer, {1: "budgetError"}),
    )
    standing = _tree(1, "adGroups", "7", "Standing group")
    return {
        "PASS": record("C01", parents, standing, _tree(2, "adGroups", "8", "Third group")),
        "FAIL": record("C01", parents, standing, _tree(2, "adGroups", "9", "Third group")),
        "UNPROVEN": record("C01", parents, _tree(1, "adGroups", "999", "Standing group")),
    }


def b08() -> dict[str, CaseRecord]:
    """An update of two keywords; the second is throttled."""
    updated = call(
        "sp.keywords.update",
        0,
        207,
        fault=met("two-of-six", "partial"),
        request=batch("keywords", *({"keywordId": name, "bid": 0.72} for name in ("1", "2"))),
        reply=outcomes("keywords", {0: "1"}, {1: "throttledError"}),
    )
    again = updated | {
        "seq": 0,
        "request": batch("keywords", {"keywordId": "2", "bid": 0.72}),
        "reply": outcomes("keywords", {0: "2"}),
        "fault": None,
    }
    return {
        "PASS": record("B08", updated, again),
        "FAIL": record("B08", updated),
        "UNPROVEN": record("B08", updated | {"reply": outcomes("keywords", {0: "1", 1: "2"})}),
    }


def b09() -> dict[str, CaseRecord]:
    """An archiving of two keywords; the second is throttled."""
    archived = call(
        "sp.keywords.archive",
        1,
        207,
        fault=met("first-of-three", "partial"),
        request={"keywordIdFilter": {"include": ["7", "8"]}},
        reply=outcomes("keywords", {0: "7"}, {1: "throttledError"}),
    )
    gone = archived | {
        "request": {"keywordIdFilter": {"include": ["8"]}},
        "reply": outcomes("keywords", {0: "8"}),
        "fault": None,
    }
    return {
        "PASS": record("B09", archived, gone),
        "FAIL": record("B09", archived),
        "UNPROVEN": record("B09", archived | {"reply": outcomes("keywords", {0: "7", 1: "8"})}),
    }


def _failing(
    case: str, operation: str, bodies: tuple[dict[str, Any], ...]
) -> dict[str, CaseRecord]:
    """Two calls that fail without being stored, then succeed; the second may be forgotten."""
    failed = [
        call(operation, at, 503, fault=met(fault), request=body, reply=None, chain=fault)
        for at, (fault, body) in enumerate(zip(("always", "once"), bodies, strict=True))
    ]
    done = [
        call(operation, at, 207, request=body, chain=fault, reply=outcomes("keywords", rows))
        for at, fault, body, rows in zip(
            (5, 6), ("always", "once"), bodies, ({0: "1", 1: "2"}, {0: "3"}), strict=True
        )
    ]
    return {
        "PASS": record(case, *failed, *done),
        "FAIL": record(case, *failed, done[0]),
        "UNPROVEN": record(case, *done),
    }


def e10() -> dict[str, CaseRecord]:
    """Updates of two keywords and of one."""
    sent = tuple(
        batch("keywords", *({"keywordId": name, "bid": 0.71} for name in names))
        for names in (("1", "2"), ("3",))
    )
    return _failing("E10", "sp.keywords.update", sent)


def e11() -> dict[str, CaseRecord]:
    """Archivings of two keywords and of one."""
    sent = tuple({"keywordIdFilter": {"include": names}} for names in (["1", "2"], ["3"]))
    return _failing("E11", "sp.keywords.archive", sent)


SAMPLES = {
    "B01.only-failed": b01_only_failed(),
    "B01.paced": b01_paced(),
    "B01.resubmits": b01_resubmits(),
    "B08.read": b08(),
    "B09.read": b09(),
    "C01.orphans": c01(),
    "C01.parents": c01_parents(),
    "E02.once": e02(),
    "E10.settled": e10(),
    "E11.settled": e11(),
    "N03.once": n03(),
    "N06.once": n06(),
    "X03.fresh": x03(),
}
