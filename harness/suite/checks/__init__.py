"""The judge functions by name: pure answers to one question each about a journal.

Knows which function answers to which name. Must not know severities, triggers or reports.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module

from adsmock.harness.suite.case import Case, CaseError
from adsmock.harness.suite.checks.finding import Finding, Row

Judge = Callable[..., Finding]


def _collect(name: str) -> dict[str, Judge]:
    """Return what every module here lists by ``name``; a new module needs no list elsewhere."""
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    judges = [judge for module in modules for judge in getattr(module, name, ())]
    return {judge.__name__: judge for judge in judges}


JUDGES: dict[str, Judge] = _collect("JUDGES")

TIMED = frozenset(_collect("TIMED"))
"""The judges that a late machine may lead astray: by statistics, rates and upper limits of time.

What they call broken beside a noisy machine is inconclusive. Counts and lower limits are not among
them: lateness never makes one more call, nor a wait shorter.
"""


def verify(case: Case) -> None:
    """Raise unless every check of a case names a judge function and only numbers it takes.

    Raises:
        CaseError: names the check and what is wrong with it.
    """
    for check in case.checks:
        judge = JUDGES.get(check.judge)
        if judge is None:
            raise CaseError(check.id, f"no judge is called {check.judge}")
        try:
            inspect.signature(judge).bind(None, **check.numbers)
        except TypeError as problem:
            raise CaseError(check.id, f"{check.judge}: {problem}") from None


__all__ = ["JUDGES", "TIMED", "Finding", "Judge", "Row", "verify"]
