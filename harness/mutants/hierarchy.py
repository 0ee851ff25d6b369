"""Mutants: order of creation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.tree import Branch, TreeCreator
from adsmock.harness.mutants.mutant import Mutant


class _FakeParentCreator(TreeCreator):
    """Uses an invented parent id when the parent failed."""

    def parent_id(self, outcome: Outcome | None) -> str | None:
        return super().parent_id(outcome) or "1"


class OrphanChildren(AdsClient):
    """Sends ad groups for campaigns that were refused."""

    tree_creator_class = _FakeParentCreator


class _ChildrenFirstCreator(TreeCreator):
    """Sends ad groups before their campaigns, and again afterwards."""

    def create(self, profile: str, campaigns: Sequence[Mapping[str, Any]]) -> list[Branch]:
        groups = [
            {"campaignId": "1", "name": group["name"], "state": "ENABLED", "defaultBid": 0.5}
            for campaign in campaigns
            for group in campaign.get("adGroups", ())
        ]
        if groups:
            self._writer.write("create", "sp.adGroups", profile, groups)
        return super().create(profile, campaigns)


class EagerChildren(AdsClient):
    """Does not wait for a parent before it sends the children."""

    tree_creator_class = _ChildrenFirstCreator


MUTANTS = (
    Mutant(
        "orphan-children",
        "creates ad groups below a campaign that failed",
        ("C01.orphans",),
        OrphanChildren,
    ),
    Mutant(
        "eager-children",
        "sends ad groups before their campaigns",
        ("C02.order",),
        EagerChildren,
    ),
)
