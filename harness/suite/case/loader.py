"""Case files read into cases."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.structs import MismatchError, convert
from adsmock.harness.suite.case.model import (
    FULL,
    Case,
    CaseError,
    Check,
    QueueMessage,
    Seed,
    Task,
)

FOLDER = Path(__file__).parent.parent / "cases"

PROOFS = FOLDER.parent / "to_prove.toml"
"""What a program has to do for a verdict, by judge function."""

SEE_LIST = "See 'adsmock list'."


@cache
def load() -> dict[str, Case]:
    """Return every case by id, in order of id.

    Raises:
        CaseError: a case file has an unknown or missing field, or one of a wrong type.
    """
    cases = [parse(path.read_text("utf-8"), path.name) for path in sorted(FOLDER.glob("*.toml"))]
    _check_exemptions(cases)
    return {case.id: case for case in cases}


def _check_exemptions(cases: list[Case]) -> None:
    """Raise when a case exempts a check that is not an invariant's."""
    known = [check.id for case in cases if case.every for check in case.checks]
    for case in cases:
        for name in case.exempt:
            if name not in known:
                reason = f"unknown invariant check {name!r}: {did_you_mean(name, known)}"
                raise CaseError(f"{case.id}.toml: exempt", reason)


@cache
def digest() -> str:
    """Return the SHA-256 over all case files: equal digests mean equal rules."""
    total = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.toml")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def find(cases: Mapping[str, Case], name: str) -> Case:
    """Return the case with an id.

    Raises:
        CaseError: an unknown id.
    """
    if name not in cases:
        raise CaseError(f"unknown case {name!r}", f"{did_you_mean(name, cases)} {SEE_LIST}")
    return cases[name]


def select(
    cases: dict[str, Case], profile: str, ids: tuple[str, ...], *, with_always: bool = False
) -> tuple[Case, ...]:
    """Return the cases of a profile; when ``ids`` is not empty, only those.

    ``with_always`` adds the invariants that are judged whatever is named.

    Raises:
        CaseError: an unknown case id, or invariants without a case to judge them on.
    """
    wanted = [find(cases, name) for name in dict.fromkeys(ids)] or list(cases.values())
    selected = tuple(each for each in wanted if profile in {FULL, *each.profiles})
    if selected and all(case.every for case in selected):
        raise CaseError(
            f"only invariants are selected: {', '.join(case.id for case in selected)}",
            "they are judged on the journals of other cases: add one, such as T01",
        )
    added = (each for each in cases.values() if each.always and each not in selected)
    return (*selected, *added) if with_always and selected else selected


def parse(text: str, file: str) -> Case:
    """Return the case written in ``text``, with its repeated entities and tasks written out.

    Raises:
        CaseError: names the file, the place in it and the reason.
    """
    try:
        case = convert(tomllib.loads(text), Case)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(file, f"invalid TOML: {error}") from None
    except MismatchError as error:
        raise CaseError(file, str(error)) from None
    _check_consistency(case, file)
    seeds = tuple(each for seed in case.sandbox.state for each in _seeds(seed))
    messages = tuple(each for row in case.sandbox.messages for each in _messages(row))
    sandbox = replace(case.sandbox, state=seeds, messages=messages)
    tasks = tuple(each for task in case.tasks for each in _tasks(task))
    checks = tuple(
        replace(check, to_prove=check.to_prove or _by_judge(check)) for check in case.checks
    )
    return replace(case, sandbox=sandbox, tasks=tasks, checks=checks)


def _by_judge(check: Check) -> str:
    """Return what a program has to do for a verdict of this judge function, empty if unknown."""
    return _proofs().get(check.judge, "")


@cache
def _proofs() -> dict[str, str]:
    return tomllib.loads(PROOFS.read_text("utf-8"))


def _check_consistency(case: Case, file: str) -> None:
    """Raise when fields that are valid alone contradict each other."""
    ids = [check.id for check in case.checks]
    rules = [fault.id for fault in case.faults]
    kindless = [fault.id for fault in case.faults if not isinstance(fault.effect.get("kind"), str)]
    problems = {
        "id": file not in {f"{case.id}.toml", "text"}
        and f"the file is not named after the case: rename it {case.id}.toml",
        "checks": not ids and "there is no check: add one",
        "checks.id": len(set(ids)) < len(ids) and "two checks have the same id: rename one",
        "checks.prefix": any(not each.startswith(f"{case.id}.") for each in ids)
        and f"a check id must start with '{case.id}.'",
        "faults.id": len(set(rules)) < len(rules) and "two faults have the same id: rename one",
        "faults.effect.kind": kindless and f"the fault {kindless[0]!r} has no kind: add one",
        "tasks": not (case.tasks or case.every) and "there is no task: add one",
        "every": case.every
        and (case.tasks or case.faults or case.exempt)
        and "an invariant has no tasks, faults or exemptions of its own: remove them",
    }
    for where, reason in problems.items():
        if reason:
            raise CaseError(f"{file}: {where}", reason)


def _seeds(seed: Seed) -> list[Seed]:
    copies = _copies([seed.alias, seed.entity, seed.id], seed.repeat)
    return [
        replace(seed, alias=alias, entity=entity, id=given, repeat=1)
        for alias, entity, given in copies
    ]


def _messages(row: QueueMessage) -> list[QueueMessage]:
    copies = _copies([row.record, row.text], row.repeat)
    return [replace(row, record=record, text=text, repeat=1) for record, text in copies]


def _tasks(task: Task) -> list[Task]:
    return [Task(task.verb, _expand(args)) for args in _copies(task.args, task.repeat)]


def _copies(value: Any, count: int, mark: bytes = b"{n}") -> list[Any]:
    """Return ``count`` copies of ``value``, each with its number, from 1, for every ``mark``.

    As JSON: calling a function for each member of each copy took a third of a start of the suite.
    """
    text = msgspec.json.encode(value)
    return [msgspec.json.decode(text.replace(mark, b"%d" % n)) for n in range(1, count + 1)]


def _expand(value: Any) -> Any:
    """Return ``value`` with each list member ``{"$repeat": 500, "of": …}`` written out 500 times.

    ``{i}`` in a text is the number of the copy, from 1.
    """
    if isinstance(value, dict):
        return {key: _expand(member) for key, member in value.items()}
    if not isinstance(value, list):
        return value
    members: list[Any] = []
    for member in value:
        if isinstance(member, dict) and set(member) == {"$repeat", "of"}:
            members += _copies(member["of"], member["$repeat"], b"{i}")
        else:
            members.append(_expand(member))
    return members
