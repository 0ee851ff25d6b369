"""Fault kind ``bad-gzip``: a gzip body that does not decompress."""

from __future__ import annotations

import gzip

from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.effect import Effect

_MAGIC = b"\x1f\x8b"
_HEADER_BYTES = 10


class BadGzip(Effect):
    """A body with a gzip header and a corrupt second half."""

    kind = "bad-gzip"
    points = ("on_wire",)
    summary = "Sends a gzip body that does not decompress."

    def change_body(self, reply: Reply) -> bool:
        """Corrupt the compressed body; an empty body stays empty."""
        if not reply.body:
            return False
        packed = reply.body
        if not packed.startswith(_MAGIC):  # a file that is gzip is no encoding of the message
            packed = gzip.compress(packed, mtime=0)
            reply.headers["content-encoding"] = "gzip"
        # The header stays, so that a client recognizes gzip; the checksum does not match.
        middle = max(_HEADER_BYTES, len(packed) // 2)
        reply.body = packed[:middle] + bytes(byte ^ 0xFF for byte in packed[middle:])
        return True
