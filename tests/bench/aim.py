"""Targets of a run: each target that was missed is reported.

Knows targets as numbers. Must not know how anything is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Aim:
    """A figure and its target: the most it may be, or with ``floor`` the least."""

    what: str
    value: float
    target: float
    unit: str = ""
    floor: bool = False

    @property
    def is_held(self) -> bool:
        return self.value >= self.target if self.floor else self.value <= self.target

    def line(self) -> str:
        """Return the figure, its target and which of the two it is: held or missed."""
        sign = ">=" if self.floor else "<="
        figure = f"{self.value:,.3g}{self.unit}, target {sign} {self.target:,g}{self.unit}"
        return f"{'held  ' if self.is_held else 'MISSED'}  {self.what:<54}{figure}"


def lines(aims: Sequence[Aim]) -> list[str]:
    """Return a line for each aim, what was missed first, and how many were."""
    missed = sum(not each.is_held for each in aims)
    rows = [each.line() for each in sorted(aims, key=lambda each: each.is_held)]
    return [f"targets: {len(aims) - missed} held, {missed} missed", *rows]
