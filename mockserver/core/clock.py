"""One clock per sandbox: real, scaled or frozen.

Only this file of the mock reads the machine's clocks; everything else receives a ``Clock`` or a
number.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["real", "scaled", "frozen"]

monotonic: Callable[[], float] = time.monotonic  # noqa: TID251 -- this is the clock
epoch: Callable[[], float] = time.time  # noqa: TID251 -- this is the clock


@dataclass(frozen=True, slots=True)
class TimeSource:
    """The machine's clocks as values, so that a test can replace them."""

    epoch: Callable[[], float] = epoch
    monotonic: Callable[[], float] = monotonic


class Clock:
    """The time of one sandbox, in seconds since 1970 UTC.

    ``real`` runs with the machine, ``scaled`` runs ``rate`` times as fast, ``frozen`` moves by
    ``advance`` only. All three can be advanced; none goes back.
    """

    __slots__ = ("_anchor", "_base", "_source", "mode", "rate")

    def __init__(
        self,
        source: TimeSource,
        *,
        mode: Mode = "real",
        start: float | None = None,
        rate: float = 1.0,
    ) -> None:
        self._source = source
        self.mode: Mode = mode
        self.rate = rate if mode == "scaled" else 1.0
        self._base = source.epoch() if start is None else start
        self._anchor = source.monotonic()

    @classmethod
    def read(cls, source: TimeSource, row: dict[str, Any]) -> Clock:
        """Return a stored clock. It has run while the server was down, unless it is frozen."""
        mode, rate, start = row["mode"], row["rate"], row["now"]
        if mode != "frozen":
            start += max(0.0, source.epoch() - row["at"]) * rate
        return cls(source, mode=mode, start=start, rate=rate)

    def now(self) -> float:
        """Return the sandbox's time, in seconds since 1970 UTC."""
        if self.mode == "frozen":
            return self._base
        return self._base + (self._source.monotonic() - self._anchor) * self.rate

    @property
    def mark(self) -> tuple[str, float, float, float]:
        """What distinguishes this clock from a clock that was set or advanced since."""
        return self.mode, self.rate, self._base, self._anchor

    def written(self) -> dict[str, Any]:
        """Return the clock for a stored state: what it showed at a time of the machine."""
        return {
            "mode": self.mode,
            "rate": self.rate,
            "now": self.now(),
            "at": self._source.epoch(),
        }

    @property
    def pace(self) -> float:
        """Return its seconds per second of the machine: 0 when frozen."""
        return 0.0 if self.mode == "frozen" else self.rate

    def advance(self, seconds: float) -> float:
        """Move forward by ``seconds`` and return the new time.

        Raises:
            ValueError: ``seconds`` is negative; time does not go back.
        """
        if seconds < 0:
            raise ValueError("a clock cannot go back: give a later time")
        self._base += seconds
        return self.now()

    def set(self, mode: Mode, *, now: float | None = None, rate: float = 1.0) -> None:
        """Change the mode, keeping the present time unless ``now`` is given.

        Raises:
            ValueError: ``now`` is before the present time.
        """
        present = self.now()
        if now is not None and now < present:
            raise ValueError("a clock cannot go back: give a later time")
        self._base = present if now is None else now
        self._anchor = self._source.monotonic()
        self.mode = mode
        self.rate = rate if mode == "scaled" else 1.0
