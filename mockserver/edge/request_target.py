"""The target of a request line, as a path and a query in ASCII."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

import httptools

_KEPT = "/%:@!$&'()*+,;=~-._?[]|^`\"<>{}\\#"
"""Characters that stay as they are: what a client sent is not corrected."""


def origin_form(url: bytes) -> str | None:
    """Return a target as a path and a query, None if it is invalid.

    A proxy's absolute URL loses its host, and bytes outside ASCII are percent-encoded.
    Source: RFC 9112, 3.2.2 (an absolute URL without a path means ``/``).
    """
    if not url.startswith(b"/"):
        try:
            target = httptools.parse_url(url)
        except httptools.HttpParserInvalidURLError:
            return None
        url = (target.path or b"/") + (b"?" + target.query if target.query else b"")
    return url.decode() if url.isascii() else quote_from_bytes(url, safe=_KEPT)
