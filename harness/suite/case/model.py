"""A conformance case as in its file: claim, setup, tasks, faults and checks.

A check names a judge function and the arguments to call it with.

Glossary
    Seed       one entity that exists before the client starts; tasks refer to it by its alias.
    Fault      one rule of the mock's fault plan.
    Trigger    what the journal must show before a verdict is possible; with less it is UNPROVEN.
    Check      one question to the journal: severity, judge function, arguments.
    Case       a claim with its setup and its checks.
    Invariant  a case whose checks are judged on the journals of all other cases.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from msgspec import Struct

Severity = Literal["MUST", "SHOULD", "INFO"]

Profile = Literal["quick", "core", "full", "peak"]
"""The selections that a case can belong to. ``full`` contains every case."""

PROFILES: tuple[Profile, ...] = get_args(Profile)

FULL = "full"

Verb = Literal[
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
    "subscribe_stream",
    "consume_stream",
    "raise_budgets",
    "apply_recommendations",
    "run_workflow",
    "schedule_workflow",
    "idle",
]

STREAM_VERBS: frozenset[Verb] = frozenset({"subscribe_stream", "consume_stream", "raise_budgets"})
"""The verbs about queues: their tasks have access to SQS and SNS."""

VERBS: frozenset[Verb] = frozenset(get_args(Verb))

START = "2026-07-01T12:00:00Z"
"""The default start time of a sandbox's clock: noon, in the middle of a year."""


SOON_OVER = 20
"""The most failures of one fault that count as transient: fewer than the limit of attempts."""


class CaseError(ValueError):
    """A case file with an unknown, missing or contradictory field."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")


class Seed(Struct, frozen=True, forbid_unknown_fields=True):
    """One entity to create before the client starts; without ``id`` its id is a hash.

    ``repeat`` makes so many of them, numbered in the place of ``{n}``.
    """

    profile: str
    resource: str
    alias: str
    entity: dict[str, Any] = {}
    id: str = ""
    repeat: int = 1


class QueueMessage(Struct, frozen=True, forbid_unknown_fields=True):
    """One message that is in a queue before the client starts: a ``record``, else a ``text``.

    ``repeat`` makes so many of them, numbered in the place of ``{n}``.
    """

    queue: str
    record: dict[str, Any] = {}
    text: str = ""
    repeat: int = 1


class Sandbox(Struct, frozen=True, forbid_unknown_fields=True):
    """The sandbox of a case: its clock, quotas, profiles, versions and first entities.

    An empty ``start`` is the present.
    ``token_lifetime`` is in seconds; 0 keeps the mock's default. ``choices`` pick one of several
    behaviors that the real service may show. An empty ``start`` is the present.
    """

    start: str = START
    quotas: dict[str, Any] = {}
    token_lifetime: int = 0
    choices: dict[str, str] = {}
    profiles: tuple[dict[str, Any], ...] = ()
    versions: dict[str, str] = {}
    state: tuple[Seed, ...] = ()
    messages: tuple[QueueMessage, ...] = ()
    queues: tuple[str, ...] = ()
    """Queues that exist before the client starts, by region: ``NA.ads``."""
    scale: int = 0
    """The clock's speed for a client with a settable time, in a case about waits at a socket,
    which nothing can advance. 0 keeps the clock frozen."""
    scenario: str = ""
    over: str = ""
    """A scenario that the mock plays while the client works, and its duration."""
    listeners: dict[str, str] = {}
    """The flaw of each TLS listener, by region or by a name of the case's own."""


class Fault(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule of the fault plan, with members as the control plane takes them."""

    id: str
    effect: dict[str, Any]
    match: dict[str, Any] = {}
    when: dict[str, Any] = {}
    supports: bool = False
    """Whether it only arranges the tasks of its case: no verdict waits for it."""

    @property
    def kind(self) -> str:
        """Return the fault kind."""
        return str(self.effect["kind"])

    @property
    def rule(self) -> dict[str, Any]:
        """Return the rule to send to the control plane."""
        members = {"id": self.id, "match": self.match, "when": self.when, "effect": self.effect}
        return {name: value for name, value in members.items() if value}

    @property
    def lasts(self) -> bool:
        """Say whether it never ends for a client with a limited number of retries."""
        attempt = self.when.get("attempt")
        last = max(attempt) if isinstance(attempt, list) else attempt
        of_item = self.effect.get("items", {}).get("times")
        counts = (each for each in (self.when.get("times"), last, of_item) if each is not None)
        ends = min(counts, default=SOON_OVER + 1) <= SOON_OVER
        is_positional = self.kind == "partial" and 0 not in self.effect.get("indexes", [0])
        return not (ends or is_positional or {"until", "probability"} & set(self.when))


class Task(Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of work for the client; references in ``args`` are resolved after seeding.

    ``repeat`` makes so many of them, numbered in the place of ``{n}``.
    """

    verb: Verb
    args: dict[str, Any] = {}
    repeat: int = 1


class Restart(Struct, frozen=True, forbid_unknown_fields=True):
    """When to kill and restart the client: after ``count`` calls of the operation ``after``.

    ``after`` may be a glob: ``sqs.DeleteMessage*``.
    """

    after: str
    count: int = 1


class Trigger(Struct, frozen=True, forbid_unknown_fields=True):
    """What the journal must show before any check of the case can pass or fail.

    With ``or_gave_up``, fewer faults are enough when the client stopped after the first, as it may.
    ``may_miss`` names faults that end soon, so that a client with long waits never sees them.
    """

    min_faults: int = 0
    min_chains: int = 0
    min_calls: int = 0
    min_regions: int = 0
    min_refused: int = 0
    min_restarts: int = 0
    or_gave_up: bool = False
    may_miss: tuple[str, ...] = ()


class Check(Struct, frozen=True, forbid_unknown_fields=True):
    """One question to the journal.

    A check with ``silence`` passes because something is absent from the journal: calls that no
    sandbox can be found for make its PASS INCONCLUSIVE.
    """

    id: str
    severity: Severity
    judge: str
    numbers: dict[str, Any] = {}
    silence: bool = False
    bodies: bool = False
    """Whether it reads the bodies of calls: a journal without them leaves it UNPROVEN."""
    tasked: bool = False
    """Whether it needs the tasks of its case, so that a free run cannot answer it."""
    how_to_fix: str = ""
    """Its own advice, where the checks of a case need different ones."""
    to_prove: str = ""
    """What a program has to do for a verdict, where it differs from that of the judge function."""
    follows: tuple[str, ...] = ()
    """Checks that show the same defect first: if one of them is broken in the same run, the
    sentence of this one names it."""


PAUSED = (
    "A program does not wait: the suite advances the clock of the mock for idle. An adapter gets "
    "no idle task. A program of --cmd starts again after each idle, with its files in "
    "$ADSMOCK_STATE."
)


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """A claim about an integration, with everything needed to test it."""

    id: str
    version: int
    title: str
    area: str
    practice: tuple[str, ...]
    anchor: str
    claim: str
    level: Severity
    profiles: tuple[Profile, ...]
    how_to_fix: str
    checks: tuple[Check, ...] = ()
    tasks: tuple[Task, ...] = ()
    faults: tuple[Fault, ...] = ()
    sandbox: Sandbox = Sandbox()
    trigger: Trigger = Trigger()
    workers: int = 1
    """How many tasks the client may run at once; a client that works serially is judged too."""
    together: bool = False
    """Whether only concurrent workers can show a breach; other virtual-time cases run serially."""
    concurrent_calls: int = 1
    """The fewest calls at the same time with which its checks can be judged."""
    restart: Restart | None = None
    """When the client is killed and started again, with the same tasks."""
    timeout: int = 0
    """Seconds that a client in real time needs for this case, if more than usual."""
    advance: bool = False
    """Whether the suite advances the sandbox's clock in place of the idle tasks of a program in
    real time."""
    template: bool = False
    """Whether its checks read the template of the queues that the manifest names."""
    every: bool = False
    """Whether it is an invariant: a case without tasks, judged on the journals of all cases."""
    always: bool = False
    """Whether it is judged also when others are named, in a run with tasks."""
    exempt: dict[str, str] = {}
    """Invariant checks that are not judged on this case's journal, each with the reason."""

    def time_limit(self, timeout: float, *, is_strict: bool) -> float:
        """Return the seconds that a program may take: those of a slow case, unless it is strict."""
        return timeout if is_strict else max(timeout, self.timeout)

    @property
    def pause_words(self) -> str:
        """Return how the time of its idle tasks passes; empty where a program waits itself."""
        return PAUSED if self.advance else ""

    def fix_of(self, check: str) -> str:
        """Return the advice for one check: its own, else that of the case."""
        own = next((each.how_to_fix for each in self.checks if each.id == check), "")
        return own or self.how_to_fix

    @property
    def lasting(self) -> frozenset[str]:
        """Return the ids of the faults that never end, so that work may fail for good."""
        return frozenset(fault.id for fault in self.faults if fault.lasts)
