"""Wait for passes of a program, and report meanwhile that they are running."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from typing import TypeVar

NEWS_SECONDS = 30.0
"""Seconds between two lines of progress while nothing ends."""

Result = TypeVar("Result")


def results(
    futures: Iterable[Future[Result]],
    say: Callable[[str], None],
    words: Callable[[], str],
    seconds: float = NEWS_SECONDS,
) -> list[Result]:
    """Return the results in order; say ``words()`` after each ``seconds`` of waiting.

    The first exception of a future ends the wait and is raised.
    """
    ordered = list(futures)
    pending = set(ordered)
    while pending:
        ended, pending = wait(pending, seconds, FIRST_EXCEPTION)
        for future in ended:
            future.result()
        if pending and not ended:
            say(words())
    return [future.result() for future in ordered]
