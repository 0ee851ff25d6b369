"""The ``adsmock`` command, assembled from the installed commands.

A command is a module with ``SUMMARY``, ``EXAMPLES``, ``configure(parser)`` and ``run(arguments)``,
registered in the entry point group ``adsmock.commands``. Only the chosen command is imported;
``--help`` reads the summaries from the source files.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GROUP = "adsmock.commands"
USAGE = 2
INTERRUPTED = 130

_UNRECOGNIZED = "unrecognized arguments: "


class _Parser(argparse.ArgumentParser):
    """A parser that reports a usage error in one line."""

    def error(self, message: str) -> NoReturn:
        if message.startswith(f"{_UNRECOGNIZED}-"):
            option = message.removeprefix(_UNRECOGNIZED).split()[0].partition("=")[0]
            message += _suggestion(option, self._option_string_actions)
        self.exit(USAGE, _usage_error(self.prog, message))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that ``argv`` names and return its exit code.

    Args:
        argv: the arguments after ``adsmock``; without it those of the process.

    Returns:
        The exit code of the command, 2 after a usage error, 130 after an interruption.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(words)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone: there is nobody to write to
        return 0
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)


def _run(words: list[str]) -> int:
    if not words or words[0].startswith("-"):
        return _run_without_command(words)
    modules = _modules()
    command = words[0]
    if command not in modules:
        message = f"unknown command '{command}'{_suggestion(command, modules)}"
        sys.stderr.write(_usage_error("adsmock", message))
        return USAGE
    module = importlib.import_module(modules[command])
    code: int = module.run(parser_of(command, module).parse_args(words[1:]))
    return code


def _usage_error(program: str, message: str) -> str:
    """Return one line with the message and where the usage is described."""
    see = " See" if message.endswith("?") else "; see"
    return f"{program}: {message}{see} '{program} --help'\n"


def _suggestion(name: str, known: Iterable[str]) -> str:
    """Return a question with the nearest known name; empty without one."""
    from adsmock.contracts.suggest import nearest  # noqa: PLC0415 -- only errors need it

    found = nearest(name, known)
    return f": did you mean {found[0]}?" if found else ""


def parser_of(command: str, module: Any) -> argparse.ArgumentParser:
    """Return the parser of a command, configured by its module."""
    parser = _Parser(
        prog=f"adsmock {command}",
        description=module.SUMMARY,
        epilog=_with_heading(module.EXAMPLES.strip("\n")),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.configure(parser)
    return parser


def _with_heading(examples: str) -> str:
    heading = "examples:"
    return examples if examples.startswith(heading) else f"{heading}\n{examples}"


def _run_without_command(words: list[str]) -> int:
    parser = _Parser(
        prog="adsmock",
        usage="adsmock [-h] [--version] COMMAND ...",
        description=metadata.metadata("adsmock")["Summary"],
        epilog=_listing() + "\n\n'adsmock COMMAND --help' shows options and examples.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = f"adsmock {metadata.version('adsmock')}"
    parser.add_argument("--version", action="version", version=version)
    parser.parse_args(words)
    parser.error("a command is missing")


def _modules() -> dict[str, str]:
    """Return the module of every installed command, by command."""
    return {point.name: point.value for point in metadata.entry_points(group=GROUP)}


def _listing() -> str:
    modules = _modules()
    width = max((len(command) for command in modules), default=0)
    lines = [f"  {name.ljust(width)}  {_summary(module)}" for name, module in modules.items()]
    return "\n".join(["commands:", *lines])


def _summary(module: str) -> str:
    """Return the ``SUMMARY`` of a module without running it; empty without one."""
    path = _source(module)
    if path is None:
        return ""
    for node in ast.parse(path.read_text("utf-8")).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        target = node.target if isinstance(node, ast.AnnAssign) else target
        if isinstance(target, ast.Name) and target.id == "SUMMARY":
            value = getattr(node, "value", None)
            return str(ast.literal_eval(value)) if value is not None else ""
    return ""


def _source(module: str) -> Path | None:
    """Return the file of a module; only its top package is imported."""
    top, *rest = module.split(".")
    spec = importlib.util.find_spec(top)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder).joinpath(*rest).with_suffix(".py")
        if path.is_file():
            return path
    return None
