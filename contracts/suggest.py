"""Known names that resemble a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 5
_LONGEST = 200


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return at most five of ``known`` that look like ``name``, the likeliest first."""
    return get_close_matches(name[:_LONGEST], list(known), n=_MOST, cutoff=0.5)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean X?`` for the nearest known name, or the list of all known names."""
    names = sorted(known)
    close = nearest(name, names) or nearest(name.upper(), names)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(names)}"
