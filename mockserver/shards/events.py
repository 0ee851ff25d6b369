"""The stream of the dashboard over all shards: the calls of one sandbox come from its shard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from adsmock.mockserver.control.client import ControlError
from adsmock.mockserver.control.live_events import SandboxChanges
from adsmock.mockserver.shards.process import AnyShard

_END = b"\n\n"
_OF_SHARD = b"event: sandboxes"
_COMMENT = b":"
"""A shard sends one each second."""


def summaries(shards: Iterable[AnyShard]) -> dict[str, dict[str, Any]]:
    """Return the summary of every sandbox of the shards that answer, by id."""
    found: dict[str, dict[str, Any]] = {}
    for shard in shards:
        try:
            text = shard.control.call("events.follow", wait="no")
        except ControlError:
            continue  # it is starting: the next read asks again
        rows = orjson.loads(text.partition("data: ")[2].partition("\n")[0])["changed"]
        found |= {row["id"]: row for row in rows}
    return found


def with_all_sandboxes(pieces: Iterable[bytes], changes: SandboxChanges) -> Iterator[bytes]:
    """Yield a shard's events of one sandbox, and the changes of the sandboxes of all shards."""
    waiting = b""
    for piece in pieces:
        *blocks, waiting = (waiting + piece).split(_END)
        for block in blocks:
            if block.startswith(_COMMENT):
                yield from changes.read()
            if not block.startswith(_OF_SHARD):
                yield block + _END
