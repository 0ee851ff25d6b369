"""The judge functions by name: pure functions, each with one question to a journal."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module

from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.suite.case import Case, CaseError
from adsmock.harness.suite.checks.finding import Evidence, Finding

Judge = Callable[..., Finding]


def _collect(name: str) -> dict[str, Judge]:
    """Return what every module here lists under ``name``; a new module needs no list elsewhere."""
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    judges = [judge for module in modules for judge in getattr(module, name, ())]
    return {judge.__name__: judge for judge in judges}


JUDGES: dict[str, Judge] = _collect("JUDGES")

TIMED = frozenset(_collect("TIMED"))
"""The judge functions that a slow machine affects: statistics, rates and upper limits of time.

On a noisy machine their breaches are inconclusive. Counts and lower limits are not among them:
delays never add a call and never shorten a wait.
"""

CHAINED = frozenset(_collect("CHAINED"))
"""The judge functions that count equal calls as attempts at one piece of work."""


def verify(case: Case) -> None:
    """Raise unless every check of a case names a judge function and the arguments it takes.

    Raises:
        CaseError: names the check and what is wrong with it.
    """
    for check in case.checks:
        judge = JUDGES.get(check.judge)
        if judge is None:
            hint = did_you_mean(check.judge, JUDGES)
            raise CaseError(check.id, f"unknown judge {check.judge!r}: {hint}")
        try:
            inspect.signature(judge).bind(None, **check.numbers)
        except TypeError as problem:
            raise CaseError(check.id, f"{check.judge}: {problem}") from None


__all__ = ["CHAINED", "JUDGES", "TIMED", "Evidence", "Finding", "Judge", "verify"]
