"""Fields of unified reports, read on demand: dimensions, metrics, and what goes together.

The tables are large and few runs request such a report, so ``contracts.loader`` does not read them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from adsmock.contracts.cross_checks import ContractError, check_sources
from adsmock.contracts.loader import FOLDER as CONTRACTS
from adsmock.contracts.loader import TABLES, validate

FOLDER = CONTRACTS / "v1" / TABLES
META = "report_fields"
METRIC = "metric"
"""What comes before the point of a metric's id, where others have their dimension."""


@dataclass(frozen=True, slots=True)
class Length:
    """The length of a period: days, or calendar months."""

    days: int = 0
    months: int = 0

    def __str__(self) -> str:
        return f"{self.days} days" if self.days else f"{self.months} months"


@dataclass(frozen=True, slots=True)
class Period:
    """Limits of a dimension of time: the longest period, and how far back it may begin."""

    range: Length
    retention: Length


@dataclass(frozen=True, slots=True)
class ReportField:
    """One field: its dimension or ``metric``, and what it goes with.

    ``v3`` names its columns in sponsored ads of reporting v3, as the documents write them; it is
    empty without one. ``incompatible`` are dimensions.
    """

    id: str
    dimension: str
    type: str
    requires: tuple[str, ...] = ()
    incompatible: frozenset[str] = frozenset()
    v3: str = ""


def fields() -> dict[str, ReportField]:
    """Return the fields by id.

    Raises:
        ContractError: a table breaks its meta-schema or names something unknown.
    """
    return _installed()[0]


def periods() -> dict[str, Period]:
    """Return the dimensions of time with their limits.

    Raises:
        ContractError: as ``fields``.
    """
    return _installed()[1]


@cache
def _installed() -> tuple[dict[str, ReportField], dict[str, Period]]:
    return assemble(read())


def read() -> dict[str, Any]:
    """Return the parsed tables by their path below the contracts."""
    return {
        path.relative_to(CONTRACTS).as_posix(): json.loads(path.read_text("utf-8"))
        for path in sorted(FOLDER.glob("*.json"))
    }


def assemble(files: dict[str, Any]) -> tuple[dict[str, ReportField], dict[str, Period]]:
    """Return the fields and the dimensions of time of parsed tables.

    Raises:
        ContractError: names the file, the JSON pointer and the reason.
    """
    found: dict[str, ReportField] = {}
    times: dict[str, Period] = {}
    for name, value in files.items():
        validate(name, "", META, value)
        check_sources(name, value)
        for row in value.get("dimensions", ()):
            if "period" in row:
                limits = {part: Length(**row["period"][part]) for part in ("range", "retention")}
                times[row["id"]] = Period(**limits)
            for each in row["fields"]:
                requires = tuple(each.get("requires", ()))
                found[each["id"]] = ReportField(
                    each["id"], row["id"], each["type"], requires, v3=each.get("v3", "")
                )
        for row in value.get("metrics", ()):
            found |= _metrics(row, value)
    _check(files, found)
    return found, times


def _metrics(row: dict[str, Any], value: dict[str, Any]) -> dict[str, ReportField]:
    without = frozenset(value["incompatible"][row["incompatible"]])
    requires = tuple(row.get("requires", ()))
    return {
        name: ReportField(name, METRIC, row["type"], requires, without, value["v3"].get(name, ""))
        for name in row["names"]
    }


def _check(files: dict[str, Any], found: dict[str, ReportField]) -> None:
    """Check that fields name known fields and dimensions only."""
    file, known = next(iter(files), ""), {each.dimension for each in found.values()}
    for each in found.values():
        unknown = [name for name in each.requires if name not in found]
        unknown += sorted(each.incompatible - known)
        if unknown:
            raise ContractError(file, f"/{each.id}", f"unknown {', '.join(unknown)}")
