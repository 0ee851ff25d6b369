"""The digest of a state document, by which a later request recognizes it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson


def digest_of(document: dict[str, Any]) -> str:
    """Return the SHA-256 of a state document; the order of its members does not count."""
    return sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()
