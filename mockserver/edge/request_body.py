"""Reading a body that has not arrived in one piece, within the limits of time and memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from adsmock.mockserver.core.capacity import Capacity
from adsmock.mockserver.core.limits import Limits

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Unreadable(Exception):
    """A body that was not read to its end; ``status`` is the refusal's."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_body(
    scope: dict[str, Any], receive: Receive, capacity: Capacity, maximum: int
) -> bytes:
    """Return the body once all of it has arrived, at most ``maximum`` bytes.

    It counts as buffered until the caller releases it.

    Raises:
        Unreadable: it is too large (413) or too slow (408), or there is no memory for it (503).
        ConnectionAbortedError: the client left before its end.
    """
    limits = capacity.limits
    if _announced(scope) > maximum:
        if not scope["wire"].awaits_continue:
            await _drain(receive, limits)
        raise Unreadable(413)
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _gather(receive, capacity, maximum)
    except TimeoutError:
        raise Unreadable(408) from None


async def _gather(receive: Receive, capacity: Capacity, maximum: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        while True:
            message = await _next(receive)
            piece, has_more = message["body"], message["more_body"]
            status = 413 if size + len(piece) > maximum else _buffered(len(piece), capacity)
            if status:
                await _refuse(receive, capacity.limits, status, has_more=has_more)
            size += len(piece)
            parts.append(piece)
            if not has_more:
                return b"".join(parts)
    except BaseException:
        capacity.release(size)
        raise


def _buffered(size: int, capacity: Capacity) -> int:
    """Count bytes as buffered; return 0, or 503 at the ceiling."""
    return 0 if capacity.buffer(size) else 503


async def _refuse(receive: Receive, limits: Limits, status: int, *, has_more: bool) -> None:
    if has_more:
        await _drain(receive, limits)
    raise Unreadable(status)


async def _next(receive: Receive) -> dict[str, Any]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ConnectionAbortedError
    return message


async def _drain(receive: Receive, limits: Limits) -> None:
    """Read and discard the body, within the limits."""
    left = limits.drain_bytes
    try:
        async with asyncio.timeout(limits.drain_seconds):
            while left > 0:
                message = await _next(receive)
                left -= len(message["body"])
                if not message["more_body"]:
                    return
    except TimeoutError:
        return


def _announced(scope: dict[str, Any]) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)  # the parser let only digits through
    return 0
