"""The campaign builder: new campaigns for the event. Knows a new campaign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from loadtests.desk import Desk, Fate, Piece, Target
from loadtests.roles.role import Hand, Role

PREFIX = "Built "
"""How the names of new campaigns begin: none of them was there before."""


def name(_target: Target, number: int) -> str:
    """Return the name of a new campaign, the only one of its name."""
    return f"{PREFIX}{number:06d}"


def item(target: Target, number: int) -> dict[str, Any]:
    """Return a campaign as it is created."""
    return {
        "name": name(target, number),
        "state": "PAUSED",
        "targetingType": "MANUAL",
        "budget": {"budget": target.lowest_budget * 10, "budgetType": "DAILY"},
    }


def work(desk: Desk, hand: Hand, most: int) -> tuple[Sequence[Piece], Sequence[Fate]]:
    """Create what has gathered."""
    batch = desk.take(most, lambda number: name(desk.target, number))
    items = [item(desk.target, number) for number, _at in batch]
    return batch, hand.write("create", "sp.campaigns", desk.target, items) if items else []


ROLE = Role(
    name="builder",
    title="campaign builder",
    rate=0.1,
    gather=2.0,
    calls=1,
    work=work,
    subject=name,
    noted=lambda target, number: (target.profile_id, name(target, number)),
)
