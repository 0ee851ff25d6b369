"""Fault kind ``latency``: answer late."""

from __future__ import annotations

from adsmock.mockserver.core.effect import Effect


class Latency(Effect):
    """A late answer. Every effect can be late; this kind does nothing else."""

    kind = "latency"
    points = ("on_wire",)
    summary = "Sends the answer late. `latencyMs` works with every other kind as well."
    required = ("latencyMs",)
