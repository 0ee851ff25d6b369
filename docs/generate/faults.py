"""The page of fault kinds: the form of a rule, and the settings of each kind."""

import json
from dataclasses import fields
from typing import Any

from adsmock.mockserver.control.schema import components
from adsmock.mockserver.core.effect import Effect
from adsmock.mockserver.services.faults.registry import kinds, settings
from docs.generate.markdown import code, table

INTRO = """\
# Fault kinds

A fault rule is a JSON object. [Write a fault](../how-to/write-a-fault.md) explains how to build
one; this page lists its members and every kind of effect.
"""

POINTS = """\
A kind takes effect at one of these points. `effect.point` chooses one where a kind has a choice.

| Point | Meaning |
|---|---|
| `before` | before the work: the call is refused, or single items or a job are prepared |
| `after_commit` | the work is done, and its answer is lost or changed |
| `on_wire` | while the answer is sent |
"""

EXAMPLES: dict[str, dict[str, Any]] = {
    "drip": {"latencyMs": 8000},
    "http": {"status": 429, "retryAfter": 3},
    "latency": {"latencyMs": 1500},
    "partial": {"indexes": [0, 3], "error": "throttledError"},
    "patch": {"operations": [{"op": "remove", "path": "/nextToken"}]},
}
"""Settings without which a kind does little."""

SHARED = "latencyMs"
"""The setting that every kind has."""


def pages() -> dict[str, str]:
    """Return the page."""
    rule = components()["FaultRule"]["properties"]
    match = components()["Match"]["properties"]
    parts = [
        INTRO,
        "## Rule\n",
        table(("Member", "Meaning"), [*members(rule, ""), *nested(rule["when"], "when")]),
        "## Match\n",
        "Without `match` a rule matches every call.\n",
        table(("Member", "Meaning"), members(match, "match.")),
        "## Points\n",
        POINTS,
        "## Kinds\n",
        f"Every kind also takes `{SHARED}`: {settings('http')[SHARED][1].schema['description']}\n",
        *(section(name, kind) for name, kind in kinds().items()),
    ]
    return {"fault-kinds.md": "\n".join(parts)}


def section(name: str, kind: type[Effect]) -> str:
    """Return the section of one kind."""
    own = {one: given for one, given in settings(name).items() if one != SHARED}
    defaults = {one.name: one.default for one in fields(kind)}
    rows = [
        (
            code(one),
            setting.schema.get("description", ""),
            "required" if one in kind.required else shown(defaults[field]),
        )
        for one, (field, setting) in own.items()
    ]
    example = {"effect": {"kind": name} | EXAMPLES.get(name, {})}
    points = ", ".join(code(point) for point in kind.points)
    return "\n".join(
        [
            f"### {name}\n",
            f"{kind.summary}\n",
            f"Points: {points}.\n",
            *([table(("Setting", "Meaning", "Default"), rows)] if rows else []),
            f"```json\n{json.dumps(example)}\n```\n",
        ]
    )


def shown(value: object) -> str:
    """Return a default as code, empty when there is none."""
    return "" if value in (None, (), "", 0) or isinstance(value, bool) else code(value)


def nested(schema: dict[str, Any], name: str) -> list[tuple[str, str]]:
    """Return the rows of an object inside a rule."""
    return members(schema["properties"], f"{name}.")


def members(properties: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    """Return a row for each member that has a description of its own."""
    return [
        (code(prefix + name), given["description"].splitlines()[0])
        for name, given in properties.items()
        if "description" in given
    ]
