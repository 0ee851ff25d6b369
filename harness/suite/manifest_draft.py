"""A manifest drafted from traffic: what a journal shows, for a person to complete."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

import orjson

from adsmock.harness.suite.journal import Entry
from adsmock.harness.suite.manifest import Member
from adsmock.harness.suite.scope import seen_in

FREE = "free"
"""The driver of a run in which the program does its own work, without tasks and their verbs."""


class JournalError(ValueError):
    """A file that is no journal, or one without a call to the API."""


def read_entries(path: Path) -> list[Entry]:
    """Return the calls in a journal, one JSON object per line; other lines of a record are skipped.

    Raises:
        JournalError: a line is not JSON, or no call to the API is left.
        OSError: the file cannot be read.
    """
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            row = orjson.loads(line)
            if row.get("kind", "entry") == "entry":
                found.append(Entry.read(row, "monotonic"))
        except (ValueError, AttributeError, KeyError, TypeError):
            raise JournalError(
                f"{path}: line {number} is not a journal entry: name the journal.ndjson of a run"
            ) from None
    calls = [entry for entry in found if entry.is_api and entry.operation]
    if not calls:
        raise JournalError(f"{path}: no call to the API: run the program against the mock first")
    return calls


def started(path: Path) -> dict[str, str | bool]:
    """Return how the program of a free run was started, as members of [start]; else nothing.

    ``path`` is the record of a run, which names its command in the first line.
    """
    with path.open("rb") as file, suppress(ValueError):
        first = orjson.loads(file.readline())
        if isinstance(first, dict) and first.get("driver") == FREE and first.get("command"):
            proxy = {"through_proxy": True} if first.get("through_proxy") else {}
            return {"free": first["command"], **proxy}
    return {}


def drafted(calls: Iterable[Entry]) -> dict[Member, list[str]]:
    """Return the declarations that the calls show; ``report_types`` is empty without a report."""
    seen = seen_in(calls)
    values: dict[Member, list[str]] = {
        member: sorted(need.value for need in seen if need.member == member)
        for member in get_args(Member)
    }
    return {
        member: listed for member, listed in values.items() if listed or member == "report_types"
    }


def text(values: Mapping[Any, Any]) -> str:
    """Return members as lines of TOML."""
    return "".join(f"{member} = {_value(listed)}\n" for member, listed in values.items())


def _value(value: Any) -> str:
    """Return a text, a boolean or a list of texts, which TOML writes as JSON does."""
    return json.dumps(value, ensure_ascii=False)
