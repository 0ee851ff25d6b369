"""Tables of the documentation, written from the data that the program itself uses."""

from __future__ import annotations

from typing import Any, get_args

from adsmock.contracts import ledger
from adsmock.contracts.model import Status
from adsmock.mockserver.control.schema import components
from adsmock.mockserver.services.faults.registry import kinds

END = "<!-- end of what `make fidelity` writes -->"


def fidelity() -> str:
    """Return the totals of the ledger and the switches of a sandbox, as Markdown."""
    totals = ledger.counts()
    counted = ", ".join(f"{totals.get(status, 0)} {status}" for status in get_args(Status))
    lines = [f"{sum(totals.values())} behaviors: {counted}.", ""]
    lines += ["| switch | values | default | says |", "|---|---|---|---|"]
    for name, row in _switches().items():
        values = ", ".join(f"`{value}`" for value in row["enum"]) if "enum" in row else "any string"
        lines.append(f"| `{name}` | {values} | `{row['default']}` | {row['description']} |")
    return "\n".join(lines)


def fault_kinds() -> str:
    """Return the fault kinds as a Markdown table."""
    lines = ["| Kind | Effect |", "|---|---|"]
    return "\n".join(
        [*lines, *(f"| `{name}` | {kind.summary} |" for name, kind in kinds().items())]
    )


TABLES = {
    "<!-- written by `make fidelity` -->": fidelity,
    "<!-- fault kinds, written by `make fidelity` -->": fault_kinds,
}
"""What goes between a marker and ``END``."""


def updated(text: str) -> str:
    """Return a page with the tables between its markers updated.

    Raises:
        ValueError: the page has no such markers.
    """
    found = [marker for marker in TABLES if marker in text]
    if not found or text.count(END) != len(found):
        raise ValueError(f"has no block between one of {', '.join(TABLES)} and {END}")
    for marker in found:
        before, _, rest = text.partition(marker)
        after = rest.partition(END)[2]
        text = f"{before}{marker}\n{TABLES[marker]()}\n{END}{after}"
    return text


def _switches() -> dict[str, dict[str, Any]]:
    """Return the switches of a sandbox, for behavior on which the evidence disagrees."""
    wanted = components()["SandboxRequest"]["properties"]
    switches: dict[str, dict[str, Any]] = {"retryAfter": wanted["retryAfter"]}
    choices = wanted["choices"]["properties"]
    switches |= {f"choices.{name}": choices[name] for name in sorted(choices)}
    return switches
