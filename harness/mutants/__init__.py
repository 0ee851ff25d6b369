"""Broken clients (mutants), each with the checks that must fail for it.

A case that no mutant fails proves nothing; a mutant that no check catches shows a gap in the suite.
Each mutant is the reference client with another class for one part. Each module has the mutants of
one area in ``MUTANTS``; new modules are found automatically.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from adsmock.harness.mutants.mutant import Mutant


def _collect() -> dict[str, Mutant]:
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    rows = [row for module in modules for row in getattr(module, "MUTANTS", ())]
    return {row.name: row for row in sorted(rows, key=lambda row: row.kills)}


MUTANTS: Mapping[str, Mutant] = MappingProxyType(_collect())
"""All mutants by name, in the order of the checks that they fail."""

__all__ = ["MUTANTS", "Mutant"]
