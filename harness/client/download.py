"""Fetch a finished file from its signed address, whole or not at all.

Knows addresses that are their own permission, and gzip. Must not know which job made the file.
Source: guides/exports, get started (documented): no Ads headers there, the file is gzipped JSON.
"""

from __future__ import annotations

import gzip
import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from .errors import TransportError, UnreadableReply
from .retry.context import Kind, Lane
from .transport import Reply, Request

if TYPE_CHECKING:
    from .retry.chain import Retry
    from .transport import Transport

_GZIP_MAGIC = b"\x1f\x8b"


class Downloader:
    """Turns addresses into records."""

    def __init__(self, transport: Transport, retry: Retry) -> None:
        self._transport = transport
        self._retry = retry

    def fetch(self, url: str, region: str) -> list[dict[str, Any]]:
        """Return the records of the file at a signed address, complete or not at all.

        Raises:
            UrlExpired: when the address has died.
            UnreadableReply: when the file is no JSON array.
        """
        request = Request("GET", url, self.headers())
        chain = self._retry.open(Kind.DOWNLOAD, Lane(region, "storage.get"))
        file = chain.run(lambda: self.whole(self._transport.send(request)))
        try:
            records = file.json
        except ValueError:
            records = None
        if not isinstance(records, list):
            raise UnreadableReply("an export file must hold a JSON array")
        return records

    def headers(self) -> dict[str, str]:
        """Return what is sent with a download.

        The address is its own permission: Ads headers there would hand our token to storage.
        """
        return {"Accept-Encoding": "identity"}

    def whole(self, reply: Reply) -> Reply:
        """Return a download with its body unpacked.

        Raises:
            TransportError: the file is short or damaged, which is a broken transport.
        """
        packed_for_transfer = reply.headers.get("content-encoding", "identity") != "identity"
        if reply.status != HTTPStatus.OK:
            return reply
        if packed_for_transfer:
            return _readable(reply)
        promised = reply.headers.get("content-length")
        if promised is not None and int(promised) != len(reply.body):
            raise TransportError("truncated", f"{len(reply.body)} of {promised} bytes came")
        if not reply.body.startswith(_GZIP_MAGIC):
            raise TransportError("truncated", "the file is no gzip file")
        try:
            return Reply(reply.status, reply.headers, gzip.decompress(reply.body))
        except (OSError, EOFError, zlib.error) as trouble:
            raise TransportError("truncated", f"gzip: {trouble}") from trouble


def _readable(reply: Reply) -> Reply:
    """Return a file that the transport has unpacked: not all notice that a stream ends early."""
    try:
        _ = reply.json
    except ValueError as trouble:
        raise TransportError("truncated", "the file does not unpack to JSON") from trouble
    return reply
