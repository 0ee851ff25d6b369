"""One broken client."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client_parts import client_with


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken client.

    ``defect`` says what it does wrong. ``kills`` names the checks that must fail for it; no other
    check may fail. ``factory`` takes the arguments of ``AdsClient``. ``cases`` are further cases in
    which an invariant of ``kills`` catches it.
    """

    name: str
    defect: str
    kills: tuple[str, ...]
    factory: type[AdsClient]
    cases: tuple[str, ...] = ()
    template: Callable[[dict[str, Any]], None] | None = None
    """What it changes in the model template of its queues."""


def mutant(name: str, defect: str, kills: str, *parts: type, cases: str = "") -> Mutant:
    """Return the mutant with these parts; ``kills`` and ``cases`` are separated by blanks."""
    return Mutant(name, defect, tuple(kills.split()), client_with(*parts), tuple(cases.split()))
