"""Markup that the page unpacks when a reader opens it: the charts and the calls of a case.

A full run has 40 times more of it than verdicts, evidence and fixes. It is escaped like the rest of
the page, then compressed, so that the file stays small and the browser fast.
"""

import json
from base64 import b64decode, b64encode
from gzip import compress, decompress
from typing import Any

LEVEL = 9


def pack(content: Any) -> str:
    """Return JSON values as gzip in base64; equal values give equal text."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # UTF-8 cannot contain a lone surrogate; the page shows "?" instead.
    return b64encode(compress(text.encode("utf-8", "replace"), LEVEL, mtime=0)).decode()


def unpack(text: str) -> Any:
    """Return the JSON values that `pack` was given."""
    return json.loads(decompress(b64decode(text)))
