"""Roles, and the protocol of the callers that make their calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from adsmock.harness.volume.feature import Step
from adsmock.harness.volume.plan import BEST, Pattern
from adsmock.loadtests.work_queue import Result, Target, WorkItem, WorkQueue


@dataclass(frozen=True, slots=True)
class JobRequest:
    """An export or a report to create, poll and download.

    ``create`` and ``poll`` are operation ids, ``identity`` is the member with the job's id.
    ``fetch`` does the same with a client, for a profile.
    """

    create: str
    poll: str
    identity: str
    body: dict[str, Any]
    fetch: Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class Task:
    """Work for a partner's program: a verb of the adapter protocol with its arguments."""

    verb: str
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WriteResult:
    """Result of one item of a batch; a created one has an ``id`` when the service returned it."""

    result: Result
    id: str = ""


class Worker(Protocol):
    """Does the turns of one user."""

    def start_turn(self) -> None:
        """Prepare for a turn."""
        ...

    def do(self, role: Role, queue: WorkQueue, most: int) -> TurnResult:
        """Do up to ``most`` items of a queue."""
        ...


class Caller(Worker, Protocol):
    """Makes the calls of one user and raises nothing: a failed call is retried later."""

    def do(self, role: Role, queue: WorkQueue, most: int) -> TurnResult:
        """Do the role's work with the calls below."""
        return role.work(queue, self, most)

    def write(
        self, verb: str, resource: str, target: Target, items: Sequence[dict[str, Any]]
    ) -> list[WriteResult]:
        """Write a batch and return the result of each item, in order.

        No call carries more items than the contract allows, however large the batch is.
        """
        ...

    def read(self, resource: str, target: Target) -> bool:
        """Read every entity of a resource; return whether all pages arrived."""
        ...

    def fetch(self, request: JobRequest, queue: WorkQueue) -> bool:
        """Create or poll the queue's job; return whether its file arrived."""
        ...


@dataclass(frozen=True, slots=True)
class TurnResult:
    """Items that a turn took from a queue, their results, and what the service acknowledged.

    ``made`` holds resource and id of created entities, ``built`` the names of structures that are
    created whole, ``bids`` the last acknowledged bid by keyword; None is an unknown one.
    """

    items: Sequence[WorkItem] = ()
    results: Sequence[Result] = ()
    made: Sequence[tuple[str, str]] = ()
    bids: Mapping[str, float | None] = field(default_factory=dict)
    built: Sequence[str] = ()


Work = Callable[[WorkQueue, Caller, int], TurnResult]
"""Does a turn at a queue, with a maximum number of items."""


def no_bids(_target: Target, _numbers: Sequence[int]) -> Mapping[str, float]:
    """Return no bids: the items change none."""
    return {}


def no_names(_target: Target, _numbers: Sequence[int]) -> Sequence[str]:
    """Return no names: the items create nothing."""
    return ()


def itself(_target: Target, number: int) -> str:
    """Return a subject that no other item has."""
    return str(number)


@dataclass(frozen=True, slots=True)
class Role:
    """One part of the work.

    ``work`` does items through a caller, ``task`` returns the same items as a task; ``bids`` and
    ``built`` are what the store holds when they are done. ``rate`` is the number of items that
    arrive per second and user at the largest load. ``gather`` is how long items may wait for each
    other, ``job`` how long an export or report of the role takes, in seconds. ``subject`` returns
    the subject of an item. ``steps``, ``entities`` (per item, by kind) and ``pattern`` describe the
    work in the terms of the estimate, which calculates the minimum number of calls.
    """

    name: str
    title: str
    rate: float
    gather: float
    work: Work
    task: Callable[[Target, Sequence[int]], Task]
    steps: tuple[Step, ...]
    entities: Mapping[str, int] = field(default_factory=dict)
    pattern: Pattern = BEST
    subject: Callable[[Target, int], str] = itself
    is_write: bool = False
    job: float = 0.0
    bids: Callable[[Target, Sequence[int]], Mapping[str, float]] = no_bids
    built: Callable[[Target, Sequence[int]], Sequence[str]] = no_names
