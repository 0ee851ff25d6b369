"""The options of every command."""

import argparse
import importlib
from importlib import metadata
from pathlib import Path
from typing import Any

from adsmock.cli import main
from docs.generate.markdown import code, table


def pages() -> dict[str, str]:
    """Return the page of options."""
    verbs = sorted(metadata.entry_points(group=main.GROUP), key=lambda one: one.name)
    parts = ["# Options\n", "Every command also takes `--help`.\n"]
    for verb in verbs:
        module = importlib.import_module(verb.value)
        parts.append(f"## adsmock {verb.name}\n\n{module.SUMMARY}\n")
        parts.append(options(main.parser_of(verb.name, module)))
        parts.append(f"```text\n{module.EXAMPLES.strip()}\n```\n")
    return {"options.md": "\n".join(parts)}


def options(parser: argparse.ArgumentParser) -> str:
    """Return a table of a parser's arguments, and of those of its subcommands."""
    actions = parser._actions  # noqa: SLF001 -- argparse lists them nowhere else
    rows = [row(one) for one in actions if one.help is not argparse.SUPPRESS and one.dest != "help"]
    rows = [one for one in rows if one]
    return table(("Argument", "Meaning", "Default"), rows) if rows else "No arguments.\n"


def row(action: argparse.Action) -> tuple[str, str, str]:
    """Return name, meaning and default of one argument."""
    if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 -- as above
        return ("OPERATION", "an operation of the [control plane](control-plane.md)", "")
    value = action.metavar or (action.dest.upper() if action.nargs != 0 else "")
    value = " ".join(value) if isinstance(value, tuple) else value
    if action.choices and not action.metavar:
        value = "{" + ",".join(str(one) for one in action.choices) + "}"
    names = ", ".join(action.option_strings)
    shown = f"{names} {value}".strip() if names else str(value)
    return (code(shown), meaning(action), default(action.default))


def meaning(action: argparse.Action) -> str:
    """Return the help text with its default left out, which has a column of its own."""
    text = action.help or ""
    values: dict[str, Any] = {**vars(action), "prog": ""}
    return text % values if "%" in text else text


def default(value: object) -> str:
    """Return a default as code, empty when there is none to speak of."""
    if value is None or value is argparse.SUPPRESS or value is False or value in ([], ()):
        return ""
    if isinstance(value, Path) and value.is_absolute():
        return ""  # a file of the package, whose place depends on the machine
    return code(value)
