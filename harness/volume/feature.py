"""Features and habits of ``features.toml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

FILE = Path(__file__).with_name("features.toml")


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a feature: ``do`` is its kind, the other members are what it works on."""

    do: str
    resource: str = ""
    operation: str = ""
    count: str = ""
    export: str = ""


class Feature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of an integration's work; ``per`` is what it runs once for."""

    id: str
    title: str
    steps: tuple[Step, ...]
    per: Literal["advertiser", "region"] = "advertiser"


class Habit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member of the call pattern, with the framework's practice and advice."""

    member: str
    practice: str
    advice: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    feature: tuple[Feature, ...]
    habit: tuple[Habit, ...]


@cache
def features() -> dict[str, Feature]:
    """Return all features by id."""
    return {each.id: each for each in _file().feature}


@cache
def habits() -> dict[str, Habit]:
    """Return all habits by member of the call pattern."""
    return {each.member: each for each in _file().habit}


@cache
def _file() -> _File:
    return msgspec.toml.decode(FILE.read_bytes(), type=_File)
