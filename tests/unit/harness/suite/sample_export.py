"""Golden journals of the checks that look at exports: asked for, polled, left, used."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, met, record

KINDS = {"campaigns": "campaigns", "adGroups": "adgroups", "targets": "targets", "ads": "ads"}


def media(kind: str) -> str:
    return f"application/vnd.{KINDS[kind]}export.v1+json"


def made(at: float, name: str = "e1", kind: str = "campaigns", **more: Any) -> dict[str, Any]:
    headers = {"accept": media(kind), "content-type": media(kind)}
    reply = {"exportId": name, "status": "PROCESSING"}
    facts = {"reply": reply, "headers": headers, "chain": f"make-{kind}", "path": f"/{kind}/export"}
    return call(f"exports.{kind}.create", at, **({"status": 202} | facts | more))


def poll(
    at: float, said: str = "PROCESSING", name: str = "e1", kind: str = "campaigns", **more: Any
) -> dict[str, Any]:
    facts = {
        "reply": {"exportId": name, "status": said},
        "headers": {"accept": media(kind)},
        "chain": f"poll-{name}",
        "path": f"/exports/{name}",
    }
    return call("exports.get", at, **(facts | more))


def download(at: float, **more: Any) -> dict[str, Any]:
    facts = {"chain": f"file{at}", "profileId": None, "clientId": None, "token": None}
    return call("storage.get", at, **(facts | more))


DONE = "COMPLETED"
LISTED = call("sp.campaigns.list", 1)


def x01() -> dict[str, CaseRecord]:
    own = [
        row
        for n, kind in enumerate(KINDS)
        for row in (made(n, kind, kind), poll(n + 5, DONE, kind, kind))
    ]
    bare = poll(5, DONE, headers={"accept": "application/json"})
    return {
        "PASS": record("X01", *own),
        "FAIL": record("X01", made(0), bare),
        "UNPROVEN": record("X01", made(0)),
    }


def polled(*at: float) -> list[dict[str, Any]]:
    return [made(0), *(poll(moment) for moment in at[:-1]), poll(at[-1], DONE)]


def x02(breach: str, *at: float) -> dict[str, CaseRecord]:
    return {
        "PASS": record("X02", *polled(2, 5, 9.5, 17)),
        breach: record("X02", *polled(*at)),
        "UNPROVEN": record("X02", made(0), download(2)),
    }


THROTTLED = poll(
    5, "", status=429, reply={}, retryAfter="7", fault=met("poll-throttled"), chain="poll-e1"
)


def x04_early() -> dict[str, CaseRecord]:
    return {
        "PASS": record("X04", made(0), THROTTLED, poll(13, DONE)),
        "FAIL": record("X04", made(0), THROTTLED, poll(9, DONE)),
        "UNPROVEN": record("X04", made(0), poll(5, DONE)),
    }


def x04_kept() -> dict[str, CaseRecord]:
    return {
        "PASS": record("X04", made(0), THROTTLED, poll(13, DONE)),
        "FAIL": record("X04", made(0), THROTTLED, made(6, "e2"), poll(13, DONE, "e2")),
        "UNPROVEN": record("X04", made(0), poll(5, DONE)),
    }


def twelve(refused: int = 0, done: int = 12) -> list[dict[str, Any]]:
    return [
        *(made(n, f"e{n}") for n in range(12)),
        *(made(20 + n, status=429, reply={}) for n in range(refused)),
        *(poll(40 + n, DONE, f"e{n}") for n in range(done)),
        *(poll(60 + n, name=f"e{n}") for n in range(done, 12)),
    ]


def x05(breach: list[dict[str, Any]]) -> dict[str, CaseRecord]:
    nothing = [made(n, status=429, reply={}) for n in range(12)]
    return {
        "PASS": record("X05", *twelve(refused=2)),
        "WARN": record("X05", *breach),
        "UNPROVEN": record("X05", *nothing),
    }


def x06() -> dict[str, CaseRecord]:
    start = [made(0, fault=met("fails", "async-fail")), poll(5), poll(12, "FAILED")]
    again = [made(72, "e2"), poll(77, DONE, "e2")]
    return {
        "PASS": record("X06", *start, *again),
        "FAIL": record("X06", *start, poll(20, "FAILED"), *again),
        "UNPROVEN": record("X06", made(0), poll(5, DONE)),
    }


def x07() -> dict[str, CaseRecord]:
    stuck = made(0, fault=met("never-ends", "async-stuck"))
    return {
        "PASS": record("X07", stuck, poll(5), poll(3500)),
        "FAIL": record("X07", stuck, poll(5), poll(20_000)),
        "UNPROVEN": record("X07", stuck),
    }


def x07_pace() -> dict[str, CaseRecord]:
    stuck = made(0, fault=met("never-ends", "async-stuck"))
    patient = [poll(5.0 * n) for n in range(1, 13)]
    hot = [poll(60 + 0.5 * n) for n in range(1, 80)]
    return {
        "PASS": record("X07", stuck, *patient),
        "FAIL": record("X07", stuck, *patient, *hot),
        "UNPROVEN": record("X07", stuck),
    }


def x08() -> dict[str, CaseRecord]:
    pages = [call("sp.campaigns.list", at, chain=f"p{at}") for at in range(6)]
    return {
        "PASS": record("X08", made(0), poll(5, DONE), *pages[:5]),
        "WARN": record("X08", made(0), poll(5, DONE), *pages),
        "UNPROVEN": record("X08", call("sp.campaigns.update", 1)),
    }


def x09() -> dict[str, CaseRecord]:
    head = [made(0), poll(5, DONE)]
    return {
        "PASS": record("X09", *head, download(6)),
        "FAIL": record("X09", *head, download(6, token="tok-1")),
        "UNPROVEN": record("X09", *head),
    }


def x10() -> dict[str, CaseRecord]:
    gone = poll(5, "", status=404, reply={}, fault=met("day-is-over"))
    again = [made(6, "e2"), poll(12, DONE, "e2")]
    return {
        "PASS": record("X10", made(0), gone, *again),
        "FAIL": record("X10", made(0), gone, poll(6), *again),
        "UNPROVEN": record("X10", made(0), poll(5, DONE)),
    }


def x11() -> dict[str, CaseRecord]:
    return {
        "PASS": record("X11", made(0), made(1, "e2"), made(2, "e3", "ads")),
        "WARN": record("X11", made(0), made(1, "e2"), made(2, "e3")),
        "UNPROVEN": record("X11", LISTED),
    }


SAMPLES = {
    "X01.types": x01(),
    "X02.pace": x02("FAIL", 0.2, 0.4, 0.6, 0.8),
    "X02.growth": x02("WARN", 2, 4, 6, 8),
    "X04.early": x04_early(),
    "X04.kept": x04_kept(),
    "X05.refused": x05(twelve(refused=3)),
    "X05.finish": x05(twelve(done=11)),
    "X06.left": x06(),
    "X07.ends": x07(),
    "X07.pace": x07_pace(),
    "X08.bulk": x08(),
    "X09.plain": x09(),
    "X10.again": x10(),
    "X11.few": x11(),
}
