"""A template as the record of a run contains it, to check it again without the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from adsmock.harness.config_positions import Position
from adsmock.harness.iac.template_file import Template


class RecordedTemplate(TypedDict):
    """The name of a template, its values and the line of each member."""

    file: str
    values: dict[str, Any]
    lines: Mapping[str, int]


def recorded(template: Template, given: Mapping[str, str]) -> RecordedTemplate:
    """Return a template as it is recorded; ``given`` values become defaults of its parameters."""
    values = dict(template.values)
    if given:
        own = template.section("Parameters")
        values["Parameters"] = {
            name: {**row, "Default": given[name]} if name in given else row
            for name, row in own.items()
        }
    lines = {path: position.line for path, position in template.positions.items()}
    return {"file": template.file, "values": values, "lines": lines}


def restored(record: RecordedTemplate) -> Template:
    """Return the template of a record; the column of each position is 1."""
    positions = {path: Position(line, 1) for path, line in record["lines"].items()}
    return Template(record["file"], record["values"], positions)
