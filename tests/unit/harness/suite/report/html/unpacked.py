"""The page as a reader sees it who opened everything: with the charts and calls of each case."""

import re
from typing import Any

from adsmock.harness.suite.report.html.packed import unpack

PACKED = re.compile(r'<template class="packed" id="packed-([^"]+)">([^<]*)</template>')


def recorded(text: str) -> dict[str, Any]:
    """Return what each case has packed, by anchor: `charts`, and `calls` with their markup."""
    return {anchor: unpack(data) for anchor, data in PACKED.findall(text)}


def opened(text: str) -> str:
    """Return the page with everything unpacked in its place."""
    return PACKED.sub(lambda match: _markup(unpack(match[2])), text)


def _markup(data: dict[str, Any]) -> str:
    rows = (
        call["row"].replace("</details>", call["details"] + "</details>") for call in data["calls"]
    )
    return str(data["charts"]) + "".join(rows)
