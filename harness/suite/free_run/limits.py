"""How long a free run may take, and where its lines of progress go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a free run may take.

    Args:
        seconds: the most that one pass may take.
        now: returns the present in seconds, for the time left.
        sleep: waits for some seconds.
        rounds: the most rounds after the clean passes; None plays all that can prove something.
    """

    seconds: float
    now: Callable[[], float]
    sleep: Callable[[float], None]
    rounds: int | None = None
