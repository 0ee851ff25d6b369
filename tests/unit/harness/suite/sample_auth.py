"""Golden journals of the checks that look at grants, refused profiles and regions."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord, Ending
from tests.unit.harness.suite.journal_rows import call, grant, met, record

Rows = list[dict[str, Any]]
LIST = "sp.campaigns.list"
SAME = {"chain": "lwa"}


def _lists(count: int, start: float = 1, **more: Any) -> Rows:
    return [call(LIST, start + n, chain=f"l{n}", **more) for n in range(count)]


def a02() -> dict[str, CaseRecord]:
    return {
        "PASS": record("A02", grant(0), *_lists(60)),
        "WARN": record("A02", grant(0), *_lists(60), grant(70)),
        "UNPROVEN": record("A02", grant(0), *_lists(30)),
    }


def _together(count: int) -> Rows:
    return [
        call(
            LIST, 1 + n / 100, 401, chain=f"t{n}", fault=met("refused-together"), took=0.5 - n / 100
        )
        for n in range(count)
    ]


def a04() -> dict[str, CaseRecord]:
    return {
        "PASS": record("A04", grant(0), *_together(9), grant(2)),
        "WARN": record("A04", grant(0), *_together(9), grant(2), grant(2.1)),
        "UNPROVEN": record("A04", grant(0), *_together(3), grant(2)),
    }


def _lifetimes(late: int) -> Rows:
    """Return three lifetimes of three calls, ``late`` of each with the token after its end."""
    return [
        row
        for life in range(3)
        for row in (
            grant(10 * life, token=None),
            *_lists(7, 10 * life + 1, token=f"tok-{life}"),
            *(
                call(
                    LIST,
                    10 * life + 8.2 + n / 10,
                    401,
                    token=f"tok-{life}",
                    tokenState="expired",
                    chain=f"late{life}{n}",
                )
                for n in range(late)
            ),
        )
    ]


def a05() -> dict[str, CaseRecord]:
    return {
        "PASS": record("A05", *_lifetimes(1)),
        "WARN": record("A05", *_lifetimes(2)),
        "UNPROVEN": record("A05", *_lifetimes(0)[:9]),
    }


def _refused(at: float, fault: str, chain: str, **more: Any) -> dict[str, Any]:
    return call(LIST, at, 401, chain=chain, fault=met(fault), **more)


def a06() -> dict[str, CaseRecord]:
    first = _refused(1, "not-authorized", "us")
    second = _refused(2, "unauthorized", "ca")
    third = _refused(4, "unauthorized", "ca", token="tok-2")
    more = [_refused(at, "unauthorized", "ca", token="tok-3") for at in (5, 6, 7)]
    return {
        "PASS": record("A06", grant(0), first, second, grant(3), third),
        "FAIL": record("A06", grant(0), first, second, grant(3), third, *more),
        "UNPROVEN": record("A06", grant(0), first),
    }


def a10() -> dict[str, CaseRecord]:
    first = _refused(1, "scope-missing", "campaigns")
    second = _refused(2, "no-advertiser", "groups")
    third = _refused(4, "no-advertiser", "groups")
    more = [grant(5), _refused(6, "no-advertiser", "groups")]
    return {
        "PASS": record("A10", grant(0), first, second, grant(3), third),
        "WARN": record("A10", grant(0), first, second, grant(3), third, *more),
        "UNPROVEN": record("A10", grant(0), first),
    }


def _no_grant(at: float) -> dict[str, Any]:
    return grant(at, status=400, fault=met("consent-withdrawn"))


def a07_grants() -> dict[str, CaseRecord]:
    return {
        "PASS": record("A07", _no_grant(0), _no_grant(1)),
        "FAIL": record("A07", *(_no_grant(at) for at in range(13))),
        "UNPROVEN": record("A07", grant(0)),
    }


def a07_remembered() -> dict[str, CaseRecord]:
    found = a07_grants()
    return {"PASS": found["PASS"], "WARN": found["FAIL"], "UNPROVEN": found["UNPROVEN"]}


def a07_tokenless() -> dict[str, CaseRecord]:
    bare = call(LIST, 1, 401, token=None, tokenState="absent")
    return {
        "PASS": record("A07", _no_grant(0)),
        "FAIL": record("A07", _no_grant(0), bare),
        "UNPROVEN": record("A07", grant(0), call(LIST, 1)),
    }


def _trouble(*arrivals: float) -> Rows:
    trouble = {"chain": "lwa", "status": 503, "fault": met("token-trouble")}
    return [grant(at, took=0.0) | trouble for at in arrivals]


def a08_waits() -> dict[str, CaseRecord]:
    done = [grant(7.2) | SAME, call(LIST, 8)]
    return {
        "PASS": record("A08", *_trouble(0, 1.1, 3.2), *done),
        "WARN": record("A08", *_trouble(0, 0.005, 0.01), grant(0.016) | SAME, done[1]),
        "UNPROVEN": record("A08", grant(0) | SAME, call(LIST, 1)),
    }


def a08_proceeds() -> dict[str, CaseRecord]:
    return {
        "PASS": record("A08", *_trouble(0, 1.1, 3.2), grant(7.2) | SAME, call(LIST, 8)),
        "WARN": record("A08", *_trouble(0, 1.1, 3.2)),
        "UNPROVEN": record("A08", grant(0) | SAME, call(LIST, 1)),
    }


OWNERS = ("11", "12", "13")


def _three(*rows: dict[str, Any]) -> CaseRecord:
    """Return a record of A09 in which three profiles are asked for, the second one closed."""
    tasks = tuple({"verb": "list", "args": _wish(owner)} for owner in OWNERS)
    return record("A09", *rows, tasks=tasks)


def _wish(owner: str) -> dict[str, str]:
    return {"resource": "sp.campaigns", "profile": owner}


def _of(owner: str, at: float, status: int = 200, **more: Any) -> dict[str, Any]:
    return call(LIST, at, status, profileId=owner, chain=f"of{owner}", **more)


def a09_once() -> dict[str, CaseRecord]:
    first, closed, last = _of("11", 1), _of("12", 2, 403, fault=met("closed")), _of("13", 3)
    return {
        "PASS": _three(first, closed, last),
        "FAIL": _three(first, closed, closed, last),
        "UNPROVEN": _three(first, _of("12", 2), last),
    }


def a09_others() -> dict[str, CaseRecord]:
    first, closed, last = _of("11", 1), _of("12", 2, 403, fault=met("closed")), _of("13", 3)
    return {
        "PASS": _three(first, closed, last),
        "FAIL": _three(first, closed),
        "UNPROVEN": _three(first, _of("12", 2), last),
    }


def g02() -> dict[str, CaseRecord]:
    at_na = call("profiles.list", 1, region="NA", profileId=None)
    at_fe = call("profiles.list", 2, region="FE", profileId=None)
    read = call(LIST, 3, region="FE")
    return {
        "PASS": record("G02", at_na, at_fe, read),
        "WARN": record("G02", at_na, call(LIST, 3, 401, profileId="33")),
        "UNPROVEN": record("G02", at_na),
    }


def _unknown(at: float, region: str = "FE", chain: str = "a", **more: Any) -> dict[str, Any]:
    return call(LIST, at, 401, region=region, profileId="33", chain=chain, **more)


def g03() -> dict[str, CaseRecord]:
    here = [_unknown(1, fault=met("not-here")), _unknown(2, chain="b", fault=met("not-here"))]
    round_trip = [_unknown(3, "NA"), _unknown(4, "EU")]
    return {
        "PASS": record("G03", *here, _unknown(3, "NA")),
        "FAIL": record("G03", *here, *round_trip),
        "UNPROVEN": record("G03", _unknown(1, chain="a"), _unknown(2, chain="b")),
    }


def g05() -> dict[str, CaseRecord]:
    refused = call("profiles.list", 2, 403, region="EU", profileId=None, fault=met("not-listed"))
    rows = (call("profiles.list", 1, region="NA", profileId=None), refused)
    return {
        "PASS": record("G05", *rows, ending=Ending(exit_code=1)),
        "FAIL": record("G05", *rows, ending=Ending(exit_code=0)),
        "UNPROVEN": record("G05", *rows, ending=Ending(exit_code=-15, timed_out=True)),
    }


def g06() -> dict[str, CaseRecord]:
    fault = met("not-available")
    failed = call("profiles.list", 2, 503, region="EU", profileId=None, chain="p", fault=fault)
    rows = (call("profiles.list", 1, region="NA", profileId=None), failed)
    return {
        "PASS": record("G06", *rows, ending=Ending(exit_code=1)),
        "FAIL": record("G06", *rows, ending=Ending(exit_code=0)),
        "UNPROVEN": record("G06", *rows, ending=Ending(exit_code=-15, timed_out=True)),
    }


def _world(*, slow: bool) -> Rows:
    throttled = {"fault": met("throttled"), "retryAfter": "4", "chain": "na"}
    pause = range(8, 28) if slow else ()
    steady = [
        call(LIST, at + 0.1, region=region, chain=f"{region}{at}")
        for at in range(36)
        if at not in pause
        for region in ("EU", "FE")
    ]
    refused = [call(LIST, at, 429, **throttled) for at in (8, 13, 18, 23, 27.8)]
    rows = [call(LIST, 0), *steady, *refused, call(LIST, 33, chain="na")]
    return sorted(rows, key=lambda row: row["tArrive"])


def g04() -> dict[str, CaseRecord]:
    calm = [row | {"fault": None, "status": 200} for row in _world(slow=False)]
    return {
        "PASS": record("G04", *_world(slow=False)),
        "WARN": record("G04", *_world(slow=True)),
        "UNPROVEN": record("G04", *calm),
    }


SAMPLES = {
    "A02.grants": a02(),
    "A04.grants": a04(),
    "A05.expired": a05(),
    "A06.stops": a06(),
    "A07.grants": a07_grants(),
    "A07.remembered": a07_remembered(),
    "A07.tokenless": a07_tokenless(),
    "A08.proceeds": a08_proceeds(),
    "A08.waits": a08_waits(),
    "A09.once": a09_once(),
    "A09.others": a09_others(),
    "A10.once": a10(),
    "G02.found": g02(),
    "G03.hunt": g03(),
    "G04.rate": g04(),
    "G05.reported": g05(),
    "G06.reported": g06(),
}
