"""The steps of the plan, read from ``plan.toml``, and their requests on one side."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from adsmock.contracts.loader import load
from adsmock.contracts.model import Operation
from adsmock.harness.structs import convert

FILE = Path(__file__).with_name("plan.toml")
_DAY = re.compile(r"\$today(-\d+)?")
_VARIABLE = re.compile(r"\{([^}]*)\}")


class Poll(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a job is polled: the pause in seconds, and the most polls."""

    seconds: float
    times: int


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One call of the plan; ``wants`` is the kind of refusal that it provokes, if any.

    ``path`` and ``query`` are parameters, ``url`` replaces the operation's path, ``text`` is a body
    that is not JSON. ``bind`` keeps values of the reply, by JSON pointer.
    """

    id: str
    operation: str
    path: dict[str, str] = {}
    query: dict[str, str] = {}
    body: Any = None
    text: str = ""
    headers: dict[str, str] = {}
    drop: tuple[Literal["token", "scope", "client"], ...] = ()
    accept: str = ""
    method: str = ""
    url: str = ""
    bind: dict[str, str] = {}
    poll: Poll | None = None
    wants: str = ""
    facts: tuple[str, ...] = ()

    @property
    def row(self) -> Operation:
        """The operation of this step."""
        return (
            load().operations[self.operation]
            if self.operation in load().operations
            else _row(self.operation)
        )


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    step: tuple[Step, ...]


class UnboundError(LookupError):
    """A step needs a value that no earlier reply of this side had."""


@cache
def read_plan() -> tuple[Step, ...]:
    """Return the steps of the fixed plan, in order."""
    return convert(tomllib.loads(FILE.read_text("utf-8")), _File).step


def filled(value: Any, bound: Mapping[str, Any], today: float) -> Any:
    """Return a value of a step with the values of earlier replies.

    Raises:
        UnboundError: one is missing.
    """
    if isinstance(value, dict):
        return {key: filled(each, bound, today) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, bound, today) for each in value]
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if found := _DAY.fullmatch(value):
        day = datetime.fromtimestamp(today, UTC) + timedelta(days=int(found[1] or 0))
        return day.date().isoformat()
    if value[1:] not in bound:
        raise UnboundError(value[1:])
    return bound[value[1:]]


def target(step: Step, bound: Mapping[str, Any], today: float) -> str:
    """Return the path of a step's request, with its parameters."""
    if step.url:
        return step.url
    values = filled(step.path, bound, today)
    return _VARIABLE.sub(lambda found: quote(str(values[found[1]]), safe=""), step.row.path)


def at(body: Any, pointer: str) -> Any:
    """Return the value at a JSON pointer, None if there is none."""
    for part in pointer.strip("/").split("/"):
        if isinstance(body, dict):
            body = body.get(part)
        elif isinstance(body, list) and part.isdigit() and int(part) < len(body):
            body = body[int(part)]
        else:
            return None
    return body


def _row(name: str) -> Operation:
    rows = (row for each in load().by_name.values() for row in each.operations)
    return next(row for row in rows if row.id == name)
