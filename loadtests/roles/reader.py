"""The dashboard reader: people who look at their campaigns. Knows that one read serves all."""

from __future__ import annotations

from collections.abc import Sequence

from loadtests.desk import Desk, Fate, Piece
from loadtests.roles.role import Hand, Role


def work(desk: Desk, hand: Hand, most: int) -> tuple[Sequence[Piece], Sequence[Fate]]:
    """Read the campaigns once for everybody who waits, or once for each who asks singly."""
    batch = desk.take(most)
    came = hand.read("sp.campaigns", desk.target) if batch else False
    return batch, ["done" if came else "again"] * len(batch)


ROLE = Role("reader", "dashboard reader", rate=0.2, gather=4.0, calls=1, work=work)
