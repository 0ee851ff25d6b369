"""What a role is, and what the hand that makes its calls can do.

Knows the forms. Must not know any role, or how a call looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from loadtests.desk import Desk, Fate, Piece, Target


@dataclass(frozen=True, slots=True)
class Wish:
    """An export or a report: how it is ordered and looked at on the wire.

    ``create`` and ``look`` are operation ids, ``identity`` the member that names the job. ``order``
    gets the same from a whole client, for a profile.
    """

    create: str
    look: str
    identity: str
    body: dict[str, Any]
    order: Callable[[Any, str], Any]


class Hand(Protocol):
    """Makes the calls of one user. Nothing is raised: what fails is to be tried again."""

    def begin(self) -> None:
        """Begin a turn."""
        ...

    def write(
        self, verb: str, resource: str, target: Target, items: Sequence[dict[str, Any]]
    ) -> list[Fate]:
        """Write a batch and return what became of each item, in order."""
        ...

    def read(self, resource: str, target: Target) -> bool:
        """Read every entity of a resource; return whether all of it came."""
        ...

    def fetch(self, wish: Wish, desk: Desk) -> bool:
        """Take a step with the job of a desk; return whether its file came."""
        ...


Work = Callable[[Desk, Hand, int], tuple[Sequence[Piece], Sequence[Fate]]]
"""Does a turn at a desk, with at most so many pieces; returns the pieces and their fates."""


def itself(_target: Target, number: int) -> str:
    """Return what a piece is about when no other piece can disturb it."""
    return str(number)


@dataclass(frozen=True, slots=True)
class Role:
    """One part of the work.

    ``rate`` is how many pieces arrive a second for each user of the plan at the largest load,
    ``gather`` how long pieces may wait for each other (seconds), ``calls`` what one batch of them
    needs at least, ``subject`` what a piece is about. ``noted`` is what a finished piece leaves in
    the store: the keyword with its bid, or the profile with a name; only writes leave anything.
    """

    name: str
    title: str
    rate: float
    gather: float
    calls: int
    work: Work
    subject: Callable[[Target, int], str] = itself
    noted: Callable[[Target, int], tuple[str, Any]] | None = None

    @property
    def is_write(self) -> bool:
        """Whether its work changes anything."""
        return self.noted is not None
