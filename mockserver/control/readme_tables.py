"""What the README says of fidelity, written from the data that the program itself uses.

Knows the block's form and its markers. Must not know facts or switches.
"""

from __future__ import annotations

from typing import Any, get_args

from adsmock.contracts import ledger
from adsmock.contracts.model import Status
from adsmock.mockserver.control.schema import components

BEGIN = "<!-- written by `make fidelity` -->"
END = "<!-- end of what `make fidelity` writes -->"


def block() -> str:
    """Return the totals of the ledger and the switches of a sandbox, as Markdown."""
    totals = ledger.counts()
    counted = ", ".join(f"{totals.get(status, 0)} {status}" for status in get_args(Status))
    lines = [BEGIN, f"{sum(totals.values())} behaviors: {counted}.", ""]
    lines += ["| switch | values | default | says |", "|---|---|---|---|"]
    for name, row in _switches().items():
        values = ", ".join(f"`{value}`" for value in row["enum"]) if "enum" in row else "a text"
        lines.append(f"| `{name}` | {values} | `{row['default']}` | {row['description']} |")
    return "\n".join([*lines, END])


def with_block(text: str) -> str:
    """Return a text with the block between its markers written anew.

    Raises:
        ValueError: the text has no such markers.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"has no block between {BEGIN} and {END}")
    return before + block() + after


def _switches() -> dict[str, dict[str, Any]]:
    """Return what a sandbox may be told where the evidence disagrees, by name."""
    wanted = components()["SandboxRequest"]["properties"]
    switches: dict[str, dict[str, Any]] = {"retryAfter": wanted["retryAfter"]}
    choices = wanted["choices"]["properties"]
    switches |= {f"choices.{name}": choices[name] for name in sorted(choices)}
    return switches
