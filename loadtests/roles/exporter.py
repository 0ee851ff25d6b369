"""The exporter: the campaign structure as a file. Knows what is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from loadtests.desk import Desk, Fate, Piece
from loadtests.roles.role import Hand, Role, Wish

WISH = Wish(
    create="exports.campaigns.create",
    look="exports.get",
    identity="exportId",
    body={"adProductFilter": ["SPONSORED_PRODUCTS"]},
    order=lambda client, profile: client.export("campaigns", profile),
)


def work(desk: Desk, hand: Hand, most: int) -> tuple[Sequence[Piece], Sequence[Fate]]:
    """Take a step with the export; its file serves everybody who waits."""
    came = hand.fetch(WISH, desk)
    batch = desk.take(most) if came else []
    return batch, ["done"] * len(batch)


ROLE = Role("exporter", "exporter", rate=0.05, gather=10.0, calls=3, work=work)
