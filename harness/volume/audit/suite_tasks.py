"""Work that the tasks of a conformance run asked for, so that the program did not choose it.

Sixty tasks for the same list need sixty reads. Only calls beyond the tasks can be waste.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adsmock.harness.volume.audit.audited_call import AuditedCall
from adsmock.harness.volume.audit.waste import Waste

Place = tuple[str, str, str]
"""Client id, operation, profile id; the profile is empty for calls without one."""

FREE = "free"
"""The driver of a run in which the program does its own work."""

PAGED = frozenset({"page", "structure"})
"""Habits about how a list is read: a task that asks for the list, or names a page size, decides."""

REGIONS = 3
"""Regions in which a task lists the profiles."""

WRITES = {"create": "create", "update": "update", "modify": "update", "archive": "archive"}


@dataclass(frozen=True, slots=True)
class SuiteTasks:
    """How many tasks asked for each operation, and the lists that tasks asked for."""

    asked: Mapping[Place, int] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> SuiteTasks:
        """Return the tasks in the journal of a run; none in that of a sandbox or a free run."""
        asked: Counter[Place] = Counter()
        with path.open("rb") as file:
            for row in _headers(file):
                if row["kind"] == "run" and row.get("driver") == FREE:
                    return cls()
                client = str(row.get("client_id") or "")
                for task in row.get("tasks", ()):
                    asked.update(_places(client, task))
        return cls(asked)

    def without_tasks(self, wastes: Iterable[Waste]) -> tuple[list[Waste], list[AuditedCall]]:
        """Return the wastes without the calls that tasks asked for, and those calls."""
        left = {place: count - 1 for place, count in self.asked.items()}
        kept: list[Waste] = []
        given: list[AuditedCall] = []
        for waste in wastes:
            mine = [call for call in waste.calls if self._is_given(waste, call, left)]
            given += mine
            if len(mine) < len(waste.calls) or not waste.calls:
                kept.append(_reduced(waste, mine))
        return kept, given

    def _is_given(self, waste: Waste, call: AuditedCall, left: dict[Place, int]) -> bool:
        place = (call.client, call.operation, call.profile)
        if waste.habit in PAGED:
            return place in self.asked
        if left.get(place, 0) <= 0:
            return False
        left[place] -= 1
        return True


def _reduced(waste: Waste, given: list[AuditedCall]) -> Waste:
    if not given:
        return waste
    lines = {call.line for call in given}
    rest = tuple(call for call in waste.calls if call.line not in lines)
    words = f"{waste.says}; {len(given)} of them are tasks of the suite and do not count"
    return replace(waste, calls=rest, says=words)


def _headers(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a run's journal that are no calls."""
    for text in lines:
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict) and row.get("kind") in {"run", "case"}:
            yield row


def _places(client: str, task: Mapping[str, Any]) -> Iterator[Place]:
    """Yield the operations that one task asks for, once for each call that it needs."""
    verb, args = str(task["verb"]), task.get("args") or {}
    profile, resource = str(args.get("profile") or ""), str(args.get("resource") or "")
    if verb == "list_profiles":
        yield from [(client, "profiles.list", "")] * REGIONS
    elif verb in {"list", "get"}:
        yield client, f"{resource}.list", profile
    elif verb == "steady":
        yield from [(client, f"{resource}.list", profile)] * int(args.get("times") or 1)
    elif verb in WRITES:
        yield client, f"{resource}.{WRITES[verb]}", profile
    elif verb == "create_tree":
        for name in ("campaigns", "adGroups", "keywords", "productAds"):
            yield client, f"sp.{name}.create", profile
    elif verb in {"report", "reports"}:
        yield client, "reporting.create", profile
