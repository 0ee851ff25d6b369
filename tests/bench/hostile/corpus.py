"""The corpus: what hostile and heavy callers send, by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

from tests.bench.hostile.attacker import Attacker, request

KIB, MIB = 1 << 10, 1 << 20
JSON = {"Content-Type": "application/json"}
MEDIA = ("Content-Type: application/json",)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CREATE = "/sp/campaigns"
LIST = "/sp/campaigns/list"
STATE = "/_mock/v1/sandboxes"

Attack = Callable[[Attacker], object]
Body = Callable[[], bytes]
"""Makes a body when it is sent: all of them together have hundreds of megabytes."""


def batch(item: bytes, size: int) -> bytes:
    return b'{"campaigns":[' + b",".join([item] * (size // (len(item) + 1))) + b"]}"


def campaigns(prefix: str, count: int) -> dict[str, Any]:
    budget = {"budget": 10.0, "budgetType": "DAILY"}
    rows = [
        {"name": f"{prefix}-{n}", "targetingType": "MANUAL", "state": "ENABLED", "budget": budget}
        for n in range(count)
    ]
    return {"campaigns": rows}


def nested(levels: int) -> bytes:
    return b'{"campaigns":' + b"[" * levels + b"]" * levels + b"}"


def endless(first: bytes, piece: bytes, size: int) -> Iterator[bytes]:
    yield first
    for _ in range(size // len(piece)):
        yield piece


def head(method: str = "GET", path: str = "/", *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *lines, ""]).encode("latin-1")


def slowly(attacker: Attacker, data: bytes, count: int, *, is_control: bool) -> None:
    for _ in range(count):
        attacker.hold(data, attacker.control if is_control else 0)


def pipelined(attacker: Attacker, count: int) -> None:
    call = b"GET /v2/profiles HTTP/1.1\r\nHost: x\r\n\r\n"
    attacker.raw(call * count)


def connections(attacker: Attacker) -> None:
    for _ in range(400):
        attacker.raw(head() + b"\r\n", seconds=5)


def lists(body: dict[str, Any], times: int = 3) -> Attack:
    def attack(attacker: Attacker) -> None:
        for _ in range(times):
            attacker.call(LIST, body)

    return attack


def token(body: Body, headers: dict[str, str]) -> Attack:
    return lambda attacker: attacker.call(
        "/auth/o2/token", body(), is_signed=False, headers=headers
    )


def signed(body: Body, path: str = CREATE, method: str = "POST") -> Attack:
    return lambda attacker: attacker.call(path, body(), method=method)


def unsigned(body: Body, path: str = CREATE) -> Attack:
    return lambda attacker: attacker.call(path, body(), is_signed=False, headers=JSON)


def control(method: str, path: str, body: Callable[[], Any] = bytes) -> Attack:
    return lambda attacker: attacker.do(method, path, body())


def imported(method: str, prefix: str, count: int) -> Attack:
    """Import entities; PUT replaces those of ``Rehearsal``, which has as many."""

    def attack(attacker: Attacker) -> None:
        profile = attacker.headers["Amazon-Advertising-API-Scope"]
        rows = campaigns(prefix, count)["campaigns"]
        attacker.do(method, "/state", {"profiles": {profile: {"sp.campaigns": rows}}})

    return attack


def at_once(*attacks: Attack) -> Attack:
    """Return an attack whose parts run at the same time."""

    def attack(attacker: Attacker) -> None:
        threads = [Thread(target=each, args=(attacker,)) for each in attacks]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    return attack


def rules(count: int, globs: int) -> Attack:
    names = [f"sp.{word}{'*' * place}*" for place in range(globs // 5 + 1) for word in "cktap"]
    row = {"match": {"operation": names[:globs]}, "effect": {"kind": "latency", "latencyMs": 1},
           "when": {"probability": 0}}  # fmt: skip
    return control("PUT", "/faults", lambda: json.dumps({"faults": [row] * count}).encode())


BODIES: dict[str, Attack] = {
    "256 KiB of invalid items": signed(lambda: batch(b"{}", 256 * KIB)),
    "1 MiB of invalid items": signed(lambda: batch(b"{}", MIB)),
    "4 MiB of invalid items": signed(lambda: batch(b"{}", 4 * MIB)),
    "15 MiB of invalid items": signed(lambda: batch(b"{}", 15 * MIB)),
    "900 invalid items": signed(lambda: batch(b"{}", 2_700)),
    "1 MiB of numbers": signed(lambda: batch(b"1", MIB)),
    "items of the wrong kind": signed(lambda: batch(b'{"name":[1,2],"budget":"x"}', 25 * KIB)),
    "one item with 200,000 members": signed(
        lambda: b'{"campaigns":[{' + b",".join(b'"m%d":1' % n for n in range(100_000)) + b"}]}"
    ),
    "one name that is a list": signed(
        lambda: b'{"campaigns":[{"name":[' + b"1," * 100_000 + b"1]}]}"
    ),
    "one name of 15 MiB": signed(lambda: b'{"campaigns":[{"name":"' + b"n" * 15 * MIB + b'"}]}'),
    "900 names of 16 KiB": signed(
        lambda: json.dumps({"campaigns": [{"name": "n" * 16 * KIB}] * 900}).encode()
    ),
    "255 levels": signed(lambda: nested(255)),
    "1,024 levels": signed(lambda: nested(1_024)),
    "a million levels": signed(lambda: nested(1_000_000)),
    "64 levels, wide": signed(lambda: b"[" + b",".join([b"[" * 60 + b"]" * 60] * 2_000) + b"]"),
    "deep without a token": unsigned(lambda: nested(500)),
    "16 MiB of space": signed(lambda: b" " * 16 * MIB),
    "15 MiB of brackets": unsigned(lambda: b"[" * 15 * MIB),
    "15 MiB of a number": unsigned(lambda: b"1" * 15 * MIB),
    "15 MiB of quotes": unsigned(lambda: b'["' + b'\\"' * 7 * MIB + b'"]'),
    "15 MiB of invalid text": unsigned(lambda: b"\xff" * 15 * MIB),
    "15 MiB, full journal, no token": unsigned(lambda: batch(b'{"name":"x"}', 15 * MIB)),
    "17 MiB": signed(lambda: b"x" * 17 * MIB),
    "bodies at their limit of values": signed(lambda: b'{"x":[' + b"1," * 249_000 + b"1]}"),
    "ids in a filter": signed(
        lambda: json.dumps({"campaignIdFilter": {"include": ["1"] * 9_999}}).encode(), LIST
    ),
    "too many ids": signed(
        lambda: json.dumps({"campaignIdFilter": {"include": ["1"] * 200_000}}).encode(), LIST
    ),
    "unified items of no kind": signed(
        lambda: json.dumps({"campaigns": [{"adProduct": "X"}] * 9_000}).encode(),
        "/adsApi/v1/create/campaigns",
    ),
    "storage with a body": lambda attacker: attacker.raw(
        request("GET", "/_storage/x?X-Amz-Signature=a", b'["JOB","9","9e12"]', JSON)
    ),
}  # fmt: skip

FORMS: dict[str, Attack] = {
    "15 MiB of a=&": token(lambda: b"a=&" * 5 * MIB, FORM),
    "15 MiB of percent signs": token(lambda: b"%41" * 5 * MIB, FORM),
    "15 MiB of JSON for a token": token(lambda: b'{"a":"' + b"b" * 15 * MIB + b'"}', JSON),
    "16 KiB of a=&": token(lambda: b"a=&" * 5_400, FORM),
    "true for a token": token(lambda: b"true", JSON),
    "a list for a token": token(lambda: b'["a"]', FORM),
}

HEADS: dict[str, Attack] = {
    "50 MiB of headers": lambda attacker: attacker.raw(
        endless(head(), b"A: b\r\n" * 10_000, 50 * MIB)
    ),
    "50 MiB in one header": lambda attacker: attacker.raw(
        endless(head() + b"A: ", b"b" * 64 * KIB, 50 * MIB)
    ),
    "50 MiB behind a body": lambda attacker: attacker.raw(
        endless(head("POST", CREATE, "Transfer-Encoding: chunked") + b"\r\n0\r\n",
                b"A: b\r\n" * 10_000, 50 * MIB)
    ),
    "a URL of 70,000 bytes": lambda attacker: attacker.raw(
        head("GET", "/" + "a" * 70_000) + b"\r\n"
    ),
    "a query of 16 KiB": lambda attacker: [
        attacker.call(LIST + "?" + "a=&" * 5_400, b"{}") for _ in range(5)
    ],
    "a path of 16,000 segments": lambda attacker: attacker.call("/a" * 8_000, b"{}"),
    "no path": lambda attacker: attacker.raw(head("GET", "http://x") + b"\r\n"),
    "half an address": lambda attacker: attacker.raw(head("GET", "http://[::1/") + b"\r\n"),
    "60 KiB of Accept": lambda attacker: attacker.call(
        LIST, b"{}", headers={"Accept": "a/b," * 15_000}
    ),
    "60 KiB of Accept-Encoding": lambda attacker: attacker.call(
        LIST, b"{}", headers={"Accept-Encoding": "gzip;q=0.," * 6_000}
    ),
    "4,000 pipelined requests": lambda attacker: pipelined(attacker, 4_000),
    "100 pipelined requests": lambda attacker: pipelined(attacker, 100),
    "400 connections": connections,
    "500 unfinished heads": lambda attacker: slowly(attacker, head(), 500, is_control=False),
    "200 unfinished bodies": lambda attacker: slowly(
        attacker, head("POST", CREATE, "Content-Length: 100000") + b"\r\n" + b"x" * 60_000, 200,
        is_control=False,
    ),
    "pieces of one byte": lambda attacker: attacker.raw(
        endless(head("POST", CREATE, "Transfer-Encoding: chunked") + b"\r\n",
                b"1\r\nx\r\n" * 10_000, 3 * MIB)
    ),
    "40 MiB in unfinished bodies": lambda attacker: slowly(
        attacker, head("POST", CREATE, f"Content-Length: {16 * MIB}") + b"\r\n" + b"x" * 8 * MIB, 5,
        is_control=False,
    ),
}  # fmt: skip

HEAVY: dict[str, Attack] = {
    "create 1,000": lambda attacker: attacker.call(CREATE, campaigns("new", 1_000)),
    "create 1,000 that exist": lambda attacker: attacker.call(CREATE, campaigns("again", 1_000)),
    "list by state": lists({"stateFilter": {"include": ["ENABLED"]}}),
    "list by part of a name": lists({"nameFilter": {"include": ["7"]}}),
    "list by name": lists(
        {"nameFilter": {"include": ["big-77"], "queryTermMatchType": "EXACT_MATCH"}}
    ),
    "list by state and name": lists(
        {"stateFilter": {"include": ["ENABLED"]}, "nameFilter": {"include": ["99"]}}
    ),
    "list by state and 100 names": lists(
        {"stateFilter": {"include": ["ENABLED"]},
         "nameFilter": {"include": [f"g-{n}" for n in range(100)]}}
    ),
    "list by portfolio": lists({"portfolioIdFilter": {"include": ["1"]}}),
    "list with extended data": lists({"includeExtendedDataFields": True, "maxResults": 1_000}),
    "list of 10,000 ids": lists({"campaignIdFilter": {"include": [str(n) for n in range(9_999)]}}),
    "export of 200,000": lambda attacker: attacker.call(
        "/campaigns/export", {"adProductFilter": ["SPONSORED_PRODUCTS"]},
        headers={"Content-Type": "application/vnd.campaignsexport.v1+json",
                 "Accept": "application/vnd.campaignsexport.v1+json"},
    ),
    "unified list": lambda attacker: attacker.call(
        "/adsApi/v1/query/campaigns", {"adProductFilter": {"include": ["SPONSORED_PRODUCTS"]}},
        headers=JSON | {"Accept": "application/json"},
    ),
    "archive 1,000 unknown": lambda attacker: attacker.call(
        "/sp/campaigns/delete", {"campaignIdFilter": {"include": [str(n) for n in range(1_000)]}}
    ),
}  # fmt: skip

CONTROL: dict[str, Attack] = {
    "12 unfinished control bodies": lambda attacker: slowly(
        attacker, head("POST", STATE, "Content-Length: 100") + b"\r\n{", 12, is_control=True
    ),
    "65 MiB in chunks": lambda attacker: attacker.raw(
        endless(head("POST", STATE, "Transfer-Encoding: chunked", *MEDIA) + b"\r\n",
                b"10000\r\n" + b" " * 65_536 + b"\r\n", 66 * MIB),
        attacker.control,
    ),
    "1 MiB of invalid rules": control(
        "PUT", "/faults", lambda: b'{"faults":[' + b"1," * MIB + b"1]}"
    ),
    "10,000 invalid rules": control(
        "PUT", "/faults", lambda: b'{"faults":[' + b"1," * 9_000 + b"1]}"
    ),
    "a rule of 500 levels": control(
        "POST", "/faults",
        lambda: b'{"match":{"body":{"a":' + b"[" * 500 + b"]" * 500
        + b'}},"effect":{"kind":"empty"}}',
    ),
    "100,000 unknown members": control(
        "POST", "/faults", lambda: b"{" + b",".join(b'"m%d":1' % n for n in range(100_000)) + b"}"
    ),
    "state out": control("GET", "/state"),
    "journal as HAR": control("GET", "/journal?format=har"),
    "journal as lines": control("GET", "/journal?format=ndjson"),
    "10,000 entries of the journal": control("GET", "/journal?limit=10000"),
    "verify over the journal": control("POST", "/verify", lambda: {"match": {"path": "*a*b*c*"}}),
    "500 demo campaigns": control("POST", "/state/invention", lambda: {"campaigns": 500}),
    "ten thousand rules": rules(10_000, 2),
    "a list under ten thousand rules": lists({}),
    "ten thousand rules with 200 globs": rules(10_000, 200),
    "a list under a million globs": lists({}),
    "no rules": control("DELETE", "/faults"),
    "a snapshot": control("POST", "/snapshots", lambda: {"name": "big"}),
    "a snapshot restored": control("POST", "/snapshots/big/restore"),
    "state in": imported("PUT", "big", 200_000),
    "50,000 entities added": imported("PATCH", "added", 50_000),
    "seven imports at once, an export and a list": at_once(
        *[imported("PUT", "big", 25_000)] * 7, HEAVY["export of 200,000"],
        HEAVY["list by part of a name"],
    ),
    "state in again": imported("PUT", "big", 200_000),
    "a year in one step": control("POST", "/clock/advance", lambda: {"seconds": 31_536_000}),
    "metrics": lambda attacker: [
        attacker.raw(request("GET", "/metrics"), attacker.control) for _ in range(5)
    ],
    "the OpenAPI document": control("GET", "//_mock/v1/openapi.json"),
    "300 sandboxes": lambda attacker: [
        attacker.do("POST", "//_mock/v1/sandboxes", {"id": f"many-{n}"}) for n in range(300)
    ],
    "entities of 200,000": control("GET", "/entities?resource=sp.campaigns&search=zz"),
    "entities by a search of 16 KiB": control("GET", "/entities?search=" + "z" * 16 * KIB),
    "1 MiB for the journal's mode": control(
        "PUT", "/journal", lambda: b'{"mode":"' + b"x" * MIB + b'"}'
    ),
    "journal as a cassette": control("GET", "/journal?format=vcr"),
    "a Postman collection": control("GET", "/postman"),
    "100 event streams": lambda attacker: slowly(
        attacker, head("GET", "/_mock/v1/events") + b"\r\n", 100, is_control=True
    ),
    "a clock of 500 levels": control("PUT", "//_mock/v1/clocks", lambda: nested(500)),
    "all clocks without end": control(
        "POST", "//_mock/v1/clocks/advance", lambda: {"seconds": 1e300}
    ),
    "reset of 200,000": control("POST", "/reset", lambda: {"scope": ["state"]}),
}  # fmt: skip

CORPUS: dict[str, Attack] = BODIES | FORMS | HEADS | HEAVY | CONTROL
