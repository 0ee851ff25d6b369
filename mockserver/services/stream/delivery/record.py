"""What a dataset gives to the delivery engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a dataset.

    ``at`` is when it is due (sandbox seconds); all records of one time are a burst. ``key`` names
    the record within its dataset and account: it decides the order in a burst (seeded).
    """

    at: float
    key: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """The request for the records of a profile that are due after ``after``, up to ``until``."""

    sandbox: Sandbox
    profile: Profile
    dataset: str
    after: float
    until: float
    sandboxes: Sandboxes | None = None
    """Where the sandbox is, for datasets that show what an operation answers."""


@dataclass(frozen=True, slots=True)
class Renderer:
    """A dataset: its records in order of time, which are due at multiples of ``step`` seconds.

    ``records`` depends on the sandbox's state and the period alone: the same period gives the same
    records however it is divided.
    """

    step: float
    records: Callable[[Period], Iterator[Record]]
