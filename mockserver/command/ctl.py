"""``adsmock ctl``: every operation of the control plane as a verb, made from its table.

Knows the command line and the Python call. Must not know operations: they are rows.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from adsmock.mockserver.control.client import DEFAULT_SANDBOX, DEFAULT_URL, Control, ControlError
from adsmock.mockserver.control.routes import ROUTES, Query, Route

SUMMARY = "Control a running mock: sandboxes, time, faults, throttling, journal."

EXAMPLES = """examples:
  adsmock ctl sandboxes.create --data '{"id":"t01","clock":{"mode":"frozen"}}'
  adsmock ctl faults.create --sandbox t01 --data '{"effect":{"kind":"http","status":429}}'
  adsmock ctl clock.advance --sandbox t01 --data '{"seconds":3600}'
  adsmock ctl journal.get --sandbox t01 --operation 'sp.*.create' --status 4xx
  adsmock ctl verify.run --sandbox t01 --data @claim.json   # exits 1 when it does not hold

exit codes: 0 done, 1 refused, unreachable or a claim that does not hold, 2 usage"""

_USAGE = 2
_ITS_OWN = frozenset({"service.dashboard", "service.scrape"})
"""Operations for browsers and scrapers: the command has no use for them."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add one verb for each row of the table."""
    verbs = parser.add_subparsers(metavar="OPERATION", required=True)
    for route in ROUTES:
        if route.id not in _ITS_OWN:
            _configure_verb(verbs, route)


def _configure_verb(verbs: Any, route: Route) -> None:
    example = f"example:\n  adsmock ctl {route.id} {route.example}".rstrip()
    verb = verbs.add_parser(
        route.id,
        help=route.summary,
        description=f"{route.summary} ({route.method} {route.path})",
        epilog=example,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.set_defaults(route=route)  # not by a dest: journal.get has an option called operation
    verb.add_argument(
        "--control",
        metavar="URL",
        help=f"the control plane (ADSMOCK_CONTROL, else {DEFAULT_URL})",
    )
    for name in route.parameters:
        _configure_name(verb, name)
    if route.body:
        verb.add_argument(
            "--data",
            metavar="JSON|@FILE",
            required=route.is_body_required,
            help="the body: JSON text, @FILE, or @- for standard input",
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
        verb.add_argument(f"--{name}", metavar="ID", required=True, help=f"which {name}")
        return
    default = os.environ.get("ADSMOCK_SANDBOX") or DEFAULT_SANDBOX
    verb.add_argument(
        "--sandbox",
        metavar="ID",
        default=default,
        help=f"which sandbox (ADSMOCK_SANDBOX, else {DEFAULT_SANDBOX})",
    )


def run(arguments: argparse.Namespace) -> int:
    """Carry out one operation, print its reply as JSON and return the exit code."""
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
    """Return the body that ``--data`` names.

    Raises:
        ValueError: it is not JSON, or null, which is no body.
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
            f"{name} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise ValueError(f"{name} is nested too deep") from None
    if value is None:
        raise ValueError(f"{name} is null, which says nothing; leave it out")
    return value


def _read(name: str) -> str:
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not UTF-8") from None


def _print(reply: Any) -> None:
    if reply is None:
        return
    text = reply if isinstance(reply, str) else json.dumps(reply, indent=2, ensure_ascii=False)
    sys.stdout.write(text.rstrip("\n") + "\n")


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"adsmock ctl: {text}\n")
    return code
