"""Create campaigns with their ad groups, ads and targets, parents first.

A child is sent only after the reply with its parent's id; children of a failed parent are never
sent. Source: WAF, campaign management, create in hierarchy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .api import Api
from .errors import AdsError
from .multistatus import ItemError, Outcome
from .writer import Writer

ROOT = "sp.campaigns"

CHILDREN: Mapping[str, Mapping[str, str]] = {
    "sp.campaigns": {
        "adGroups": "sp.adGroups",
        "campaignNegativeKeywords": "sp.campaignNegativeKeywords",
        "campaignNegativeTargets": "sp.campaignNegativeTargets",
    },
    "sp.adGroups": {
        "productAds": "sp.productAds",
        "keywords": "sp.keywords",
        "negativeKeywords": "sp.negativeKeywords",
        "targets": "sp.targets",
        "negativeTargets": "sp.negativeTargets",
    },
}
"""The child resources of each resource, by the member of the tree that holds them."""


@dataclass(slots=True)
class Branch:
    """One entity of the tree: its item, its outcome and its children.

    ``outcome`` is None if the entity was not sent because its parent failed.
    """

    resource: str
    item: dict[str, Any]
    outcome: Outcome | None = None
    children: list[Branch] = field(default_factory=list)

    def walk(self) -> list[Branch]:
        """Return this branch and all below it."""
        return [self, *(deeper for child in self.children for deeper in child.walk())]


class TreeCreator:
    """Creates trees level by level; the children of all parents share full batches."""

    def __init__(self, api: Api, writer: Writer) -> None:
        self._api = api
        self._writer = writer

    def create(self, profile: str, campaigns: Sequence[Mapping[str, Any]]) -> list[Branch]:
        """Create the campaigns; return a branch with outcomes for each.

        Raises:
            AdsError: no campaign could be sent.
        """
        roots = [_branch(ROOT, campaign) for campaign in campaigns]
        self._create(ROOT, profile, roots)
        self._descend(ROOT, profile, roots)
        return roots

    def _descend(self, resource: str, profile: str, parents: list[Branch]) -> None:
        """Create the children of all parents of one resource that have an id."""
        field_name = self._id_field(resource)
        for child_resource in CHILDREN.get(resource, {}).values():
            ready: list[Branch] = []
            for parent in parents:
                parent_id = self.parent_id(parent.outcome)
                if parent_id is not None:
                    ready += _adopt(parent, child_resource, field_name, parent_id)
            if ready:
                self._try_create(child_resource, profile, ready)
                self._descend(child_resource, profile, ready)

    def parent_id(self, outcome: Outcome | None) -> str | None:
        """Return the parent id for children, or None if they must not be sent."""
        return outcome.id if outcome is not None and outcome.is_done else None

    def _try_create(self, resource: str, profile: str, branches: list[Branch]) -> None:
        """Create the branches; a failure of the call becomes the outcome of each branch."""
        try:
            self._create(resource, profile, branches)
        except AdsError as error:
            errors = (ItemError(type(error).__name__, message=str(error)),)
            for place, branch in enumerate(branches):
                branch.outcome = Outcome(place, errors=errors)

    def _create(self, resource: str, profile: str, branches: list[Branch]) -> None:
        outcomes = self._writer.write("create", resource, profile, [row.item for row in branches])
        for branch, outcome in zip(branches, outcomes, strict=True):
            branch.outcome = outcome

    def _id_field(self, resource: str) -> str:
        identity = self._api.contract(resource).identity
        assert identity is not None, "what can be created has an id"
        return identity.field


def _branch(resource: str, wanted: Mapping[str, Any]) -> Branch:
    """Separate one entity from its children."""
    below = CHILDREN.get(resource, {})
    item = {name: value for name, value in wanted.items() if name not in below}
    children = [
        _branch(child_resource, child)
        for name, child_resource in below.items()
        for child in wanted.get(name) or []
    ]
    return Branch(resource, item, children=children)


def _adopt(parent: Branch, resource: str, field_name: str, parent_id: str) -> list[Branch]:
    """Write the ids of the parent and of its parents into its children."""
    inherited = {name: value for name, value in parent.item.items() if name in _PARENT_IDS}
    children = [child for child in parent.children if child.resource == resource]
    for child in children:
        child.item = {**inherited, field_name: parent_id, **child.item}
    return children


_PARENT_IDS = frozenset({"campaignId"})
"""Ids that an entity passes on to its children: an ad also names its campaign."""
