"""The ``adsmock`` command, assembled from the installed commands.

A command is a module with ``SUMMARY``, ``WORKFLOW``, ``EXAMPLES``, ``configure(parser)`` and
``run(arguments)``, registered in the entry point group ``adsmock.commands``. Only the chosen
command is imported; ``--help`` reads summaries and workflows from the source files.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import sys
import textwrap
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from adsmock.cli.options import MORE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GROUP = "adsmock.commands"
USAGE = 2
INTERRUPTED = 130

WORKFLOWS = ("run", "judge", "rehearse", "plan", "inspect", "prove", "shell")
"""The groups of ``adsmock --help``, in order."""

_WIDTH = 79
_UNRECOGNIZED = "unrecognized arguments: "


class _Parser(argparse.ArgumentParser):
    """A parser with a short help, which reports a usage error in one line."""

    def format_help(self) -> str:
        """Return the help without the options of the group ``MORE``."""
        groups = self._action_groups
        self._action_groups = [group for group in groups if group.title != MORE]
        try:
            return super().format_help()
        finally:
            self._action_groups = groups

    def format_full_help(self) -> str:
        """Return the help with every option."""
        return super().format_help()

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse words in any order: options may come between two positional arguments.

        argparse alone gives an optional positional argument no value when an option is before it.
        """
        taken = {action.nargs for action in self._get_positional_actions()}
        if argparse.OPTIONAL in taken and argparse.REMAINDER not in taken:
            return self.parse_intermixed_args(args, namespace)
        return super().parse_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        if message.startswith(f"{_UNRECOGNIZED}-"):
            option = message.removeprefix(_UNRECOGNIZED).split()[0].partition("=")[0]
            message += _suggestion(option, self._option_string_actions)
        self.exit(USAGE, _usage_error(self.prog, message))


class _FullHelp(argparse.Action):
    """The option ``--help-all``."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        assert isinstance(parser, _Parser)
        sys.stdout.write(parser.format_full_help())
        parser.exit()


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
    known = modules()
    command = words[0]
    if command not in known:
        message = f"unknown command '{command}'{_suggestion(command, known)}"
        sys.stderr.write(_usage_error("adsmock", message))
        return USAGE
    module = importlib.import_module(known[command])
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
    has_more = any(group.title == MORE for group in parser._action_groups)  # noqa: SLF001 -- argparse offers no other way
    text = "show every option" if has_more else argparse.SUPPRESS
    parser.add_argument("--help-all", action=_FullHelp, nargs=0, help=text)
    parser.usage = _usage(parser)
    return parser


def _shown(action: argparse.Action) -> str:
    """Return a positional argument of a usage line, marked where it is repeatable or optional."""
    name = str(action.metavar or action.dest)
    return {"+": f"{name} [{name} ...]", "?": f"[{name}]"}.get(str(action.nargs), name)


def _usage(parser: argparse.ArgumentParser) -> str:
    """Return a usage line that names positional arguments only: the options follow below it."""
    words = [_shown(action) for action in parser._get_positional_actions()]  # noqa: SLF001 -- as above
    return " ".join([parser.prog, "[options]", *words]).replace("%", "%%")


def _with_heading(examples: str) -> str:
    heading = "examples:"
    return examples if examples.startswith(heading) else f"{heading}\n{examples}"


def _run_without_command(words: list[str]) -> int:
    parser = _Parser(
        prog="adsmock",
        usage="adsmock [-h] [--version] COMMAND ...",
        description=textwrap.fill(metadata.metadata("adsmock")["Summary"], _WIDTH),
        epilog=_listing() + "\n\n'adsmock COMMAND --help' shows options and examples.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = f"adsmock {metadata.version('adsmock')}"
    parser.add_argument("--version", action="version", version=version)
    parser.parse_args(words)
    parser.error("a command is missing")


def modules() -> dict[str, str]:
    """Return the module of every installed command, by command."""
    return {point.name: point.value for point in metadata.entry_points(group=GROUP)}


def _listing() -> str:
    facts = {command: _constants(module) for command, module in modules().items()}
    width = max(map(len, facts), default=0)
    lines = ["commands:"]
    for workflow in (*WORKFLOWS, ""):
        members = [name for name in facts if facts[name].get("WORKFLOW", "") == workflow]
        for place, name in enumerate(members):
            heading = "" if place else workflow
            lines.append(f"  {heading:<8}  {name:<{width}}  {facts[name].get('SUMMARY', '')}")
    return "\n".join(lines)


def _constants(module: str) -> dict[str, str]:
    """Return ``SUMMARY`` and ``WORKFLOW`` of a module without running it."""
    path = _source(module)
    found: dict[str, str] = {}
    for node in ast.parse(path.read_text("utf-8")).body if path else ():
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        target = node.target if isinstance(node, ast.AnnAssign) else target
        value = getattr(node, "value", None)
        is_wanted = isinstance(target, ast.Name) and target.id in {"SUMMARY", "WORKFLOW"}
        if is_wanted and isinstance(target, ast.Name) and value is not None:
            found[target.id] = str(ast.literal_eval(value))
    return found


def _source(module: str) -> Path | None:
    """Return the file of a module; only its top package is imported."""
    top, *rest = module.split(".")
    spec = importlib.util.find_spec(top)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder).joinpath(*rest).with_suffix(".py")
        if path.is_file():
            return path
    return None
