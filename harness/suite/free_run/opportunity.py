"""The opportunity that a case needs, and what a program lacks for it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.case.model import Sandbox
from adsmock.harness.suite.free_run.traffic import Traffic, kind_of

Mode = Literal["clean", "shared", "alone"]
"""Judged on a pass without faults, in a round with other cases, or in a round of its own."""

FILE = Path(__file__).with_name("opportunities.toml")

ENOUGH = 4
"""Calls in progress at once from which a program counts as concurrent."""

PAIR = 2

WORDS = {
    "list": "read a list of entities, such as sp.campaigns.list",
    "create": "create entities, such as sp.campaigns.create",
    "update": "change entities, such as sp.keywords.update",
    "lwa.token": "request an access token",
    "storage.get": "download the file of an export or a report",
    "exports.create": "request an export",
    "exports.get": "poll an export",
    "reporting.create": "request a report",
    "reporting.get": "poll a report",
    "profiles.update": "change a profile",
}

NUMBERED = ("operation", "other")
"""Arguments of judge functions that name an operation."""


@cache
def _file() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(FILE.read_text("utf-8"))


def mode(case: Case) -> Mode:
    """Return in which passes a case is judged."""
    if any(case.id in row["cases"] for row in _file()["alone"]) or changes_sandbox(case):
        return "alone"
    return "shared" if case.faults else "clean"


def changes_sandbox(case: Case) -> bool:
    """Say whether a case needs a sandbox that differs from the usual one for every call."""
    box, usual = case.sandbox, Sandbox()
    names = ("quotas", "token_lifetime", "choices", "versions", "scenario", "listeners", "start")
    return any(getattr(box, name) != getattr(usual, name) for name in names) or bool(box.profiles)


def lack(case: Case, traffic: Traffic) -> str | None:
    """Return what the program would have to do for this case, None when it does it."""
    for row in _file()["left_out"]:
        if case.id in row["cases"]:
            return str(row["reason"])
    absent = [kind for kind in sorted(kinds(case)) if not traffic.of_kind(kind)]
    if absent and (not case.faults or len(absent) == len(kinds(case))):
        words = WORDS.get(absent[0], f"call {absent[0]}")
        return f"no opportunity: your program would have to {words}"
    for row in _file()["needs"]:
        if case.id in row["cases"] and not _has(row["what"], traffic):
            return f"no opportunity: your program would have to {row['text']}"
    return None


def kinds(case: Case) -> frozenset[str]:
    """Return the classes of operations that faults and checks of a case name."""
    named = [name for fault in case.faults for name in fault.match.get("operation", ())]
    named += [
        str(check.numbers[name])
        for check in case.checks
        for name in NUMBERED
        if name in check.numbers
    ]
    named += [
        f"{check.numbers['resource']}.create"
        for check in case.checks
        if "resource" in check.numbers
    ]
    if not named:
        named = list(_of_tasks(case))
    return frozenset(kind_of(name) for name in named if not name.endswith("*"))


def _of_tasks(case: Case) -> Iterable[str]:
    """Return the operations of a case's tasks, for a case that names none elsewhere."""
    verbs = {task.verb for task in case.tasks}
    if verbs & {"report", "reports"}:
        return ("reporting.create",)
    if verbs & {"export", "exports", "sync_metadata"}:
        return ("exports.create",)
    if verbs in ({"modify"}, {"update"}):
        return ("sp.campaigns.update",)
    return ()


def _has(what: str, traffic: Traffic) -> bool:
    return {
        "tree": traffic.has_tree,
        "two-regions": len(traffic.regions) >= PAIR,
        "two-profiles": len(traffic.profiles) >= PAIR,
        "concurrent": traffic.concurrent >= ENOUGH,
    }[what]
