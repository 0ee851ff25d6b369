"""The account at the end: what the service said it took, against what its store holds.

Pure functions. Knows the parts of new structures and bids of keywords. Must not know HTTP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adsmock.contracts.loader import load
from adsmock.loadtests.roles.builder import PREFIX, UNIQUE

State = Mapping[str, Mapping[str, list[dict[str, Any]]]]

NEARLY = 0.005
"""Half a cent: bids are written with two decimals."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """``lost`` was acknowledged and is not there, ``doubled`` is there more than once."""

    lost: int
    doubled: int
    checked: int
    examples: tuple[str, ...] = ()


def settle(
    state: State,
    made: Iterable[tuple[str, str, str]],
    bids: Mapping[str, float],
    doubtful: Iterable[str],
) -> Reconciliation:
    """Compare the store with what was acknowledged.

    Args:
        state: entities by profile and resource.
        made: profile, resource and id of each entity that the service said it created.
        bids: the last bid that the service said it took, by keyword.
        doubtful: keywords and names whose last write was on its way when everything stopped.
    """
    unsure = set(doubtful)
    acknowledged = set(made)
    missing = [
        f"{resource} {each} of profile {profile}"
        for profile, resource, each in sorted(acknowledged - set(_standing(state)))
    ]
    twice = [" ".join(key) for key, times in Counter(_built(state)).items() if times > 1]
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
    return Reconciliation(
        len(missing) + len(stale), len(twice), len(acknowledged) + len(bids), examples
    )


def named(state: State, made: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return profile and name of each campaign that was acknowledged; its id when it is lost."""
    names = {
        str(one["campaignId"]): str(one["name"])
        for shelves in state.values()
        for one in shelves.get("sp.campaigns", [])
    }
    return [
        (profile, names.get(each, each))
        for profile, resource, each in made
        if resource == "sp.campaigns"
    ]


def _standing(state: State) -> Iterator[tuple[str, str, str]]:
    """Give profile, resource and id of what stands, of the kinds that are built."""
    for resource in UNIQUE:
        identity = load().by_name[resource].identity
        assert identity is not None, "what is built has an id"
        for profile, shelves in state.items():
            for one in shelves.get(resource, []):
                yield profile, resource, str(one[identity.field])


def _built(state: State) -> Iterator[tuple[str, ...]]:
    """Give what makes each part of a new structure the only one of its kind."""
    for profile, shelves in state.items():
        campaigns = {
            str(one["campaignId"])
            for one in shelves.get("sp.campaigns", [])
            if str(one["name"]).startswith(PREFIX)
        }
        for resource, members in UNIQUE.items():
            for one in shelves.get(resource, []):
                if str(one["campaignId"]) in campaigns:
                    yield resource, *(str(one[name]) for name in members), f"of profile {profile}"


def _equal(stored: float | None, bid: float) -> bool:
    return stored is not None and abs(float(stored) - bid) < NEARLY
