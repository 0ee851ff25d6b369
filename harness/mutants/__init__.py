"""Clients that are wrong on purpose, and the checks that must catch each of them.

A case that catches no broken client proves nothing; a broken client that nothing catches shows a
hole in the suite. Each is the reference client with another class for one of its parts. A module
here holds the clients of one area in ``MUTANTS``; all modules are read, so a new one needs no
list elsewhere.
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
"""All broken clients by name, in the order of the checks they break."""

__all__ = ["MUTANTS", "Mutant"]
