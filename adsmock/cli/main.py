"""The ``adsmock`` command, assembled from the verbs that are installed.

Knows how verbs are found, listed and run, and how usage errors end. Must not know any verb:
each is a module with ``SUMMARY``, ``EXAMPLES``, ``configure(parser)`` and
``run(arguments)``, registered in the entry point group ``adsmock.commands``. Only the chosen
verb is imported; the summaries of the list are read from the sources.
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
    from collections.abc import Sequence

GROUP = "adsmock.commands"
USAGE = 2
INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """A parser that words a usage error in one line."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}", file=sys.stderr)  # noqa: T201 -- the command's own voice
        raise SystemExit(USAGE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the verb that ``argv`` names and return its exit code.

    Args:
        argv: the words after ``adsmock``; those of the process when left out.

    Returns:
        What the verb returns, 2 after a usage error, 130 after an interruption.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(words)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; nothing is left to be said
        return 0
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)


def _run(words: list[str]) -> int:
    if not words or words[0].startswith("-"):
        return _answer_without_verb(words)
    verbs = _verbs()
    verb = words[0]
    if verb not in verbs:
        known = ", ".join(sorted(verbs))
        print(f"adsmock: no verb is called {verb}; there are {known}", file=sys.stderr)  # noqa: T201 -- the command's own voice
        return USAGE
    module = importlib.import_module(verbs[verb])
    code: int = module.run(parser_of(verb, module).parse_args(words[1:]))
    return code


def parser_of(verb: str, module: Any) -> argparse.ArgumentParser:
    """Return the parser of a verb, as its module configures it."""
    parser = _Parser(
        prog=f"adsmock {verb}",
        description=module.SUMMARY,
        epilog=_headed(module.EXAMPLES.strip("\n")),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.configure(parser)
    return parser


def _headed(examples: str) -> str:
    heading = "examples:"
    return examples if examples.startswith(heading) else f"{heading}\n{examples}"


def _answer_without_verb(words: list[str]) -> int:
    parser = _Parser(
        prog="adsmock",
        usage="adsmock [-h] [--version] VERB ...",
        description=metadata.metadata("adsmock")["Summary"],
        epilog=_listing() + "\n\nadsmock VERB --help tells more, with examples.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = f"adsmock {metadata.version('adsmock')}"
    parser.add_argument("--version", action="version", version=version)
    parser.parse_args(words)
    parser.error("a verb is missing; adsmock --help lists them")


def _verbs() -> dict[str, str]:
    """Return the module of every installed verb, by verb."""
    return {point.name: point.value for point in metadata.entry_points(group=GROUP)}


def _listing() -> str:
    verbs = _verbs()
    width = max((len(verb) for verb in verbs), default=0)
    lines = [f"  {verb.ljust(width)}  {_summary(verbs[verb])}" for verb in verbs]
    return "\n".join(["verbs:", *lines])


def _summary(module: str) -> str:
    """Return the ``SUMMARY`` of a module without running it; empty when it has none."""
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
    """Return the file of a module; of its packages only the top one is imported."""
    top, *rest = module.split(".")
    spec = importlib.util.find_spec(top)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder).joinpath(*rest).with_suffix(".py")
        if path.is_file():
            return path
    return None
