"""Differences that a switch of the mock covers, read from ``variations.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import msgspec

from adsmock.harness.fidelity.difference import Difference
from adsmock.harness.structs import convert

FILE = Path(__file__).with_name("variations.toml")


class Variation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One switch and the differences that it covers; empty tuples allow everything."""

    switch: str
    operations: tuple[str, ...]
    aspects: tuple[str, ...]
    members: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    mock: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()

    def covers(self, found: Difference, wants: str) -> bool:
        """Say whether the switch covers a difference of a request that ``wants`` a refusal."""
        last = found.member.rpartition("/")[2]
        return (
            any(fnmatchcase(found.operation, pattern) for pattern in self.operations)
            and found.aspect in self.aspects
            and (not self.members or last in self.members)
            and _fits(found.service, self.service)
            and _fits(found.mock, self.mock)
            and (not self.wants or wants in self.wants)
        )


def _fits(text: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatchcase(text, pattern) for pattern in patterns)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    variation: tuple[Variation, ...]


@cache
def variations() -> tuple[Variation, ...]:
    """Return the switches that cover differences."""
    return convert(tomllib.loads(FILE.read_text("utf-8")), _File).variation


def with_switch(found: Difference, wants: str = "") -> Difference:
    """Return a difference with the switch that covers it, if one does."""
    rows: Iterable[Variation] = (row for row in variations() if row.covers(found, wants))
    row = next(iter(rows), None)
    return replace(found, switch=row.switch) if row else found
