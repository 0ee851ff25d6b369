"""Download a finished file from its signed address, completely or not at all.

Source: guides/exports, get started (documented): no Ads headers there, the file is gzipped JSON.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from .errors import TransportError, UnreadableReply
from .retry.chain import Retry
from .retry.context import Kind, RateLimitKey
from .transport import Reply, Request, Transport

_GZIP_MAGIC = b"\x1f\x8b"


class Downloader:
    """Downloads files from signed addresses."""

    def __init__(self, transport: Transport, retry: Retry) -> None:
        self._transport = transport
        self._retry = retry

    def fetch(self, url: str, region: str) -> list[dict[str, Any]]:
        """Return all records of the file at a signed address.

        Raises:
            UrlExpired: the address has expired.
            UnreadableReply: the file is not a JSON array.
        """
        try:
            records = self._get(url, region, self.whole).json
        except ValueError:
            records = None
        if not isinstance(records, list):
            raise UnreadableReply("a downloaded file must hold a JSON array")
        return records

    def fetch_text(self, url: str, region: str) -> str:
        """Return the text of the uncompressed file at a signed address.

        Raises:
            UrlExpired: the address has expired.
        """
        return self._get(url, region, self.complete).text

    def _get(self, url: str, region: str, check: Callable[[Reply], Reply]) -> Reply:
        request = Request("GET", url, self.headers())
        chain = self._retry.open(Kind.DOWNLOAD, RateLimitKey(region, "storage.get"))
        return chain.run(lambda: check(self._transport.send(request)))

    def headers(self) -> dict[str, str]:
        """Return the headers of a download.

        The signed address is the permission: Ads headers would give our token to the storage host.
        """
        return {"Accept-Encoding": "identity"}

    def whole(self, reply: Reply) -> Reply:
        """Return a download with its body unpacked.

        Raises:
            TransportError: the file is truncated or damaged.
        """
        is_compressed_for_transfer = reply.headers.get("content-encoding", "identity") != "identity"
        if reply.status != HTTPStatus.OK:
            return reply
        if is_compressed_for_transfer:
            return _readable(reply)
        self.complete(reply)
        if not reply.body.startswith(_GZIP_MAGIC):
            raise TransportError("truncated", "the file is not gzip")
        try:
            return Reply(reply.status, reply.headers, gzip.decompress(reply.body))
        except (OSError, EOFError, zlib.error) as error:
            raise TransportError("truncated", f"gzip: {error}") from error

    def complete(self, reply: Reply) -> Reply:
        """Return a download that has as many bytes as its header promises.

        Raises:
            TransportError: the file is truncated.
        """
        promised = reply.headers.get("content-length")
        if promised is not None and int(promised) != len(reply.body):
            raise TransportError("truncated", f"received {len(reply.body)} of {promised} bytes")
        return reply


def _readable(reply: Reply) -> Reply:
    """Return a file that the transport has decompressed; some miss the end of a cut stream."""
    try:
        _ = reply.json
    except ValueError as error:
        raise TransportError("truncated", "the decompressed file is not JSON") from error
    return reply
