"""Names that come near a mistyped one. Knows spelling, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 5
_LONGEST = 200


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return at most five of ``known`` that look like ``name``, the likest first."""
    return get_close_matches(name[:_LONGEST], list(known), n=_MOST, cutoff=0.5)
