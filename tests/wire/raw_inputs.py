"""Raw inputs for every port: well-formed requests with wrong content, and their ruins.

An input depends on its seed and number alone.
"""

from __future__ import annotations

from random import Random  # noqa: TID251 -- made by the seeded generator

from adsmock.contracts.loader import load
from adsmock.mockserver.control.routes import ROUTES
from adsmock.mockserver.core import seeded_random

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "BREW")
TARGETS = (
    "/", "*", "//", "/%", "/%zz", "/%00", "/%ff%fe", "/..%2f..", "/?", "/?=&=&a[]=1", "/#x", "http://x",
    "http://x?y", "http://[::1/", "http://[::1]:9/x", "x:443", "/_s/default/sp/campaigns/list",
    "/na/v2/profiles", "/_storage/x?X-Amz-Signature=a", "/auth/o2/token", "/" + "a" * 9_000,
    "/sp/campaigns/list?" + "a=b&" * 500, "/\xe9", "/" + "/" * 300,
)  # fmt: skip
HEADERS = (
    "Host: advertising-api.amazon.com", "Host: [::1", "Host: \xff", "Content-Length: 5",
    "Content-Length: 99999999999", "Content-Length: -1", "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip", "Expect: 100-continue", "Connection: upgrade", "Upgrade: websocket",
    "Connection: close", "Authorization: Bearer", "Authorization: Basic !!!", "Authorization: \xff",
    "Authorization: Bearer Atza|x", "Authorization: Basic YTpi", "Accept: ,,,;;;", "Accept: */*",
    "Content-Type: application/json", "Content-Type: text/plain; charset=\xff", "Prefer: \t",
    "Content-Type: application/x-www-form-urlencoded", "Origin: http://[", "Cookie: " + "c" * 3_000,
    "Amazon-Advertising-API-Scope: 1", "Amazon-Advertising-API-Scope: \xb2", "Last-Event-ID: \xb2",
    "Amazon-Advertising-API-ClientId: \x7f", "X: " + "y" * 70_000, "Accept: text/event-stream",
)  # fmt: skip
BODIES = (
    b"", b"{}", b"[]", b"null", b"true", b"0", b"-1", b"1e999", b'"x"', b"\xff", b"{", b"[" * 300,
    b"[" * 90 + b"]" * 90, b'{"a":' * 200 + b"1" + b"}" * 200, b"[" * 2_000 + b"]" * 2_000,
    b'{"campaigns":[{}]}', b'{"campaigns":[[],1,null,"x",{"name":{}}]}', b'{"campaigns":{}}',
    b'{"stateFilter":{"include":[{}]}}', b'{"maxResults":1e400}', b'{"nextToken":["x"]}',
    b'{"campaignIdFilter":{"include":["x",1,null]}}', b'{"nameFilter":{"include":[1]}}',
    b'{"id":"\\u0000","seed":1e30}', b'{"faults":[1,{}]}', b'{"effect":{"kind":"http"}}',
    b'{"profiles":{"x":{"sp.campaigns":[1]}}}', b'{"mode":"frozen","start":"9999-99-99"}',
    b'{"duration":"P9999999999D"}', b'{"\\ud83d\\ude00":"\\u202e"}', b'{"name":"\\ud800"}',
    b"grant_type=refresh_token", b"a=&" * 900, b"grant_type=x&client_id=%ff",
    b'["JOB","9","9e12"]', b'{"grant_type":["a"],"client_id":{}}', b"zz\r\n",
    b"5\r\nabcde\r\n0\r\n\r\n",
    b"0\r\nT: x\r\n\r\n",
)  # fmt: skip
TOKENS = (
    b"\r\n", b"\r\n\r\n", b"\0", b"\xff\xfe", b"%00", b"[" * 300, b" ", b"\n", b"'", b'"',
    b"Content-Length: 7\r\n", b"Transfer-Encoding: chunked\r\n", b"HTTP/1.1", b"HTTP/9.9",
    b"\x16\x03\x01\x02\x00\x01",
)  # fmt: skip


LOCKING = {"sandboxes.delete", "tokens.revoke", "clock.advance", "clock.put", "throttle.put"}
"""Operations after which further calls would only be refused: they get a sandbox of their own."""
DATA = tuple((row.method, row.path) for row in load().operations.values())
CONTROL = tuple(
    (row.method, row.path.replace("{sandbox}", "other" if row.id in LOCKING else "fuzz"))
    for row in ROUTES
)
"""Method and path of every operation of a plane."""


class RawInputs:
    """Inputs by number. ``credentials`` are header lines with which some requests are signed."""

    def __init__(self, seed: object, credentials: tuple[str, ...] = ()) -> None:
        self._seed = seed
        self._credentials = credentials

    def make(self, number: int, *, is_control: bool) -> bytes:
        """Return the bytes of one input, for the control plane or the data plane."""
        paths = CONTROL if is_control else DATA
        draw = seeded_random.generator(self._seed, number)
        if draw.random() < 0.05:
            return draw.randbytes(draw.randrange(1, 400))
        raw = self._request(draw, paths)
        if draw.random() < 0.15:
            raw += self._request(draw, paths)  # pipelined
        for _ in range(draw.choice((0, 0, 0, 0, 1, 3))):
            raw = _damaged(raw, draw)
        return raw

    def _request(self, draw: Random, paths: tuple[tuple[str, str], ...]) -> bytes:
        if draw.random() < 0.8:
            method, target = draw.choice(paths)
            for blank in ("{", "}"):
                target = target.replace(blank, draw.choice(("", "%7B", "1")))
            target += draw.choice(
                ("", "", "", "", "?limit=%b2", "?a=%", "?format=har", "?cursor=-1")
            )
        else:
            method, target = draw.choice(METHODS), draw.choice(TARGETS)
        body = draw.choice(BODIES) if draw.random() < 0.7 else b""
        lines = [
            f"{method} {target} HTTP/1.{draw.choice('1110')}",
            draw.choice(("Host: 127.0.0.1",) * 9 + ("X: y",)),
        ]
        if draw.random() < 0.6:
            lines += self._credentials
        if draw.random() < 0.5:
            lines.append("Content-Type: application/json")
        lines += draw.choices(HEADERS, k=draw.choice((0, 0, 0, 0, 1, 1, 3)))
        if draw.random() < 0.85:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _damaged(raw: bytes, draw: Random) -> bytes:
    """Return the input with a part removed, repeated, replaced or cut off."""
    at, end = sorted((draw.randrange(len(raw) + 1), draw.randrange(len(raw) + 1)))
    end = min(end, at + 40)
    kind = draw.randrange(5)
    if kind == 0:
        return raw[:at] + raw[end:]
    if kind == 1:
        return raw[:end] + raw[at:]
    if kind == 2:
        return raw[:at] + draw.choice(TOKENS) + raw[at:]
    if kind == 3:
        return raw[:at] + draw.randbytes(end - at) + raw[end:]
    return raw[:at] or raw
