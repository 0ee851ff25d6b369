"""The page of tasks: the adapter protocol, every verb with its arguments, and resource names."""

import json
from pathlib import Path
from typing import Any

from adsmock.contracts.loader import load
from adsmock.contracts.model import Contract
from adsmock.harness.suite.case import load as load_cases
from docs.generate.markdown import code, table
from docs.generate.schemas import described, resolved, schema_of

TEMPLATE = Path(__file__).with_name("tasks.template")
"""The text of the page; a name in double braces is replaced by a generated part."""


def pages() -> dict[str, str]:
    """Return the page."""
    task, adapter = schema_of("task"), schema_of("adapter")
    parts = {
        "request": described(adapter["$defs"]["request"], adapter),
        "reply": described(adapter["$defs"]["reply"], adapter),
        "verbs": "\n".join(
            verb(rule["if"]["properties"]["verb"]["const"], args, task)
            for rule in task["$defs"]["task"]["allOf"]
            for args in [resolved(rule["then"]["properties"]["args"], task)]
        ),
        "resources": resource_table().rstrip("\n"),
    }
    text = TEMPLATE.read_text("utf-8")
    for name, part in parts.items():
        text = text.replace("{{" + name + "}}", part)
    return {"tasks.md": text}


def verb(name: str, args: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return the section of one verb: what to do, its arguments, an example."""
    examples = [f"```json\n{json.dumps(one)}\n```\n" for one in args.get("examples", ())]
    members = described(args, schema) or "No arguments.\n"
    return "\n".join([f"### {name}\n", args["description"] + "\n", members, *examples])


def resource_table() -> str:
    """Return names, calls, media types and envelopes of all resources with an id."""
    used = {
        str(task.args.get("resource")) for case in load_cases().values() for task in case.tasks
    } | {"profiles"}
    rows = (
        (
            code(name),
            one.title or one.noun,
            "yes" if name in used else "",
            ", ".join(calls(one)),
            ", ".join(code(media) for media in media_types(one)),
            code(one.envelope) if one.envelope else "",
            code(one.identity.field),
        )
        for name, one in sorted(load().by_name.items())
        if one.identity is not None
    )
    return table(("Name", "Resource", "Cases", "Calls", "Media type", "Envelope", "Id"), rows)


def calls(resource: Contract) -> list[str]:
    """Return the calls of a resource, each path once with its methods."""
    return list(dict.fromkeys(code(f"{one.method} {one.path}") for one in resource.operations))


def media_types(resource: Contract) -> list[str]:
    """Return the media types of a resource's requests, then those that only replies have."""
    found = [media for one in resource.operations for media in (one.request, one.reply) if media]
    return list(dict.fromkeys(found))
