"""Features and habits as they stand in ``features.toml``: frozen values.

Knows that file's form. Must not know what a step costs.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a feature: ``do`` names how it is reckoned, the rest what it works on."""

    do: str
    resource: str = ""
    operation: str = ""
    count: str = ""
    export: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """Something integrations do; ``per`` says whether once an advertiser or once a region."""

    id: str
    title: str
    steps: tuple[Step, ...]
    per: Literal["advertiser", "region"] = "advertiser"


@dataclass(frozen=True, slots=True)
class Habit:
    """A member of the calling pattern: the practice behind it, and what to do about it."""

    member: str
    practice: str
    advice: str


@cache
def features() -> dict[str, Feature]:
    """Return all features by id."""
    rows = _file()["feature"]
    return {
        row["id"]: Feature(**row | {"steps": tuple(Step(**step) for step in row["steps"])})
        for row in rows
    }


@cache
def habits() -> dict[str, Habit]:
    """Return all habits by the member of the pattern they are about."""
    return {row["member"]: Habit(**row) for row in _file()["habit"]}


@cache
def _file() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(Path(__file__).with_name("features.toml").read_text("utf-8"))
