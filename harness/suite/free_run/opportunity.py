"""The opportunity that a case needs, and what a program lacks for it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from msgspec.structs import replace

from adsmock.harness.suite.case import Case, Fault
from adsmock.harness.suite.case.model import Sandbox
from adsmock.harness.suite.free_run.traffic import EXPORTS, REPORTS, TOKEN, Slot, Traffic, kind_of

Mode = Literal["clean", "shared", "alone"]
"""Judged on a pass without faults, in a round with other cases, or in a round of its own."""

FILE = Path(__file__).with_name("opportunities.toml")

PAIR = 2

OVERLAP = 2
"""Calls in progress at once from which a round about simultaneous calls is played.

The checks need more, but without faults calls end so soon that few of them overlap.
"""

ANY_PRODUCT = "sp.*"
"""Any operation of Sponsored Products, as faults name it."""

WORDS = {
    "list": "read a list of entities, such as sp.campaigns.list",
    "create": "create entities, such as sp.campaigns.create",
    "update": "change entities, such as sp.keywords.update",
    "archive": "archive entities, such as sp.keywords.archive",
    "lwa.token": "request an access token",
    "storage.get": "download the file of an export or a report",
    "exports.create": "request an export",
    "exports.get": "poll an export",
    "reporting.create": "request a report",
    "reporting.get": "poll a report",
    "profiles.list": "list the profiles in each region, not read them from the environment",
    "profiles.update": "change a profile",
    "amc.workflowExecutions.create": "execute a workflow of Marketing Cloud",
    ANY_PRODUCT: "call the API of Sponsored Products, such as sp.campaigns.list",
}

PATHS = {"export": EXPORTS, "report": REPORTS}
"""Paths of the files of one kind of job."""

NUMBERED = ("operation", "other")
"""Arguments of judge functions that name an operation."""


@cache
def _file() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(FILE.read_text("utf-8"))


def mode(case: Case) -> Mode:
    """Return in which passes a case is judged.

    A revoked token disturbs the calls of all other cases in its region.
    """
    is_listed = any(case.id in row["cases"] for row in _file()["alone"])
    revokes = any(fault.kind == "token-revoked" for fault in case.faults)
    if is_listed or revokes or changes_sandbox(case):
        return "alone"
    return "shared" if case.faults else "clean"


def preferred_profile(case: Case) -> str:
    """Return the label of the profile on which a case shows most, empty when any does."""
    return next((str(row["label"]) for row in _file()["profile"] if case.id in row["cases"]), "")


def job_of_files(case: Case) -> str:
    """Return the kind of job whose files a case is about, empty for files of any job."""
    return next((str(row["of"]) for row in _file()["files"] if case.id in row["cases"]), "")


def takes_file(case: Case, path: str) -> bool:
    """Say whether a case is about files with a path, which is one of ``PATHS``."""
    return PATHS.get(job_of_files(case), path) == path


def is_looked_up(case: Case) -> bool:
    """Say whether a case is about a write whose result a program may look up in a list."""
    return any(case.id in row["cases"] for row in _file()["looked_up"])


def is_about_batches(case: Case) -> bool:
    """Say whether a case is about the 207 of a batch, so that updates show it like creates."""
    return any(case.id in row["cases"] for row in _file()["batches"])


def also_on(case: Case) -> tuple[str, ...]:
    """Return the classes of operations that get the fault of a case in addition to its own."""
    rows = (row["kinds"] for row in _file()["every_write"] if case.id in row["cases"])
    return tuple(next(rows, ()))


def is_for_each_region(case: Case) -> bool:
    """Say whether the fault of a case is placed in each region, in rounds of their own."""
    return any(case.id in row["cases"] for row in _file()["each_region"])


def is_for_later_pages(case: Case) -> bool:
    """Say whether the fault of a case is placed on later pages too, in rounds of their own."""
    return any(case.id in row["cases"] for row in _file()["later_pages"])


def is_about_tokens(rule: Fault) -> bool:
    """Say whether a fault waits for calls with a page token."""
    return TOKEN in rule.match.get("body", {})


def empties_page(rule: Fault) -> bool:
    """Say whether a fault takes all entities from a page, which shows nothing at a list's end."""
    return any(edit.get("value") == [] for edit in rule.effect.get("operations", ()))


def needs_tokens(rule: Fault) -> bool:
    """Say whether a fault is about as many calls as there are page tokens.

    So many calls send a token, and so many pages have one.
    """
    return is_about_tokens(rule) or empties_page(rule)


def reach(rule: Fault, slot: Slot) -> int:
    """Return how many different calls of a slot a fault can concern."""
    return slot.tokens if needs_tokens(rule) else slot.calls


def on_continued_page(case: Case, rule: Fault, slot: Slot) -> Fault:
    """Return a rule for a page after which the program read the next one, if a check needs that.

    On the last page of a list, or on one that was only looked at, the fault shows nothing.
    """
    if not slot.continued or not any(c.numbers.get("faulted_continues") for c in case.checks):
        return rule
    least = rule.when.get("skip", 0)
    skip = next((place for place in slot.continued if place >= least), slot.continued[-1])
    match = {name: value for name, value in rule.match.items() if name != "body"}
    return replace(rule, match=match, when=rule.when | {"skip": skip})


def shows_other_data(case: Case) -> bool:
    """Say whether a fault of a case edits the data that the program reads."""
    return any(fault.kind == "patch" and "operations" in fault.effect for fault in case.faults)


def changes_sandbox(case: Case) -> bool:
    """Say whether a case needs a sandbox that differs from the usual one for every call.

    A start time is no difference: programs take dates from the machine.
    """
    box, usual = case.sandbox, Sandbox()
    names = ("quotas", "token_lifetime", "choices", "versions", "scenario", "listeners")
    return any(getattr(box, name) != getattr(usual, name) for name in names) or bool(box.profiles)


def lack(case: Case, traffic: Traffic) -> str | None:
    """Return what the program would have to do for this case, None when it does it."""
    for row in _file()["left_out"]:
        if case.id in row["cases"]:
            return str(row["reason"])
    needed = sorted(kinds(case))
    absent = [kind for kind in needed if not _calls(traffic, kind)]
    if absent and (mode(case) != "alone" or absent == needed):  # alone, one fault is enough
        words = WORDS.get(absent[0], f"call {absent[0]}")
        return f"no opportunity: your program would have to {words}"
    if missing := _missing_calls(case, traffic):
        return f"no opportunity: your program would have to {missing}"
    on_updates = is_about_batches(case) and "update" in needed
    for row in _file()["needs"]:
        if case.id in row["cases"] and not on_updates and not _has(row["what"], traffic):
            return f"no opportunity: your program would have to {row['text']}"
    places = {region for one in case.faults for region in one.match.get("region", ())}
    if places and not places & traffic.regions:
        names = " or ".join(sorted(places))
        return f"no opportunity: your program would have to call the region {names}"
    return None


def _missing_calls(case: Case, traffic: Traffic) -> str:
    """Return which file or page a case needs that the program never reads, empty for none."""
    job = job_of_files(case)
    if job and not any(slot.path == PATHS[job] for slot in traffic.slots):
        return f"download the file of {'an' if job == 'export' else 'a'} {job}"
    if any(map(needs_tokens, case.faults)) and not any(slot.tokens for slot in traffic.slots):
        return f"read a second page of a list with {TOKEN}"
    return ""


def kinds(case: Case) -> frozenset[str]:
    """Return the classes of operations that a case needs: of its faults, else of its checks."""
    named = [name for fault in case.faults for name in fault.match.get("operation", ())]
    named = named or _of_checks(case) or list(_of_tasks(case))
    return frozenset(name if name == ANY_PRODUCT else kind_of(name) for name in named)


def _calls(traffic: Traffic, kind: str) -> bool:
    """Say whether the program calls an operation of a class."""
    if kind == ANY_PRODUCT:
        return any(one.startswith(ANY_PRODUCT[:-1]) for one in traffic.operations)
    return bool(traffic.of_kind(kind))


def _of_checks(case: Case) -> list[str]:
    """Return the operations that the checks of a case name."""
    numbers = [check.numbers for check in case.checks]
    named = [str(one[name]) for one in numbers for name in NUMBERED if name in one]
    return named + [f"{one['resource']}.create" for one in numbers if "resource" in one]


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
        "concurrent": traffic.concurrent >= OVERLAP,
        "profiles": "profiles.list" in traffic.operations,
    }[what]
