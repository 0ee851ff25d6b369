"""A conformance case as a frozen value: what is claimed, set up, done, broken and checked.

Knows the vocabulary of case files. Must not know files, HTTP, journals or how a check decides: a
check names its judge function and the numbers handed to it.

Glossary
    Seed     one entity that exists before the work begins; its alias stands in for its id.
    Fault    one rule for the mock's fault plan.
    Trigger  what must have happened before a verdict may be given; less is UNPROVEN.
    Check    one question to the journal: severity, judge function, numbers.
    Case     a claim with its scenario and its checks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["MUST", "SHOULD", "INFO"]

PROFILES = ("quick", "core", "full", "peak")
"""The selections a case may belong to. ``full`` holds every case, named there or not."""

FULL = "full"

VERBS = frozenset(
    {
        "list_profiles",
        "list",
        "get",
        "create",
        "update",
        "modify",
        "archive",
        "create_tree",
        "export",
        "exports",
        "sync_metadata",
        "report",
        "reports",
        "steady",
        "idle",
    }
)

START = "2026-07-01T12:00:00Z"
"""Where a sandbox's clock stands when a case says nothing else: noon, in the middle of a year."""


class CaseError(ValueError):
    """A case file says something the model has no word for, or lacks a word it needs."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")


@dataclass(frozen=True, slots=True)
class Seed:
    """One entity to put in place before the client starts; without ``id`` it gets one by hash."""

    profile: str
    resource: str
    alias: str
    entity: dict[str, Any]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The universe of a case: its clock, quotas, profiles, versions and first entities.

    ``token_lifetime`` is in seconds; 0 leaves it to the mock. ``choices`` say what the mock does
    where the service may do one thing or another.
    """

    start: str = START
    quotas: dict[str, Any] = field(default_factory=dict)
    token_lifetime: int = 0
    choices: dict[str, str] = field(default_factory=dict)
    profiles: tuple[dict[str, Any], ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    state: tuple[Seed, ...] = ()
    scale: int = 0
    """How fast its clock runs for a client whose own time can be set, where the case is about what
    nobody can advance: waiting at a socket. 0 leaves that clock frozen."""
    scenario: str = ""
    over: str = ""
    """A scenario of the mock that is played while the client works, and over how long."""
    listeners: dict[str, str] = field(default_factory=dict)
    """TLS listeners by region, or by a name of their own, with what is wrong with each."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule for the fault plan; ``rule`` is sent as it stands."""

    id: str
    kind: str
    rule: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work for the client; references in ``args`` are resolved after seeding."""

    verb: str
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Restart:
    """When a client is killed and started again: once ``count`` calls of an operation are seen."""

    after: str
    count: int


@dataclass(frozen=True, slots=True)
class Trigger:
    """What must have happened before any check of the case may pass or fail.

    ``or_gave_up`` excuses missing faults when the client lawfully stopped after meeting one.
    """

    min_faults: int = 0
    min_chains: int = 0
    min_calls: int = 0
    min_regions: int = 0
    min_refused: int = 0
    min_restarts: int = 0
    or_gave_up: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the journal.

    ``silence`` marks a check that passes because something was not seen: traffic that could not
    be attributed takes its PASS away.
    """

    id: str
    severity: Severity
    judge: str
    numbers: dict[str, Any] = field(default_factory=dict)
    silence: bool = False
    tasked: bool = False
    """Whether it needs the very work of its case, so that a free run cannot answer it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A claim about an integration with everything needed to test it."""

    id: str
    version: int
    title: str
    area: str
    practice: tuple[str, ...]
    anchor: str
    claim: str
    level: Severity
    profiles: tuple[str, ...]
    how_to_fix: str
    sandbox: Sandbox
    faults: tuple[Fault, ...]
    tasks: tuple[Task, ...]
    trigger: Trigger
    checks: tuple[Check, ...]
    workers: int = 1
    """How many tasks may be under way at once; a client that works in series is judged too."""
    together: bool = False
    """Whether only workers side by side can show anything; in virtual time all else is serial."""
    free: bool = False
    """Whether the journal alone decides it, whatever work was done: fit for a free run."""
    restart: Restart | None = None
    """Whether the client is killed in the middle of its work, and started again with the same."""
    timeout: int = 0
    """Seconds that a client in real time needs for this case, where that is more than usual."""
