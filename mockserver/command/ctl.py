"""``adsmock ctl``: every operation of the control plane, generated from the route table."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from textwrap import wrap
from typing import Any

from adsmock.contracts.suggest import did_you_mean
from adsmock.mockserver.control.client import DEFAULT_SANDBOX, DEFAULT_URL, Control, ControlError
from adsmock.mockserver.control.routes import ROUTES, Query, Route

SUMMARY = "Control a running mock: faults, time, quotas, journal."
WORKFLOW = "run"

EXAMPLES = """examples:
  adsmock ctl sandboxes.create --data '{"id":"t01","clock":{"mode":"frozen"}}'
  adsmock ctl faults.create --sandbox t01 --data '{"effect":{"kind":"http","status":429}}'
  adsmock ctl clock.advance --sandbox t01 --data '{"seconds":3600}'
  adsmock ctl journal.get --sandbox t01 --operation 'sp.*.create' --status 4xx
  adsmock ctl verify.run --sandbox t01 --data @claim.json   # exits 1 if it does not hold

exit codes: 0 success, 1 refused, unreachable or a claim that does not hold, 2 usage error"""

_USAGE = 2
_WIDTH = 77
_NOT_COMMANDS = frozenset(
    {"events.follow", "runs.put", "service.dashboard", "service.dashboard-file", "service.scrape"}
)
"""Operations for browsers, scrapers and suites only."""


class _Operations(argparse._SubParsersAction):  # type: ignore[type-arg]  # noqa: SLF001 -- the class that add_subparsers(action=) extends
    """Subcommands that suggest the nearest name for an unknown one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = None  # type: ignore[assignment]  # else argparse lists all 50 names

    def _get_subactions(self) -> list[argparse.Action]:
        """Return the operations that help lists one by one: none, unless ``choices`` is set."""
        return super()._get_subactions() if self.choices else []

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Parse the subcommand's arguments."""
        name, known = values[0], list(self._name_parser_map)
        if name not in known:
            is_url = "://" in name
            advice = "pass a URL as --control URL" if is_url else did_you_mean(name, known)
            parser.error(f'unknown operation "{name}": {advice}')
        super().__call__(parser, namespace, values, option_string)


class _NotServer(argparse.Action):
    """The option ``--server`` of other commands, which would take an operation for its value."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.error("unrecognized arguments: --server: did you mean --control?")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add one subcommand for each operation."""
    _add_control(parser, default=None)
    routes = [route for route in ROUTES if route.id not in _NOT_COMMANDS]
    verbs = parser.add_subparsers(
        title="operations (describe one: 'adsmock ctl faults.create --help')",
        description=_listing(route.id for route in routes),
        metavar="OPERATION",
        help=argparse.SUPPRESS,
        required=True,
        action=_Operations,
    )
    for route in routes:
        _configure_verb(verbs, route)


def _add_control(parser: argparse.ArgumentParser, default: str | None) -> None:
    parser.add_argument(
        "--control",
        metavar="URL",
        default=default,
        help=f"control plane (ADSMOCK_CONTROL, else {DEFAULT_URL})",
    )
    parser.add_argument("--server", action=_NotServer, help=argparse.SUPPRESS)


def _listing(names: Iterable[str]) -> str:
    """Return the kinds of things with their verbs, a line for those with the same verbs.

    Kinds with one verb share a line.
    """
    verbs: dict[str, list[str]] = {}
    for name in names:
        thing, verb = name.split(".")
        verbs.setdefault(thing, []).append(verb)
    things: dict[tuple[str, ...], list[str]] = {}
    for thing, each in verbs.items():
        things.setdefault(tuple(each), []).append(thing)
    lines = [
        line
        for each, named in things.items()
        if len(each) > 1
        for line in wrap(
            f"{', '.join(named):<18} {', '.join(each)}", _WIDTH, subsequent_indent=" " * 19
        )
    ]
    single = ", ".join(f"{thing}.{each[0]}" for thing, each in verbs.items() if len(each) == 1)
    return "\n".join([*lines, single])


def _configure_verb(verbs: Any, route: Route) -> None:
    ids = [f"--{name} ID" for name in route.parameters if name != "sandbox"]
    words = [each for each in ids if each.split()[0] not in route.example]
    example = " ".join(["example:\n  adsmock ctl", route.id, *words, route.example]).rstrip()
    verb = verbs.add_parser(
        route.id,
        help=route.summary,
        description=f"{route.summary} ({route.method} {route.path})",
        epilog=example,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.set_defaults(route=route)  # no dest: journal.get has an option "operation"
    _add_control(verb, default=argparse.SUPPRESS)  # else it would replace one before the operation
    for name in route.parameters:
        _configure_name(verb, name)
    if route.body:
        verb.add_argument(
            "--data",
            metavar="JSON|@FILE",
            required=route.is_body_required,
            help="request body: JSON text, @FILE, or @- for standard input",
        )
    for query in route.query:
        verb.add_argument(
            f"--{query.name}",
            metavar=_metavar(query),
            choices=query.enum or None,
            help=query.summary,
        )


def _metavar(query: Query) -> str:
    if query.enum:
        return "{" + ",".join(query.enum) + "}"
    return "N" if query.type == "integer" else "TEXT"


def _configure_name(verb: argparse.ArgumentParser, name: str) -> None:
    if name != "sandbox":
        verb.add_argument(f"--{name}", metavar="ID", required=True, help=f"id of the {name}")
        return
    default = os.environ.get("ADSMOCK_SANDBOX") or DEFAULT_SANDBOX
    verb.add_argument(
        "--sandbox",
        metavar="ID",
        default=default,
        help=f"id of the sandbox (ADSMOCK_SANDBOX, else {DEFAULT_SANDBOX})",
    )


def run(arguments: argparse.Namespace) -> int:
    """Call one operation, print its reply as JSON and return the exit code."""
    route: Route = arguments.route
    names = {
        name: getattr(arguments, name)
        for name in (*route.parameters, *(query.name for query in route.query))
    }
    try:
        data = _data(getattr(arguments, "data", None))
        reply = Control(arguments.control).call(route.id, data, **names)
    except ControlError as error:
        return _complain(str(error), 1)
    except ValueError as error:
        return _complain(str(error), _USAGE)
    except OSError as error:
        return _complain(f"{error.filename}: {error.strerror}", _USAGE)
    _print(reply)
    return int(bool(route.claim) and reply[route.claim] is False)


def _data(text: str | None) -> Any:
    """Return the body that ``--data`` gives.

    Raises:
        ValueError: it is not JSON, or is null.
        OSError: the file cannot be read.
    """
    if text is None:
        return None
    name = "--data"
    if text.startswith("@"):
        name = text[1:]
        text = _read(name)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{name} is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise ValueError(f"{name} is nested too deeply to read") from None
    if value is None:
        raise ValueError(f"{name} is null, but a body is an object: leave --data out")
    return value


def _read(name: str) -> str:
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not UTF-8 text: convert it to UTF-8") from None


def _print(reply: Any) -> None:
    if reply is None:
        return
    text = reply if isinstance(reply, str) else json.dumps(reply, indent=2, ensure_ascii=False)
    sys.stdout.write(text.rstrip("\n") + "\n")


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"adsmock ctl: {text}\n")
    return code
