"""A search for the largest load that stays within the thresholds.

The load is the number of users at the peak, a percentage of the partner's plan, or the number of
copies of a program with its own work. It doubles while all is well, or halves while it is not;
then the search closes in between the last load that passed and the first that did not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from adsmock.loadtests.report import Status

CLOSE = 1.2
"""Ratio of two loads at which the search ends."""

LARGEST = 32
"""The search ends at this multiple of the first load."""

FEWEST = 5
"""Smallest load that shows the shape of an event."""

Try = Callable[[int], Status]
"""Plays the event with a load and returns the verdict."""


@dataclass(slots=True)
class Search:
    """What was found: verdicts by load, in the order of the runs."""

    verdicts: dict[int, Status] = field(default_factory=dict)

    @property
    def passed(self) -> int | None:
        """The largest load within the thresholds."""
        found = [load for load, status in self.verdicts.items() if status == "within"]
        return max(found, default=None)

    @property
    def failed(self) -> int | None:
        """The smallest load that was not within the thresholds."""
        found = [load for load, status in self.verdicts.items() if status != "within"]
        return min(found, default=None)

    @property
    def is_over(self) -> bool:
        """Whether this machine ended the search, not the integration."""
        failed = self.failed
        return failed is not None and self.verdicts[failed] == "incomplete"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest and the largest load that may be tried."""

    fewest: int = FEWEST
    most: int = 1_000_000


def search(play: Try, asked: int, guess: int | None = None, bounds: Bounds | None = None) -> Search:
    """Return the verdicts of all runs, from the load that was ``asked`` for on.

    When it passes, a calculated limit comes next: the ``guess``.
    """
    found = Search()
    load: int | None = asked
    while load is not None:
        found.verdicts[load] = play(load)
        load = _next(found, asked, guess, bounds or Bounds())
    return found


def _next(found: Search, asked: int, guess: int | None, bounds: Bounds) -> int | None:
    """Return the next load to try; None when the limit is known well enough."""
    if guess is not None and list(found.verdicts.values()) == ["within"] and guess > asked:
        return guess
    passed, failed = found.passed, found.failed
    if passed is None:
        halved = min(found.verdicts) // 2
        return halved if halved >= bounds.fewest else None
    if failed is None:
        doubled = passed * 2
        largest = min(bounds.most, max(asked * LARGEST, guess or 0))
        return doubled if doubled <= largest else None
    if failed <= passed * CLOSE:
        return None
    middle = round((passed * failed) ** 0.5)
    return middle if middle not in found.verdicts else None
