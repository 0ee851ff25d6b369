"""Hand-written journals: for each check one that keeps the claim, one that breaks it, and one that
gives no chance to do either."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from harness.suite.journal import CaseRecord
from tests.unit.suite.rows import batch, call, grant, met, outcomes, record

Rows = list[dict[str, Any]]


def _round(at: float, **more: Any) -> Rows:
    return [
        call("profiles.list", at, region="NA", profileId=None),
        *(
            call(f"sp.campaigns.{verb}", at + number, region=region, **more)
            for number, (region, verb) in enumerate(
                (region, verb) for region in ("NA", "EU", "FE") for verb in ("list", "create")
            )
        ),
    ]


def a01() -> dict[str, CaseRecord]:
    lacking = _round(1)
    lacking[3] = lacking[3] | {"profileId": None, "status": 401}
    return {
        "PASS": record("A01", grant(0), *_round(1)),
        "FAIL": record("A01", grant(0), *lacking),
        "UNPROVEN": record("A01", grant(0), *_round(1)[:3]),
    }


def a03() -> dict[str, CaseRecord]:
    refused = call("sp.campaigns.list", 1, 401, fault=met("revoked-early", "token-revoked"))
    again = call("sp.campaigns.list", 3, token="tok-2")
    after = call("sp.adGroups.list", 4, token="tok-2")
    return {
        "PASS": record("A03", grant(0), refused, grant(2), again, after),
        "FAIL": record(
            "A03", grant(0), refused, call("sp.campaigns.list", 2, 401), grant(2.5), again, after
        ),
        "UNPROVEN": record("A03", grant(0), call("sp.campaigns.list", 1), after),
    }


def _dark(at: float, **more: Any) -> dict[str, Any]:
    return call("sp.adGroups.list", at, 503, region="EU", fault=met("eu-dark", "outage"), **more)


def g01_region() -> dict[str, CaseRecord]:
    bright = [call("sp.campaigns.list", at, region=r) for at, r in enumerate(("NA", "EU", "FE"))]
    dark = [_dark(3), _dark(4)]
    astray = call("sp.adGroups.list", 5, 401, region="NA", profileId="22")
    return {
        "PASS": record("G01", *bright, *dark, call("sp.adGroups.list", 9, region="EU")),
        "FAIL": record("G01", *bright, *dark, astray),
        "UNPROVEN": record("G01", *bright),
    }


def g01_resumes() -> dict[str, CaseRecord]:
    bright = [call("sp.campaigns.list", at, region=r) for at, r in enumerate(("NA", "EU", "FE"))]
    return {
        "PASS": record("G01", *bright, _dark(3), call("sp.adGroups.list", 9, region="EU")),
        "WARN": record("G01", *bright, _dark(3), call("sp.adGroups.list", 9, region="NA")),
        "UNPROVEN": record("G01", *bright),
    }


def throttled(chain: str, arrivals: Sequence[float], *, success: bool = True) -> Rows:
    """Return a chain of T01: 429 with 3, 1 and 4 seconds, then a success."""
    rows = [
        call(
            "sp.campaigns.list",
            at,
            429,
            chain=chain,
            retryAfter=str(wait),
            fault=met(f"wait-{wait}"),
        )
        for at, wait in zip(arrivals, (3, 1, 4), strict=False)
    ]
    return [*rows, call("sp.campaigns.list", arrivals[-1], chain=chain)] if success else rows


def t01_early() -> dict[str, CaseRecord]:
    kept = [row for n in range(5) for row in throttled(f"c{n}", [n, n + 3.1, n + 4.2, n + 8.4])]
    early = [row for n in range(4) for row in throttled(f"c{n}", [n, n + 3.1, n + 4.2, n + 8.4])]
    return {
        "PASS": record("T01", *kept),
        "FAIL": record("T01", *early, *throttled("c4", [9, 10.02, 12, 17])),
        "UNPROVEN": record("T01", *throttled("c0", [0, 3.1, 4.2, 8.4])),
    }


def t01_resumes() -> dict[str, CaseRecord]:
    kept = [row for n in range(5) for row in throttled(f"c{n}", [n, n + 3.1, n + 4.2, n + 8.4])]
    quit_early = [row for n in range(5) for row in throttled(f"c{n}", [float(n)], success=False)]
    return {
        "PASS": record("T01", *kept),
        "WARN": record("T01", *quit_early),
        "UNPROVEN": record("T01", *throttled("c0", [0, 3.1, 4.2, 8.4])),
    }


def backing_off(chain: str, start: float, waits: Sequence[float]) -> Rows:
    """Return a chain of T03: a 429 without a header for each wait, then a success."""
    times = list(accumulate(waits, initial=start))
    rows = [
        call("sp.campaigns.list", at, 429, chain=chain, took=0.0, fault=met("five-refusals"))
        for at in times[:-1]
    ]
    return [*rows, call("sp.campaigns.list", times[-1], chain=chain)]


def _chains(count: int, waits: Sequence[float]) -> Rows:
    return [row for n in range(count) for row in backing_off(f"c{n}", n * 0.1, waits)]


def t03() -> dict[str, CaseRecord]:
    return {
        "PASS": record("T03", *_chains(8, [1.2, 2.4, 4.1, 8.8, 16.5])),
        "WARN": record("T03", *_chains(8, [1.1, 1.0, 1.2, 0.9, 1.1])),
        "UNPROVEN": record("T03", *_chains(7, [1.2, 2.4, 4.1, 8.8, 16.5])),
    }


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


def _n03_create(at: float, *names: str, **more: Any) -> dict[str, Any]:
    sent = batch("campaigns", *map(_campaign, names))
    return call("sp.campaigns.create", at, 207, request=sent, chain=f"c{names}", **more)


def _stored(*names: str) -> dict[str, Any]:
    rows = [{"campaignId": str(n), "name": name} for n, name in enumerate(names)]
    return {"11": {"sp.campaigns": rows}}


def n03() -> dict[str, CaseRecord]:
    names = ("Lost 1", "Lost 2", "Lost 3")
    lost = _n03_create(
        1, *names, fault=met("answer-lost", "reset"), committed=True, ended="reset", reply=None
    )
    duplicate = outcomes("campaigns", {}, dict.fromkeys(range(3), "duplicateValueError"))
    told = _n03_create(3, *names, reply=duplicate)
    return {
        "PASS": record("N03", lost, told, created=_stored(*names)),
        "FAIL": record(
            "N03", lost, told, _n03_create(6, *names, reply=duplicate), created=_stored(*names)
        ),
        "UNPROVEN": record("N03", _n03_create(1, *names), created=_stored(*names)),
    }


TEN = tuple(f"Batch {n}" for n in range(1, 11))


def _b01_create(at: float, names: Sequence[str], failed: Sequence[int] = (), **more: Any) -> Any:
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


def _b01_first() -> dict[str, Any]:
    return _b01_create(1, TEN, (1, 6), fault=met("two-of-ten", "partial"), committed=True)


def b01_only_failed() -> dict[str, CaseRecord]:
    return {
        "PASS": record("B01", _b01_first(), _b01_create(3, ("Batch 2", "Batch 7"))),
        "FAIL": record("B01", _b01_first(), _b01_create(3, TEN)),
        "UNPROVEN": record("B01", _b01_create(1, TEN)),
    }


def b01_resubmits() -> dict[str, CaseRecord]:
    return {
        "PASS": record("B01", _b01_first(), _b01_create(3, ("Batch 2", "Batch 7"))),
        "WARN": record("B01", _b01_first(), _b01_create(3, ("Batch 2",))),
        "UNPROVEN": record("B01", _b01_create(1, TEN)),
    }


def _page(at: float, token: str | None, following: str | None) -> dict[str, Any]:
    request = {"maxResults": 10} | ({"nextToken": token} if token else {})
    reply = {"campaigns": []} | ({"nextToken": following} if following else {})
    return call("sp.campaigns.list", at, chain=f"p{token}", request=request, reply=reply)


def p01() -> dict[str, CaseRecord]:
    pages = [
        _page(at, token, following)
        for at, (token, following) in enumerate(
            [(None, "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", None)]
        )
    ]
    return {
        "PASS": record("P01", *pages),
        "FAIL": record("P01", *pages[:1]),
        "UNPROVEN": record("P01", _page(0, None, None)),
    }


def _download(at: float, address: str, status: int = 200, **more: Any) -> dict[str, Any]:
    return call("storage.get", at, status, chain=address, profileId=None, **more)


def x03() -> dict[str, CaseRecord]:
    ready = {"exportId": "e", "status": "COMPLETED", "url": "…"}
    start = [
        call("exports.campaigns.create", 0, 202, reply={"exportId": "e"}),
        call("exports.get", 5, reply=ready, chain="poll"),
        _download(6, "old", 403, fault=met("address-expired", "url-expired")),
    ]
    renewed = [call("exports.get", 7, reply=ready, chain="poll"), _download(8, "new")]
    return {
        "PASS": record("X03", *start, *renewed),
        "FAIL": record("X03", *start, *(_download(7 + n, "old", 403) for n in range(2)), *renewed),
        "UNPROVEN": record("X03", *start[:2], _download(6, "old")),
    }


def v01() -> dict[str, CaseRecord]:
    once = [call("sp.campaigns.list", 0, 404), call("sp.campaigns.create", 1, 404)]
    again = call("sp.campaigns.list", 2, 404)
    return {
        "PASS": record("V01", *once),
        "FAIL": record("V01", *once, again),
        "UNPROVEN": record("V01", call("sp.campaigns.list", 0)),
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


GOLDEN: dict[str, dict[str, CaseRecord]] = {
    "A01.headers": a01(),
    "A03.refresh": a03(),
    "B01.only-failed": b01_only_failed(),
    "B01.resubmits": b01_resubmits(),
    "C01.orphans": c01(),
    "E02.once": e02(),
    "G01.region": g01_region(),
    "G01.resumes": g01_resumes(),
    "N03.once": n03(),
    "P01.pages": p01(),
    "T01.early": t01_early(),
    "T01.resumes": t01_resumes(),
    "T03.growth": t03(),
    "V01.stops": v01(),
    "X03.fresh": x03(),
}
