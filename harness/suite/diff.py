"""Two runs compared: fixed, broken, new and vanished checks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adsmock.harness.suite.report.run_json import FORMAT

RUN = "run.json"

BREACHES = frozenset({"FAIL", "WARN"})


class DiffError(ValueError):
    """A file that is not a run.json: names the file and the reason."""


@dataclass(frozen=True, slots=True)
class Change:
    """One check in two runs; a status is None where the run does not contain the check."""

    case: str
    check: str
    old: str | None
    new: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Diff:
    """All checks that differ, by kind of change.

    ``changed`` contains checks that are neither fixed nor broken, such as one that is open now.
    """

    fixed: tuple[Change, ...]
    broken: tuple[Change, ...]
    new: tuple[Change, ...]
    vanished: tuple[Change, ...]
    changed: tuple[Change, ...]
    same: int
    is_same_suite: bool


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Diff:
    """Return how the second run differs from the first, both as in run.json."""
    before, after = _checks(old), _checks(new)
    changes = [
        Change(key[0], key[1], _status(before, key), _status(after, key), _sentence(after, key))
        for key in dict.fromkeys([*after, *before])
    ]

    def those(word: str) -> tuple[Change, ...]:
        return tuple(change for change in changes if _kind(change) == word)

    return Diff(
        fixed=those("fixed"),
        broken=those("broken"),
        new=those("new"),
        vanished=those("vanished"),
        changed=those("changed"),
        same=len(those("same")),
        is_same_suite=old["suite"]["digest"] == new["suite"]["digest"],
    )


def read(path: Path) -> dict[str, Any]:
    """Return a run from its run.json, or from the report folder that contains it.

    Raises:
        DiffError: it is not a run.json, or the folder contains none.
        OSError: it cannot be read.
    """
    if path.is_dir():
        folder, path = path, path / RUN
        if not path.is_file():
            raise DiffError(
                f"{folder} contains no {RUN}: name a report folder of 'adsmock conform'"
            )
    try:
        run = json.loads(path.read_bytes())
        if run["format"] != FORMAT:
            raise DiffError(
                f"{path}: the format is {run['format']!r}, not {FORMAT!r}: run the suite again"
            )
        if not _is_run(run):
            raise DiffError(f"{path}: not a run.json: name the file that 'adsmock conform' wrote")
        run["suite"]["digest"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        reason = (
            error
            if isinstance(error, DiffError)
            else f"{path}: not a run.json: name the file that 'adsmock conform' wrote"
        )
        raise DiffError(str(reason)) from None
    return dict(run)


def read_folder(folder: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the runs below a folder, oldest first, and why other files cannot be read.

    A run.json has the day of its run; runs of one day are in the order of their files' times.
    """
    found: list[tuple[str, float, dict[str, Any]]] = []
    problems: list[str] = []
    for path in sorted(folder.rglob(RUN)):
        try:
            run = read(path)
            if run.get("stopped"):
                problems.append(f"{path}: left out, since the run was stopped before its end")
                continue
            found.append((str(run.get("date") or ""), path.stat().st_mtime, run))
        except (DiffError, OSError) as problem:
            problems.append(str(problem))
    found.sort(key=lambda each: each[:2])
    return [run for _, _, run in found], problems


def _is_run(run: Mapping[str, Any]) -> bool:
    """Say whether the members that are compared and shown have the right types."""
    texts = [case[member] for case in run["cases"] for member in ("id", "status")]
    for check in _checks(run).values():
        texts += [check[member] for member in ("id", "status", "sentence")]
    return isinstance(run["exit"], int) and all(isinstance(text, str) for text in texts)


def _checks(run: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {
        (case["id"], check["id"]): check
        for case in run["cases"]
        for check in case["checks"]
        if check["status"]
    }


def _status(checks: Mapping[tuple[str, str], Mapping[str, Any]], key: tuple[str, str]) -> Any:
    return checks[key]["status"] if key in checks else None


def _sentence(checks: Mapping[tuple[str, str], Mapping[str, Any]], key: tuple[str, str]) -> str:
    return str(checks[key]["sentence"]) if key in checks else ""


def _kind(change: Change) -> str:
    """Return the kind of change of a check, the first that applies."""
    answers = {
        "new": change.old is None,
        "vanished": change.new is None,
        "same": change.old == change.new,
        "broken": change.new in BREACHES,
        "fixed": change.new == "PASS",
    }
    return next((word for word, holds in answers.items() if holds), "changed")
