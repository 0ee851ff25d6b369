"""Create campaigns with all that hangs below them, parents first.

Knows which resource hangs below which, under which member of a task's tree. Must not know how a
batch is written. A child is sent only when its parent's success, with an id, was read; the
children of a failed parent are never sent. Source: WAF, campaign management, create in hierarchy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import AdsError
from .multistatus import ItemError, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .api import Api
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
"""Below which resource, under which member of the tree, which resource stands."""


@dataclass(slots=True)
class Branch:
    """One entity of the tree: as it was wanted, what became of it, what hangs below.

    ``outcome`` is None for what was never sent because its parent failed.
    """

    resource: str
    item: dict[str, Any]
    outcome: Outcome | None = None
    children: list[Branch] = field(default_factory=list)

    def walk(self) -> list[Branch]:
        """Return this branch and all below it."""
        return [self, *(deeper for child in self.children for deeper in child.walk())]


class TreePlanter:
    """Creates a forest level by level, siblings of all parents together in full batches."""

    def __init__(self, api: Api, writer: Writer) -> None:
        self._api = api
        self._writer = writer

    def plant(self, profile: str, campaigns: Sequence[Mapping[str, Any]]) -> list[Branch]:
        """Return the campaigns as branches, each with what became of it and its children.

        Raises:
            AdsError: when no campaign could even be sent.
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
        """Return the id to hang children below, or None when they must not be sent."""
        return outcome.id if outcome is not None and outcome.is_done else None

    def _try_create(self, resource: str, profile: str, branches: list[Branch]) -> None:
        """Create, and tell a failure of the whole call in the outcome of each branch."""
        try:
            self._create(resource, profile, branches)
        except AdsError as trouble:
            errors = (ItemError(type(trouble).__name__, message=str(trouble)),)
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
    """Cut one wanted entity from its children."""
    below = CHILDREN.get(resource, {})
    item = {name: value for name, value in wanted.items() if name not in below}
    children = [
        _branch(child_resource, child)
        for name, child_resource in below.items()
        for child in wanted.get(name) or []
    ]
    return Branch(resource, item, children=children)


def _adopt(parent: Branch, resource: str, field_name: str, parent_id: str) -> list[Branch]:
    """Write the parent's id, and those that the parent itself carries, into its children."""
    inherited = {name: value for name, value in parent.item.items() if name in _PARENT_IDS}
    children = [child for child in parent.children if child.resource == resource]
    for child in children:
        child.item = {**inherited, field_name: parent_id, **child.item}
    return children


_PARENT_IDS = frozenset({"campaignId"})
"""Ids that an entity passes on to its own children: an ad of an ad group names the campaign."""
