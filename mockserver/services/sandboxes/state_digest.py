"""The digest of a state document, by which a later request recognizes it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from adsmock.mockserver.core.json_slices import sorted_slices


def digest_of(document: dict[str, Any]) -> str:
    """Return the SHA-256 of a state document; the order of its members does not count."""
    digest = sha256()
    for text in sorted_slices(document):
        digest.update(text)
    return digest.hexdigest()
