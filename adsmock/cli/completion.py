"""``adsmock completion``: print a script that completes commands and options in a shell."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from adsmock.cli import main

SUMMARY = "Print a completion script for bash, zsh or fish."
WORKFLOW = "shell"

EXAMPLES = """\
adsmock completion bash > ~/.local/share/bash-completion/completions/adsmock
adsmock completion zsh > "${fpath[1]}/_adsmock"
adsmock completion fish > ~/.config/fish/completions/adsmock.fish

Start a new shell afterwards. Print the script again after an update of adsmock."""

SHELLS = ("bash", "zsh", "fish")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the argument of this command."""
    parser.add_argument("shell", choices=SHELLS, help="the shell that the script is for")


def run(arguments: argparse.Namespace) -> int:
    """Print the script; return 0."""
    import shtab  # noqa: PLC0415 -- no other command needs it

    parser = whole_parser()
    for action in _actions(parser):
        if action.type is Path:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    sys.stdout.write(shtab.complete(parser, arguments.shell) + "\n")
    return 0


def whole_parser() -> argparse.ArgumentParser:
    """Return one parser with every command."""
    parser = argparse.ArgumentParser(prog="adsmock")
    commands = parser.add_subparsers()
    for name, place in main.modules().items():
        module = importlib.import_module(place)
        module.configure(commands.add_parser(name, help=module.SUMMARY))
    return parser


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the actions of a parser and of its subcommands."""
    found = []
    for action in parser._actions:  # noqa: SLF001 -- argparse lists them nowhere else
        found.append(action)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 -- as above
            action.choices = action._name_parser_map  # noqa: SLF001 -- a command may hide them
            action.help = ""
            for choice in action.choices.values():
                found += _actions(choice)
    return found
