"""Broken clients (mutants), each with the checks that must fail for it.

A case that no mutant fails proves nothing; a mutant that no check catches shows a gap in the suite.
Each mutant is the reference client with another class for one part. Each module has the mutants of
one area in ``MUTANTS``; new modules are found automatically.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module

from adsmock.harness.mutants.mutant import Mutant


class _Mutants(Mapping[str, Mutant]):
    """Imports the modules at the first use: a run of a partner's program needs none of them."""

    @cached_property
    def _by_name(self) -> dict[str, Mutant]:
        names = (f"{__name__}.{info.name}" for info in pkgutil.iter_modules(__path__))
        rows = [row for name in names for row in getattr(import_module(name), "MUTANTS", ())]
        return {row.name: row for row in sorted(rows, key=lambda row: row.kills)}

    def __getitem__(self, name: str) -> Mutant:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


MUTANTS: Mapping[str, Mutant] = _Mutants()
"""All mutants by name, in the order of the checks that they fail."""

__all__ = ["MUTANTS", "Mutant"]
