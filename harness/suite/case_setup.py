"""The setup of a case (sandbox, first entities, faults, task) and its record at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from adsmock.contracts.loader import load
from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.suite.case import Case, CaseError
from adsmock.harness.suite.case.model import STREAM_VERBS
from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.control.plane import CONFLICT
from adsmock.harness.suite.journal import CaseRecord, Ending, FaultCount
from adsmock.harness.suite.journal.entry import Timebase
from adsmock.harness.suite.queue_setup import bodies_of, queue_access, queue_arn, queue_url

ClockMode = Literal["frozen", "scaled", "real"]

TIMEBASE: dict[ClockMode, Timebase] = {
    "frozen": "sandbox",
    "scaled": "sandbox",
    "real": "monotonic",
}
"""A frozen clock moves only with the client's waits, so its gaps are exact; a scaled one is the
client's own. For a client in real time only the server's monotonic clock is reliable."""

AMPLE = {"rate": 10_000, "burst": 10_000}
"""Quotas that only a throttling case lowers: an unplanned 429 would be judged as planned."""

NAMES_TRIED = 50

OPEN = "open"
"""How the journal marks a call in progress."""

LOOKS, LOOK_SECONDS = 50, 0.1
"""Looks at the journal of a program that is over, until none of its calls is in progress."""

ELSEWHERE = ("127.0.0.1", "localhost")
"""A redirect names this machine by another host than the task does: a foreign host."""

FOREIGN = "https://elsewhere.invalid"
"""The foreign host where Amazon's host names are used; the mock's proxies serve it."""

ID_DIGITS = 10**14
"""Seeded ids have 15 digits like real ones and stay below 2^53."""

State = dict[str, dict[str, list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class CaseSetup:
    """A prepared case: the client's task, and the entities before it starts."""

    case: Case
    sandbox: str
    clock: ClockMode
    start: float
    task: dict[str, Any]
    profiles: tuple[dict[str, Any], ...]
    before: State = field(repr=False)
    trust: TemporaryDirectory[str] | None = field(default=None, repr=False)
    """The folder with the certificate to trust, if the case runs over TLS."""

    def close(self) -> None:
        """Remove the case's files."""
        if self.trust is not None:
            self.trust.cleanup()


def prepare(
    plane: Plane,
    case: Case,
    run: str,
    seed: int,
    clock: ClockMode,
    *,
    through_proxy: bool = False,
    fill: Callable[[str, tuple[dict[str, Any], ...]], None] | None = None,
) -> CaseSetup:
    """Return the prepared case: sandbox created, entities seeded, versions set, faults added.

    A case with a ``scale`` gets a scaled clock instead of a frozen one. Faults come last, so that
    their windows begin with the client. With ``through_proxy`` the task names Amazon's own hosts
    and a proxy. ``fill`` adds more entities, given the sandbox's id and profiles.

    Raises:
        PlaneError: the control plane refused.
        CaseError: the case has an unknown reference.
    """
    clock = "scaled" if clock == "frozen" and case.sandbox.scale else clock
    made = _sandbox(plane, case, run, seed, clock)
    sandbox = str(made["id"])
    profiles = tuple(made["profiles"])
    names = _Names(case, seed, profiles)
    names.aws = queue_access(made, through_proxy=through_proxy)
    _add_contents(plane, case, sandbox, names)
    if fill:
        fill(sandbox, profiles)
    if case.sandbox.versions:
        families = {name: {"shutOff": date} for name, date in case.sandbox.versions.items()}
        plane.set_versions(sandbox, families)
    task = _task(case, seed, made, names)
    trust = (_lead if through_proxy else _listen)(plane, case, sandbox, task, names)
    before = plane.state(sandbox) if case.sandbox.state or fill else {}  # a new one has no entities
    if case.sandbox.scenario:
        plane.play(sandbox, case.sandbox.scenario, case.sandbox.over)
    for fault in case.faults:
        plane.add_fault(sandbox, names.resolve(fault.rule))
    return CaseSetup(case, sandbox, clock, plane.now(sandbox), task, profiles, before, trust)


def _add_contents(plane: Plane, case: Case, sandbox: str, names: _Names) -> None:
    """Add the queues, their first messages and the first entities."""
    for name in case.sandbox.queues:
        plane.send_messages(sandbox, queue_arn(name), [])
    for queue, bodies in bodies_of(case.sandbox.messages):
        plane.send_messages(sandbox, queue, bodies)
    if case.sandbox.state:
        plane.add_state(sandbox, _state(case, names))


def _task(case: Case, seed: int, made: dict[str, Any], names: _Names) -> dict[str, Any]:
    """Return the client's task: the work, the URLs and the credentials."""
    task = {
        "case": case.id,
        "seed": seed,
        "tasks": [{"verb": each.verb, "args": names.resolve(each.args)} for each in case.tasks],
        "regions": made["urls"],
        "profiles": [
            {key: row[key] for key in ("profileId", "region", "countryCode")}
            for row in made["profiles"]
        ],
        "credentials": made["client"],
    }
    if case.workers > 1:
        task["workers"] = case.workers
    if any(each.verb in STREAM_VERBS for each in case.tasks):
        task["aws"] = names.aws
    return task


def collect(plane: Plane, setup: CaseSetup, ending: Ending) -> CaseRecord:
    """Return the record of a case after the client has ended."""
    # Counts before entries: a late call is then only in the journal, which does no harm.
    plan = plane.faults(setup.sandbox) if setup.case.faults else []
    met = {str(rule["id"]): int(rule["met"]) for rule in plan}
    rows, dropped = _journal(plane, setup.sandbox, is_over=ending.exit_code is not None)
    return CaseRecord(
        case=setup.case.id,
        version=setup.case.version,
        timebase=TIMEBASE[setup.clock],
        entries=len(rows),
        dropped=dropped,
        client_id=setup.task["credentials"]["clientId"],
        profiles=tuple(setup.task["profiles"]),
        faults=tuple(
            FaultCount(fault.id, fault.kind, met.get(fault.id, 0)) for fault in setup.case.faults
        ),
        tasks=tuple(setup.task["tasks"]),
        created=_created(setup.before, plane.state(setup.sandbox)),
        ending=ending,
        rows=tuple(rows),
    )


def _journal(plane: Plane, sandbox: str, *, is_over: bool) -> tuple[list[dict[str, Any]], int]:
    """Return the entries of a journal and the number of dropped ones.

    The mock notices a moment later that a program that is over has closed its connections.
    """
    clock = SystemClock()
    rows, dropped = plane.journal(sandbox)
    for _ in range(LOOKS if is_over else 0):
        if all(row.get("ended") != OPEN for row in rows):
            break
        clock.sleep(LOOK_SECONDS)
        rows, dropped = plane.journal(sandbox)
    return rows, dropped


def _sandbox(plane: Plane, case: Case, run: str, seed: int, clock: ClockMode) -> dict[str, Any]:
    """Return a new sandbox named after run and case; a name in use gets a number."""
    quotas = dict.fromkeys(load().quotas, AMPLE) | case.sandbox.quotas
    document: dict[str, Any] = {
        "seed": seed,
        "clock": {"mode": clock} | ({"start": case.sandbox.start} if case.sandbox.start else {}),
        "journal": "full",
        "quotas": quotas,
    }
    if case.sandbox.profiles:
        document["profiles"] = list(case.sandbox.profiles)
    if case.sandbox.token_lifetime:
        document["tokenLifetime"] = case.sandbox.token_lifetime
    if case.sandbox.choices:
        document["choices"] = case.sandbox.choices
    if clock == "scaled":
        document["clock"]["rate"] = case.sandbox.scale
    name = f"{run}-{case.id.lower()}"
    for number in range(1, NAMES_TRIED):
        document["id"] = name if number == 1 else f"{name}-{number}"
        try:
            return plane.create_sandbox(document)
        except PlaneError as error:
            if error.status != CONFLICT:
                raise
    raise PlaneError(CONFLICT, f"{NAMES_TRIED} sandboxes are named {name}: delete some")


def _state(case: Case, names: _Names) -> State:
    """Return the first entities of a case by profile and resource, in order."""
    state: State = {}
    for seed in case.sandbox.state:
        identity = load().by_name[seed.resource].identity
        assert identity is not None
        entity = names.resolve(seed.entity) | {identity.field: names.id_of(seed.alias)}
        entities_of = state.setdefault(names.profile_of(seed.profile), {})
        entities_of.setdefault(seed.resource, []).append(entity)
    return state


def _listen(
    plane: Plane, case: Case, sandbox: str, task: dict[str, Any], names: _Names
) -> TemporaryDirectory[str] | None:
    """Open the listeners of a case, point the task to them, and write the certificate."""
    names.bases = {f"clear.{region}": bases["ads"] for region, bases in task["regions"].items()}
    task["regions"] = dict(task["regions"])
    certificate = ""
    for name, flaw in case.sandbox.listeners.items():
        region = name if name in task["regions"] else None
        made = plane.open_listener(sandbox, flaw, region)
        names.bases[name] = str(made["url"]).replace(*ELSEWHERE)
        certificate = str(made["certificate"])
        if region:
            task["regions"][region] = dict.fromkeys(("ads", "lwa"), str(made["url"]))
    return trust_in(task, certificate)


def _lead(
    plane: Plane, case: Case, sandbox: str, task: dict[str, Any], names: _Names
) -> TemporaryDirectory[str] | None:
    """Point the task to Amazon's host names, through a proxy with the flaw of the case."""
    flaws = [(name, flaw) for name, flaw in case.sandbox.listeners.items() if flaw != "none"]
    region, flaw = flaws[0] if flaws else (None, "none")
    made = plane.open_listener(sandbox, flaw, region, "proxy")
    regions = load().regions
    names.bases = {f"clear.{name}": f"http://{each.ads_host}" for name, each in regions.items()}
    names.bases |= dict.fromkeys(case.sandbox.listeners, FOREIGN)
    task["proxy"] = str(made["url"])
    task["regions"] = {
        name: {"ads": f"https://{each.ads_host}", "lwa": f"https://{each.lwa_host}"}
        for name, each in regions.items()
    }
    return trust_in(task, str(made["certificate"]))


def trust_in(task: dict[str, Any], certificate: str) -> TemporaryDirectory[str] | None:
    """Write the certificate to trust to the path in the task, if there is one."""
    if not certificate:
        return None
    folder = TemporaryDirectory(prefix="adsmock-")
    path = Path(folder.name) / "ca.pem"
    path.write_text(certificate, "utf-8")
    task["caBundle"] = str(path)
    return folder


class _Names:
    """The values of a case's references in one sandbox."""

    def __init__(self, case: Case, seed: int, profiles: tuple[dict[str, Any], ...]) -> None:
        self._case = case
        self._seed = seed
        self._ids = {each.alias: each.id for each in case.sandbox.state}
        self._profiles: dict[str, str] = {}
        self._instances = {str(row["profileId"]): row.get("marketingCloud") for row in profiles}
        self.aws: dict[str, str] = {}
        self.bases: dict[str, str] = {}
        """Base addresses by listener name; ``clear.NA`` is the region's address without TLS."""
        for row in profiles:
            region, country = str(row["region"]), str(row["countryCode"])
            self._profiles.setdefault(region, str(row["profileId"]))
            self._profiles.setdefault(f"{region}.{country}", str(row["profileId"]))

    def profile_of(self, name: str) -> str:
        """Return the profile id of ``NA`` (the region's first) or ``NA.CA``."""
        if name not in self._profiles:
            raise CaseError(
                self._case.id, f"unknown profile {name!r}: {did_you_mean(name, self._profiles)}"
            )
        return self._profiles[name]

    def id_of(self, alias: str) -> str:
        """Return the id of a seeded entity: its own, or a hash of seed, case and alias."""
        if alias not in self._ids:
            raise CaseError(
                self._case.id, f"unknown entity {alias!r}: {did_you_mean(alias, self._ids)}"
            )
        if self._ids[alias]:
            return self._ids[alias]
        text = f"{self._seed}:{self._case.id}:{alias}".encode()
        number = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())
        return str(ID_DIGITS + number % (8 * ID_DIGITS))

    def resolve(self, value: Any) -> Any:
        """Return ``value`` with every reference replaced by its value."""
        if isinstance(value, list):
            return [self.resolve(member) for member in value]
        if not isinstance(value, dict):
            return value
        references: dict[str, Callable[[Any], Any]] = {
            "$profile": self.profile_of,
            "$instance": lambda name: self._instances[self.profile_of(name)],
            "$id": self.id_of,
            "$queue": lambda name: queue_url(self.aws, name),
            "$queueArn": queue_arn,
            "$url": lambda parts: self.bases[parts[0]] + parts[1],
        }
        for key, find in references.items():
            if set(value) == {key}:
                return find(value[key])
        return {key: self.resolve(member) for key, member in value.items()}


def _created(before: State, after: State) -> State:
    """Return the entities that were not there at the start, without empty profiles."""
    created: State = {}
    for profile, resources in sorted(after.items()):
        for resource, entities in sorted(resources.items()):
            known = {_ids(each) for each in before.get(profile, {}).get(resource, [])}
            new = [entity for entity in entities if _ids(entity) not in known]
            if new:
                created.setdefault(profile, {})[resource] = new
    return created


def _ids(entity: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return all ids of an entity: its own and its parents' ids identify it together."""
    return tuple(sorted((key, str(value)) for key, value in entity.items() if key.endswith("Id")))
