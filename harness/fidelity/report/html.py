"""drift.html: the comparison as one self-contained page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adsmock.contracts import ledger


def render(document: Mapping[str, Any]) -> str:
    """Return the page of drift.json."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    rows = {row.id: row for row in ledger.rows()}
    confirmed = [
        rows[name]
        for name, standing in document["rows"].items()
        if standing == "confirmed" and rows[name].status == "assumed"
    ]
    template = environment.get_template("page.html.jinja")
    return template.render(found=document, rows=rows, newly_seen=confirmed)
