"""What a role is, and what the hand that makes its calls can do.

Knows the forms. Must not know any role, or how a call looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from adsmock.harness.volume.feature import Step
from adsmock.harness.volume.plan import BEST, Pattern
from adsmock.loadtests.work_queue import Piece, Result, Target, WorkQueue


@dataclass(frozen=True, slots=True)
class JobRequest:
    """An export or a report: how it is ordered and looked at on the wire.

    ``create`` and ``look`` are operation ids, ``identity`` the member that names the job. ``order``
    gets the same from a whole client, for a profile.
    """

    create: str
    look: str
    identity: str
    body: dict[str, Any]
    order: Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of one item of a batch; a created one has an ``id`` when the service told it."""

    result: Result
    id: str = ""


class Caller(Protocol):
    """Makes the calls of one user. Nothing is raised: what fails is to be tried again."""

    def begin(self) -> None:
        """Begin a turn."""
        ...

    def write(
        self, verb: str, resource: str, target: Target, items: Sequence[dict[str, Any]]
    ) -> list[WriteResult]:
        """Write a batch and return what became of each item, in order.

        However large a batch is asked for, no call carries more items than the contract allows.
        """
        ...

    def read(self, resource: str, target: Target) -> bool:
        """Read every entity of a resource; return whether all of it came."""
        ...

    def fetch(self, request: JobRequest, queue: WorkQueue) -> bool:
        """Take a step with the job of a desk; return whether its file came."""
        ...


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What a turn at a desk came to: the pieces taken, their fates, what the service took.

    ``made`` holds resource and id of what it said it created, ``bids`` the last bid that it said
    it took, by keyword.
    """

    pieces: Sequence[Piece] = ()
    results: Sequence[Result] = ()
    made: Sequence[tuple[str, str]] = ()
    bids: Mapping[str, float] = field(default_factory=dict)


Work = Callable[[WorkQueue, Caller, int], TurnResult]
"""Does a turn at a desk, with at most so many pieces at once."""


def itself(_target: Target, number: int) -> str:
    """Return what a piece is about when no other piece can disturb it."""
    return str(number)


@dataclass(frozen=True, slots=True)
class Role:
    """One part of the work.

    ``rate`` is how many pieces arrive a second for each user of the plan at the largest load,
    ``gather`` how long pieces may wait for each other (seconds), ``subject`` what a piece is about.
    ``steps`` say what the work is in the terms of the estimate, ``entities`` what one piece touches
    or brings, by kind, and ``pattern`` how it is best called: what it costs at least is reckoned
    there, not here.
    """

    name: str
    title: str
    rate: float
    gather: float
    work: Work
    steps: tuple[Step, ...]
    entities: Mapping[str, int] = field(default_factory=dict)
    pattern: Pattern = BEST
    subject: Callable[[Target, int], str] = itself
    is_write: bool = False
