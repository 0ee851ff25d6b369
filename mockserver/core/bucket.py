"""Token bucket with weights."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """The current level of a quota: ``rate`` tokens per second, at most ``burst``.

    The level never falls below zero. ``now`` is the sandbox's time, so a frozen clock refills only
    by ``advance``.
    """

    rate: float
    burst: float
    level: float
    stamp: float

    def take(self, weight: float, now: float, pressure: float = 1.0) -> float:
        """Spend ``weight`` and return 0.0, or return the seconds until it could be spent.

        ``pressure`` in (0, 1] scales rate and burst: 0.3 leaves three tenths of both. A weight
        above the burst is granted from a full bucket; otherwise it could never be granted.
        """
        # Every call runs this, and min or max costs more than a comparison (measured).
        burst = self.burst * pressure
        if burst < 1.0:  # noqa: PLR1730 -- see above
            burst = 1.0
        rate = self.rate * pressure
        level = self.level
        if now > self.stamp:
            level += (now - self.stamp) * rate
        if level > burst:  # noqa: PLR1730 -- see above
            level = burst
        self.stamp = now
        need = weight if weight < burst else burst  # noqa: FURB136 -- see above
        if level >= need:
            self.level = level - need
            return 0.0
        self.level = level
        return (need - level) / rate if rate > 0 else 3600.0
