"""Mutants: order of creation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.tree import Branch, TreeCreator
from adsmock.harness.mutants.mutant import mutant


class _FakeParentCreator(TreeCreator):
    def parent_id(self, outcome: Outcome | None) -> str | None:
        return super().parent_id(outcome) or "1"


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


MUTANTS = (
    mutant(
        "orphan-children",
        "creates ad groups below a campaign that failed",
        "C01.orphans",
        _FakeParentCreator,
    ),
    mutant(
        "eager-children",
        "sends ad groups before their campaigns",
        "C02.order",
        _ChildrenFirstCreator,
    ),
)
