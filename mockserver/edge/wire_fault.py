"""What a wire fault does to a reply: one small function per kind, found by name.

Each function gets the wire, the reply and the effect, spends its time on the loop and returns
how the exchange ended, in the journal's words. Knows bytes and connections. Must not know which
rule asked, nor any resource.

Glossary
    reset                 RST before any byte, or (point ``on_wire``) in the middle of the body.
    truncate              full Content-Length, part of the body, then FIN.
    close                 FIN before any byte: a kept connection that the server has let go.
    timeout-after-commit  no answer at all until the client leaves or five minutes are over.
    drip                  a byte at a time: each read succeeds, the whole takes too long.
    malformed-json        the right length of a body that does not parse.
    bad-gzip              a gzip body that does not unpack.
    empty                 the announced status with no body.
    latency               the whole answer, late. Any other kind may be late as well.
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Awaitable, Callable

from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.fault import Effect
from adsmock.mockserver.edge.wire import Wire

Spoil = Callable[[Wire, Reply, Effect], Awaitable[str]]

STALL_SECONDS = 300.0
"""A call that is never answered is let go after this long."""

DRIP_SECONDS = 0.5
"""The wait after each dripped piece."""

ENDLESS = frozenset({"timeout-after-commit", "drip"})
"""Kinds that a stopping server need not wait for."""

_GZIP_MAGIC = b"\x1f\x8b"
_ON_WIRE_BYTES = 16_384
"""What goes out before a reset at most, so that it fits into the kernel's buffer and arrives."""

KINDS: dict[str, Spoil] = {}
"""Every wire fault by its name in a rule."""


def _kind(name: str) -> Callable[[Spoil], Spoil]:
    def register(spoil: Spoil) -> Spoil:
        KINDS[name] = spoil
        return spoil

    return register


async def spoil(wire: Wire, reply: Reply, effect: Effect) -> str:
    """Answer ``reply`` as ``effect`` wants it and return how the exchange ended."""
    act = KINDS.get(effect.kind, _whole)
    if effect.latency and act is not _drip and not await wire.pause(effect.latency):
        return _left(wire)
    return await act(wire, reply, effect)


def spoiled_body(reply: Reply, effect: Effect) -> bytes:
    """Return the body that ``effect`` leaves of the reply's, for kinds that change bytes only."""
    act = _BODIES.get(effect.kind)
    return act(reply) if act else reply.body


@_kind("latency")
async def _whole(wire: Wire, reply: Reply, effect: Effect) -> str:
    """Send the reply with the body that the effect leaves."""
    change_body(reply, effect)
    wire.send(reply)
    await wire.drain()
    if wire.is_gone:
        return "client-closed"
    wire.finish()
    return "complete"


@_kind("reset")
async def _reset(wire: Wire, reply: Reply, effect: Effect) -> str:
    if effect.point == "on_wire":
        keep = min(_kept(reply, effect), _ON_WIRE_BYTES)
        wire.write(wire.head(reply, len(reply.body)), reply.body[:keep])
        await wire.flush()
    wire.reset()
    return "reset"


@_kind("close")
async def _close(wire: Wire, reply: Reply, effect: Effect) -> str:  # noqa: ARG001 -- one signature
    wire.close()
    return "closed"


@_kind("truncate")
async def _truncate(wire: Wire, reply: Reply, effect: Effect) -> str:
    wire.forbid_reuse()
    wire.write(wire.head(reply, len(reply.body)), reply.body[: _kept(reply, effect)])
    await wire.drain()
    wire.close()
    return "truncated"


@_kind("timeout-after-commit")
async def _stall(wire: Wire, reply: Reply, effect: Effect) -> str:  # noqa: ARG001 -- one signature
    await wire.pause(STALL_SECONDS)
    wire.close()
    return "timeout"


@_kind("drip")
async def _drip(wire: Wire, reply: Reply, effect: Effect) -> str:
    """Send a byte each half second; ``effect.latency``, if given, is what the whole may take."""
    body = reply.body
    step = 1
    if effect.latency:
        step = max(1, math.ceil(len(body) * DRIP_SECONDS / effect.latency))
    wire.write(wire.head(reply, len(body)))
    for start in range(0, len(body), step):
        if not await wire.pause(DRIP_SECONDS):
            return _left(wire)
        wire.write(b"", body[start : start + step])
    wire.finish()
    return "complete"


def change_body(reply: Reply, effect: Effect) -> None:
    """Put the spoiled body into the reply; ``bad-gzip`` also claims the encoding."""
    reply.body = spoiled_body(reply, effect)
    if effect.kind == "bad-gzip" and "gzip" not in reply.content_type:
        reply.headers["content-encoding"] = "gzip"


def _no_body(reply: Reply) -> bytes:  # noqa: ARG001 -- one signature
    return b""


def _cut_json(reply: Reply) -> bytes:
    # Without its last byte no object, list or text parses; a number or nothing needs more.
    body = reply.body.rstrip()
    return body[:-1] if body[-1:] in {b"}", b"]", b'"'} else b"{" + body


def _broken_gzip(reply: Reply) -> bytes:
    body = reply.body
    packed = body if body.startswith(_GZIP_MAGIC) else gzip.compress(body, mtime=0)
    # The magic and the flags stay, so that a client recognises gzip; the checksum does not hold.
    middle = max(10, len(packed) // 2)
    return packed[:middle] + bytes(byte ^ 0xFF for byte in packed[middle:])


def _kept(reply: Reply, effect: Effect) -> int:
    return len(reply.body) // 2 if effect.keep_bytes is None else effect.keep_bytes


def _left(wire: Wire) -> str:
    wire.close()
    return "client-closed"


_BODIES: dict[str, Callable[[Reply], bytes]] = {
    "malformed-json": _cut_json,
    "bad-gzip": _broken_gzip,
    "empty": _no_body,
}
KINDS.update(dict.fromkeys(_BODIES, _whole))
