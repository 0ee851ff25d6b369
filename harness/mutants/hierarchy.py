"""Clients that are wrong in in which order they create."""

from __future__ import annotations

from harness.client.client import AdsClient
from harness.client.multistatus import Outcome
from harness.client.tree import TreePlanter
from harness.mutants.mutant import Mutant


class _CarelessPlanter(TreePlanter):
    """Creates children whether or not there is a parent."""

    def parent_id(self, outcome: Outcome | None) -> str | None:
        return super().parent_id(outcome) or "1"


class OrphanChildren(AdsClient):
    """Sends ad groups for campaigns that were refused."""

    planter_class = _CarelessPlanter


MUTANTS = (
    Mutant(
        "orphan-children",
        "creates ad groups below a campaign that failed",
        ("C01.orphans",),
        OrphanChildren,
    ),
)
