"""Golden journals of the checks that look at tokens, regions, waits, pages and versions."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, grant, met, record

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


def a11() -> dict[str, CaseRecord]:
    def refused(region: str, at: float) -> dict[str, Any]:
        fault = met(f"revoked-in-{region.lower()}", "token-revoked")
        return call("sp.campaigns.list", at, 401, region=region, fault=fault)

    def again(region: str, at: float, token: str) -> dict[str, Any]:
        return call("sp.campaigns.list", at, region=region, token=token)

    eu = [refused("EU", 1), grant(2), again("EU", 3, "tok-2")]
    return {
        "PASS": record("A11", *eu, refused("FE", 4), grant(5, "tok-3"), again("FE", 6, "tok-3")),
        "FAIL": record("A11", *eu, refused("FE", 4), again("FE", 5, "tok-1")),
        "UNPROVEN": record("A11", *eu),
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
    """Return a chain of T01: 429 with 3, 10 and 25 seconds, then a success."""
    rows = [
        call(
            "sp.campaigns.list",
            at,
            429,
            chain=chain,
            retryAfter=str(wait),
            fault=met(f"wait-{wait}"),
        )
        for at, wait in zip(arrivals[:3], (3, 10, 25), strict=False)
    ]
    return [*rows[: len(arrivals) - success], *_last(chain, arrivals)] if success else rows


def _last(chain: str, arrivals: Sequence[float]) -> Rows:
    return [call("sp.campaigns.list", arrivals[-1], chain=chain)]


T01_KEPT = [
    *throttled("c0", [0, 3.1, 13.2, 38.4]),
    *throttled("c1", [1, 4.1, 14.2]),
    *(row for n in (2, 3) for row in throttled(f"c{n}", [n, n + 3.1])),
]


def t01_early() -> dict[str, CaseRecord]:
    return {
        "PASS": record("T01", *T01_KEPT, *throttled("c4", [9, 12.1])),
        "FAIL": record("T01", *T01_KEPT, *throttled("c4", [9, 10.02])),
        "UNPROVEN": record("T01", *T01_KEPT[:4]),
    }


def t01_resumes() -> dict[str, CaseRecord]:
    quit_early = [row for n in range(5) for row in throttled(f"c{n}", [float(n)], success=False)]
    return {
        "PASS": record("T01", *T01_KEPT, *throttled("c4", [9, 12.1])),
        "WARN": record("T01", *quit_early),
        "UNPROVEN": record("T01", *T01_KEPT[:4]),
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


def page(at: float, token: str | None, following: str | None) -> dict[str, Any]:
    request = {"maxResults": 10} | ({"nextToken": token} if token else {})
    reply = {"campaigns": []} | ({"nextToken": following} if following else {})
    return call("sp.campaigns.list", at, chain=f"p{token}", request=request, reply=reply)


def p01() -> dict[str, CaseRecord]:
    pages = [
        page(at, token, following)
        for at, (token, following) in enumerate(
            [(None, "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", None)]
        )
    ]
    return {
        "PASS": record("P01", *pages),
        "FAIL": record("P01", *pages[:1]),
        "UNPROVEN": record("P01", page(0, None, None)),
    }


def v01() -> dict[str, CaseRecord]:
    once = [call("sp.campaigns.list", 0, 404), call("sp.campaigns.create", 1, 404)]
    again = call("sp.campaigns.list", 2, 404)
    return {
        "PASS": record("V01", *once),
        "FAIL": record("V01", *once, again),
        "UNPROVEN": record("V01", call("sp.campaigns.list", 0)),
    }


SAMPLES = {
    "A01.headers": a01(),
    "A03.refresh": a03(),
    "A11.refresh": a11(),
    "G01.region": g01_region(),
    "G01.resumes": g01_resumes(),
    "P01.pages": p01(),
    "T01.early": t01_early(),
    "T01.resumes": t01_resumes(),
    "T03.growth": t03(),
    "V01.stops": v01(),
}
