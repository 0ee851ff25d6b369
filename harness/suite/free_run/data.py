"""The entities of a free run's sandboxes: the same in each, so that passes can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.journal.labels import labels

LARGE = 520
"""Campaigns with ad groups in the first profile, which has as many without: both the campaigns and
the keywords fill more than one page of the largest size."""

SMALL = 12
"""Campaigns in every other profile."""

CAMPAIGNS = "sp.campaigns"

KEYWORDS = "sp.keywords"

LARGE_ID = 2**53 + 1
"""Added to the id of each fifth keyword: a binary double cannot hold the sum."""

EACH = 5

COPY_ID = 10**14
"""Added to the id of a campaign for its copy."""

Entities = dict[str, list[dict[str, Any]]]
"""Entities by resource."""


def sample(plane: Plane, seed: int) -> dict[str, Entities]:
    """Return realistic entities by profile label, from a sandbox that is deleted again."""
    made = plane.create_sandbox({"seed": seed, "journal": "off"})
    try:
        own, (first, *others) = str(made["id"]), [str(row["profileId"]) for row in made["profiles"]]
        plane.invent(own, LARGE, [first])
        if others:
            plane.invent(own, SMALL, others)
        state = plane.state(own)
    finally:
        with suppress(PlaneError):
            plane.delete_sandbox(str(made["id"]))
    names = labels(made["profiles"])
    return {
        label: _enlarged(state.get(profile, {})) if profile == first else state.get(profile, {})
        for profile, label in names.items()
    }


def fill(
    plane: Plane,
    sandbox: str,
    profiles: Iterable[Mapping[str, Any]],
    data: Mapping[str, Entities],
) -> None:
    """Add the sample entities to the profiles that have any."""
    names = labels(profiles)
    rows = {profile: data[label] for profile, label in names.items() if label in data}
    if rows:
        plane.add_state(sandbox, rows)


def _enlarged(entities: Entities) -> Entities:
    """Return the entities with a copy of each campaign, and with large ids of some keywords."""
    for one in entities.get(KEYWORDS, [])[::EACH]:
        one["keywordId"] = str(int(one["keywordId"]) + LARGE_ID)
    copies = [_copy(one) for one in entities[CAMPAIGNS]]
    return {**entities, CAMPAIGNS: entities[CAMPAIGNS] + copies}


def _copy(campaign: dict[str, Any]) -> dict[str, Any]:
    """Return the same campaign with another name and id."""
    number = str(int(campaign["campaignId"]) + COPY_ID)
    return {**campaign, "campaignId": number, "name": f"{campaign['name']} II"}
