"""Comparison of the acknowledged writes with the mock's store at the end of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adsmock.contracts.loader import load
from adsmock.loadtests.roles.builder import PREFIX, SIZES, UNIQUE

State = Mapping[str, Mapping[str, list[dict[str, Any]]]]

NEARLY = 0.005
"""Half a cent: bids are written with two decimals."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Acknowledged writes: ``checked`` in all, ``lost`` ones, and ``doubled`` ones."""

    lost: int
    doubled: int
    checked: int
    examples: tuple[str, ...] = ()


def reconcile(
    state: State,
    made: Iterable[tuple[str, str, str]],
    bids: Mapping[str, float | None],
    doubtful: Iterable[str],
    built: Iterable[tuple[str, str]] = (),
) -> Reconciliation:
    """Compare the store with the acknowledged writes.

    Args:
        state: entities by profile and resource.
        made: profile, resource and id of each entity whose creation was acknowledged.
        bids: the last acknowledged bid by keyword; None is an unknown one.
        doubtful: keywords and names whose last write was unfinished when the run stopped.
        built: profile and name of each structure that is said to be complete.
    """
    unsure, said, acknowledged = set(doubtful), set(built), set(made)
    known = {
        keyword: bid for keyword, bid in bids.items() if bid is not None and keyword not in unsure
    }
    missing = [
        f"{resource} {each} of profile {profile}"
        for profile, resource, each in sorted(acknowledged - set(_stored(state)))
    ]
    twice = [" ".join(key) for key, times in Counter(_built(state)).items() if times > 1]
    stale, partial = list(_stale(state, known)), list(_incomplete(state, said))
    examples = (*missing[:3], *partial[:3], *twice[:3], *stale[:3])
    return Reconciliation(
        len(missing) + len(stale) + len(partial),
        len(twice),
        len(acknowledged) + len(known) + len(said),
        examples,
    )


def named(state: State, made: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return profile and name of each acknowledged campaign; the id of a lost one."""
    names = {
        str(each["campaignId"]): str(each["name"])
        for resources in state.values()
        for each in resources.get("sp.campaigns", [])
    }
    return [
        (profile, names.get(each, each))
        for profile, resource, each in made
        if resource == "sp.campaigns"
    ]


def _stale(state: State, bids: Mapping[str, float]) -> Iterator[str]:
    """Yield a sentence for each bid that is not the one in the store."""
    stored = {
        str(each["keywordId"]): each.get("bid")
        for resources in state.values()
        for each in resources.get("sp.keywords", [])
    }
    for keyword, bid in bids.items():
        if not _equal(stored.get(keyword), bid):
            yield f"bid of keyword {keyword}: stored {stored.get(keyword)}, acknowledged {bid}"


def _incomplete(state: State, built: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a sentence for each structure that the store lacks, as a whole or in part."""
    stored = Counter[tuple[str, str, str]]()
    for profile, resources in state.items():
        names = {
            str(each["campaignId"]): str(each["name"]) for each in resources.get("sp.campaigns", [])
        }
        for resource in UNIQUE:
            for each in resources.get(resource, []):
                stored[profile, names.get(str(each["campaignId"]), ""), resource] += 1
    for profile, name in sorted(built):
        for resource, count in SIZES.items():
            found = stored[profile, name, resource]
            if found < count:
                yield f"{name} of profile {profile}: {found} of {count} {resource} are stored"
                break


def _stored(state: State) -> Iterator[tuple[str, str, str]]:
    """Yield profile, resource and id of stored entities of the kinds that the builder creates."""
    for resource in UNIQUE:
        identity = load().by_name[resource].identity
        assert identity is not None, "resources that the builder creates have ids"
        for profile, resources in state.items():
            for each in resources.get(resource, []):
                yield profile, resource, str(each[identity.field])


def _built(state: State) -> Iterator[tuple[str, ...]]:
    """Yield the identifying members of each part of a new structure."""
    for profile, resources in state.items():
        campaigns = {
            str(each["campaignId"])
            for each in resources.get("sp.campaigns", [])
            if str(each["name"]).startswith(PREFIX)
        }
        for resource, members in UNIQUE.items():
            for each in resources.get(resource, []):
                if str(each["campaignId"]) in campaigns:
                    yield resource, *(str(each[name]) for name in members), f"of profile {profile}"


def _equal(stored: float | None, bid: float) -> bool:
    return stored is not None and abs(float(stored) - bid) < NEARLY
