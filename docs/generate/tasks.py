"""The page of tasks: the adapter protocol, every verb with its arguments, and resource names."""

import json
import re
from pathlib import Path
from typing import Any

from adsmock.contracts.loader import load
from adsmock.contracts.model import Contract, Filter
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
        "ids": id_table().rstrip("\n"),
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
        )
        for name, one in with_ids()
    )
    return table(("Name", "Resource", "Cases", "Calls", "Media type", "Envelope"), rows)


def id_table() -> str:
    """Return, for each resource with an id, its member and the filters that take ids."""
    rows = (
        (
            code(name),
            code(one.identity.field if one.identity else ""),
            ", ".join(own_id_requests(one)),
            ", ".join(parent_filters(one)),
            ", ".join(archive_requests(one)),
        )
        for name, one in with_ids()
    )
    return table(("Name", "Id", "Filter by its own id", "Filters by other ids", "Archive"), rows)


def with_ids() -> list[tuple[str, Contract]]:
    """Return the resources with an id, by name."""
    rows = sorted(load().by_name.items())
    return [(name, resource) for name, resource in rows if resource.identity is not None]


def own_id_requests(resource: Contract) -> list[str]:
    """Return the list filter of a resource's own id; without one, the call that has it."""
    own = own_id(resource)
    found = [shape(row) for row in list_filters(resource) if row.field == own]
    calls = [one for one in resource.operations if one.verb == "get" and not one.extended]
    return found or [code(f"{one.method} {one.path}") for one in calls]


def parent_filters(resource: Contract) -> list[str]:
    """Return the list filters by the id of another entity."""
    own = own_id(resource)
    rows = list_filters(resource)
    return [shape(row) for row in rows if re.fullmatch(r"\w+Id", row.field) and row.field != own]


def archive_requests(resource: Contract) -> list[str]:
    """Return the member that an archive sends ids in; else the call that has the id."""
    selector = resource.identity.selector if resource.identity else ""
    by_name = {row.name: row for row in resource.filters}
    calls = [one for one in resource.operations if one.verb == "archive"]
    return [
        shape(by_name[selector])
        if selector and one.method == "POST"
        else code(f"DELETE {one.path}")
        for one in calls
    ]


def own_id(resource: Contract) -> str:
    """Return the member that has the id of an entity."""
    return resource.identity.field if resource.identity else ""


def list_filters(resource: Contract) -> list[Filter]:
    """Return the filters of a list; those that only an archive takes are left out."""
    selector = resource.identity.selector if resource.identity else ""
    is_query = bool(resource.page and resource.page.start)
    omitted = selector if resource.shape == "unified" else ""
    return [
        row
        for row in resource.filters
        if row.name != omitted and not (is_query and row.kind == "include")
    ]


def shape(row: Filter) -> str:
    """Return how a filter is written, with a placeholder for its values."""
    shapes = {
        "include": f'{row.name}: {{"include": [...]}}',
        "values": f"{row.name}: [...]",
        "value": f"{row.name}: ...",
        "comma": f"?{row.name}=...,...",
        "typed": f'filters: [{{"filterType": "{row.name}", "values": [...]}}]',
    }
    return code(shapes[row.kind])


def calls(resource: Contract) -> list[str]:
    """Return the calls of a resource, each path once with its methods."""
    return list(dict.fromkeys(code(f"{one.method} {one.path}") for one in resource.operations))


def media_types(resource: Contract) -> list[str]:
    """Return the media types of a resource's requests, then those that only replies have."""
    found = [media for one in resource.operations for media in (one.request, one.reply) if media]
    return list(dict.fromkeys(found))
