"""The account at the end: what the service said it took, against what its store holds.

Pure functions. Knows names of new campaigns and bids of keywords. Must not know HTTP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from loadtests.roles.builder import PREFIX

State = Mapping[str, Mapping[str, list[dict[str, Any]]]]

NEARLY = 0.005
"""Half a cent: bids are written with two decimals."""


@dataclass(frozen=True, slots=True)
class Account:
    """``lost`` was acknowledged and is not there, ``doubled`` is there more than once."""

    lost: int
    doubled: int
    checked: int
    examples: tuple[str, ...] = ()


def settle(
    state: State,
    made: Iterable[tuple[str, str]],
    bids: Mapping[str, float],
    doubtful: Iterable[str],
) -> Account:
    """Compare the store with what was acknowledged.

    Args:
        state: entities by profile and resource.
        made: profile and name of each campaign that the service said it created.
        bids: the last bid that the service said it took, by keyword.
        doubtful: keywords and names whose last write was on its way when everything stopped.
    """
    unsure = set(doubtful)
    names = Counter(
        (profile, one["name"])
        for profile, shelves in state.items()
        for one in shelves.get("sp.campaigns", [])
        if one["name"].startswith(PREFIX)
    )
    acknowledged = set(made)
    missing = [f"campaign {name}" for profile, name in acknowledged if not names[profile, name]]
    twice = [f"campaign {name}" for (_profile, name), times in names.items() if times > 1]
    stored = {
        str(one["keywordId"]): one.get("bid")
        for shelves in state.values()
        for one in shelves.get("sp.keywords", [])
    }
    stale = [
        f"bid of keyword {keyword}: {stored.get(keyword)} where {bid} was taken"
        for keyword, bid in bids.items()
        if keyword not in unsure and not _equal(stored.get(keyword), bid)
    ]
    examples = (*missing[:3], *twice[:3], *stale[:3])
    return Account(len(missing) + len(stale), len(twice), len(acknowledged) + len(bids), examples)


def _equal(stored: float | None, bid: float) -> bool:
    return stored is not None and abs(float(stored) - bid) < NEARLY
