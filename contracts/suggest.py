"""Known names that resemble a mistyped one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 5
_LONGEST = 200
_LISTED = 20
_CLOSE = 0.6


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return at most five of ``known`` that look like ``name``, the likeliest first."""
    return get_close_matches(name[:_LONGEST], list(known), n=_MOST, cutoff=0.5)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean X?`` for the nearest known name, else which names are known.

    Letter case and leading zeros do not count: ``t1`` suggests ``T01``.
    """
    names = sorted(known)
    by_key = {_key(each): each for each in reversed(names)}
    close = get_close_matches(_key(name), by_key, n=1, cutoff=_CLOSE)
    if close:
        return f"did you mean {by_key[close[0]]}?"
    more = ", …" if len(names) > _LISTED else ""
    return f"choose from {', '.join(names[:_LISTED])}{more}"


def _key(name: str) -> str:
    return re.sub(r"0+(?=\d)", "", name[:_LONGEST].lower())
