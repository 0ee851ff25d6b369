"""The page as a reader sees it who opened everything: with the charts and calls of each case."""

import re
from typing import Any

from adsmock.harness.suite.report.html.packed import unpack

PACKED = re.compile(r'<template class="packed" id="([^"]+)">([^<]*)</template>')
LOG = re.compile(r'<details class="log" id="log-([^"]+)" data-packed="([^"]+)" hidden>')


def charts(text: str) -> dict[str, str]:
    """Return the markup of the charts of each case, by anchor."""
    return {
        name.removeprefix("charts-"): unpack(data)
        for name, data in PACKED.findall(text)
        if name.startswith("charts-")
    }


def calls(text: str) -> dict[str, list[dict[str, Any]]]:
    """Return the calls of each case, by anchor: their numbers and their markup."""
    packs = {name: data for name, data in PACKED.findall(text) if name.startswith("calls-")}
    return {anchor: unpack(packs[name]) for anchor, name in LOG.findall(text)}


def opened(text: str) -> str:
    """Return the page with everything unpacked, the calls of each case before its charts."""
    known = calls(text)

    def markup(match: re.Match[str]) -> str:
        name = match[1]
        if not name.startswith("charts-"):
            return ""
        anchor = name.removeprefix("charts-")
        return "".join(_row(anchor, call) for call in known.get(anchor, ())) + unpack(match[2])

    return PACKED.sub(markup, text)


def _row(anchor: str, call: dict[str, Any]) -> str:
    name = f'<details class="wire" id="row-{anchor}-{call["seq"]}">'
    row = call["row"].replace('<details class="wire">', name)
    return str(row.replace("</details>", call["details"] + "</details>"))
