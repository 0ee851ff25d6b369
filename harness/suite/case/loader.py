"""Case files read into cases; an unknown word stops the reading.

Knows TOML and where the files lie. Must not know what a case is run against.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from adsmock.harness.suite.case.model import (
    FULL,
    PROFILES,
    START,
    VERBS,
    Case,
    CaseError,
    Check,
    Fault,
    Restart,
    Sandbox,
    Seed,
    Task,
    Trigger,
)
from adsmock.harness.suite.case.table import Table

FOLDER = Path(__file__).parent.parent / "cases"


@cache
def load() -> dict[str, Case]:
    """Return every case by id, in order of id.

    Raises:
        CaseError: a file holds an unknown key, a wrong type or a missing member.
    """
    cases = [parse(path.read_text("utf-8"), path.name) for path in sorted(FOLDER.glob("*.toml"))]
    return {case.id: case for case in cases}


@cache
def digest() -> str:
    """Return the SHA-256 over all case files: two equal digests judge by equal rules."""
    total = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.toml")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def select(cases: dict[str, Case], profile: str, ids: tuple[str, ...]) -> tuple[Case, ...]:
    """Return the cases of a profile, only those named when ``ids`` is not empty.

    Raises:
        CaseError: a name that is no case.
    """
    unknown = [name for name in ids if name not in cases]
    if unknown:
        raise CaseError("cases", f"no case is called {unknown[0]}; known: {', '.join(cases)}")
    wanted = tuple(dict.fromkeys(ids)) or tuple(cases)
    return tuple(cases[name] for name in wanted if profile in {FULL, *cases[name].profiles})


def parse(text: str, file: str) -> Case:
    """Return the case written in ``text``.

    Raises:
        CaseError: names the file, the place in it and the reason.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(file, f"not TOML: {error}") from None
    table = Table(document, file)
    case = Case(
        id=table.text("id"),
        version=table.number("version"),
        title=table.text("title"),
        area=table.text("area"),
        practice=table.texts("practice"),
        anchor=table.text("anchor"),
        claim=table.text("claim"),
        level=table.severity("level"),
        profiles=table.texts("profiles"),
        how_to_fix=table.text("how_to_fix"),
        sandbox=_sandbox(table.child("sandbox")),
        faults=tuple(_fault(row) for row in table.rows("faults")),
        tasks=tuple(task for row in table.rows("tasks") for task in _tasks(row)),
        trigger=_trigger(table.child("trigger")),
        checks=tuple(_check(row) for row in table.rows("checks")),
        workers=table.number("workers", 1),
        together=table.flag("together"),
        free=table.flag("free"),
        restart=_restart(table.child("restart")),
        timeout=table.number("timeout", 0),
    )
    table.close()
    _agree(case, file)
    return case


def _agree(case: Case, file: str) -> None:
    """Raise when members are each lawful but do not fit together."""
    ids = [check.id for check in case.checks]
    rules = [fault.id for fault in case.faults]
    complaints = {
        "id": file not in {f"{case.id}.toml", "text"} and "the file is not named after the case",
        "checks": not ids and "a case without a check proves nothing",
        "checks.id": len(set(ids)) < len(ids) and "two checks share an id",
        "checks.prefix": any(not one.startswith(f"{case.id}.") for one in ids)
        and f"check ids start with {case.id}.",
        "faults.id": len(set(rules)) < len(rules) and "two faults share an id",
        "profiles": not set(case.profiles) <= set(PROFILES) and f"choose from {PROFILES}",
        "tasks": not case.tasks and "a case without a task has nothing to judge",
    }
    for where, reason in complaints.items():
        if reason:
            raise CaseError(f"{file}: {where}", reason)


def _sandbox(table: Table) -> Sandbox:
    sandbox = Sandbox(
        start=table.text("start", START),
        quotas=table.mapping("quotas"),
        token_lifetime=table.number("token_lifetime", 0),
        choices=table.mapping("choices"),
        profiles=tuple(table.dicts("profiles")),
        versions=table.mapping("versions"),
        state=tuple(seed for row in table.rows("state") for seed in _seeds(row)),
        scale=table.number("scale", 0),
        scenario=table.text("scenario", ""),
        over=table.text("over", ""),
        listeners=table.mapping("listeners"),
    )
    table.close()
    return sandbox


def _seeds(row: Table) -> list[Seed]:
    repeat = row.number("repeat", 1)
    seed = Seed(
        profile=row.text("profile"),
        resource=row.text("resource"),
        alias=row.text("alias"),
        entity=row.mapping("entity"),
        id=row.text("id", ""),
    )
    row.close()
    return [
        replace(
            seed, alias=_fill(seed.alias, n), entity=_fill(seed.entity, n), id=_fill(seed.id, n)
        )
        for n in range(1, repeat + 1)
    ]


def _fault(row: Table) -> Fault:
    name = row.text("id")
    effect = row.mapping("effect")
    rule = {
        "id": name,
        "match": row.mapping("match"),
        "when": row.mapping("when"),
        "effect": effect,
    }
    row.close()
    if not isinstance(effect.get("kind"), str):
        raise CaseError(f"{row.where}.effect.kind", "a fault needs a kind")
    return Fault(id=name, kind=effect["kind"], rule={k: v for k, v in rule.items() if v})


def _tasks(row: Table) -> list[Task]:
    verb, repeat, args = row.text("verb"), row.number("repeat", 1), row.mapping("args")
    row.close()
    if verb not in VERBS:
        raise CaseError(f"{row.where}.verb", f"no verb is called {verb}")
    return [Task(verb, _unfold(_fill(args, n))) for n in range(1, repeat + 1)]


def _restart(table: Table) -> Restart | None:
    restart = Restart(after=table.text("after", ""), count=table.number("count", 1))
    table.close()
    return restart if restart.after else None


def _trigger(table: Table) -> Trigger:
    trigger = Trigger(
        min_faults=table.number("min_faults", 0),
        min_chains=table.number("min_chains", 0),
        min_calls=table.number("min_calls", 0),
        min_regions=table.number("min_regions", 0),
        min_refused=table.number("min_refused", 0),
        min_restarts=table.number("min_restarts", 0),
        or_gave_up=table.flag("or_gave_up"),
    )
    table.close()
    return trigger


def _check(row: Table) -> Check:
    check = Check(
        id=row.text("id"),
        severity=row.severity("severity"),
        judge=row.text("judge"),
        numbers=row.mapping("numbers"),
        silence=row.flag("silence"),
        tasked=row.flag("tasked"),
    )
    row.close()
    return check


def _fill(value: Any, n: int, mark: str = "{n}") -> Any:
    """Return ``value`` with every ``mark`` in its texts replaced by the number."""
    if isinstance(value, str):
        return value.replace(mark, str(n))
    if isinstance(value, list):
        return [_fill(member, n, mark) for member in value]
    if isinstance(value, dict):
        return {key: _fill(member, n, mark) for key, member in value.items()}
    return value


def _unfold(value: Any) -> Any:
    """Return ``value`` with every ``{"$repeat": 500, "of": …}`` of a list as so many members.

    Each ``{i}`` in their texts is the number of the member, from 1.
    """
    if isinstance(value, dict):
        return {key: _unfold(member) for key, member in value.items()}
    if not isinstance(value, list):
        return value
    members: list[Any] = []
    for member in value:
        if isinstance(member, dict) and set(member) == {"$repeat", "of"}:
            members += [_fill(member["of"], i, "{i}") for i in range(1, member["$repeat"] + 1)]
        else:
            members.append(_unfold(member))
    return members
