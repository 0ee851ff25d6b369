"""The arguments of ``adsmock load``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import structs

from adsmock.cli.options import more_options
from adsmock.contracts.suggest import did_you_mean
from adsmock.harness import durations
from adsmock.harness.command.arguments import one_of, seed
from adsmock.loadtests.behavior import bundled
from adsmock.loadtests.own_work import EXPECTED, KINDS
from adsmock.loadtests.plan import Kind, Program
from adsmock.loadtests.planned_work import HOURS
from adsmock.loadtests.program import target
from adsmock.loadtests.shape import shapes
from adsmock.loadtests.threshold import FILE

DURATION, SHAPE, USERS = 60.0, "prime-day", 60
SHORTEST, LONGEST = 5.0, 360_000.0

MOST_WORKERS = 64
MOST_USERS = 100_000
"""More than 64 processes can simulate: one simulates some hundred users at most."""

MOST_COPIES = 500

TASKS = 4
"""Tasks at once for one copy of an adapter, unless the user says otherwise."""

HIGHEST_PORT = 65_535

WEB_UI = 8089
"""Locust's own default port."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command to its parser."""
    _configure_users(parser)
    _configure_event(parser)
    _configure_repeats(parser)
    _configure_parts(parser)
    _configure_pages(parser)
    add = parser.add_argument
    add(
        "--report-dir",
        type=Path,
        default=Path("adsmock-load"),
        metavar="DIR",
        help="folder of the results (default: adsmock-load)",
    )
    _configure_details(more_options(parser))


def _configure_details(more: Callable[..., Any]) -> None:
    """Add the arguments that only ``--help-all`` shows, with the function that adds them."""
    more("--seed", type=seed, default=1, help="seed of the sandbox and of all jitter (default: 1)")
    more(
        "--tasks",
        type=up_to(MOST_COPIES),
        metavar="N",
        help="tasks that one copy of an adapter gets at once (default: 4)",
    )
    more(
        "--expect",
        type=kinds,
        metavar="KINDS",
        help="work that --observe or --target must do: writes (default), reads, exports, reports",
    )
    more("--through-proxy", action="store_true", help="for programs with hard-coded hosts")
    more(
        "--quotas", type=Path, metavar="FILE", help="quotas that you observed (default: estimates)"
    )
    more("--stop-after", type=seconds, metavar="TIME", help="stop after this time, as ^C does")
    more("--server", metavar="URL", help="control plane of a running mock (default: start one)")
    more(
        "--workers",
        type=up_to(MOST_WORKERS),
        default=1,
        metavar="N",
        help="generator processes (default: 1)",
    )
    more("--listen", type=address, metavar="HOST:PORT", help="wait for workers of other machines")
    more("--join", type=address, metavar="HOST:PORT", help="only work for the master at HOST:PORT")
    more(
        "--thresholds",
        type=Path,
        default=FILE,
        metavar="FILE",
        help="your thresholds (default: loadtests/thresholds.toml)",
    )


def _configure_pages(parser: argparse.ArgumentParser) -> None:
    """Add the arguments for pages that show a run while it lasts."""
    add, more = parser.add_argument, more_options(parser)
    add(
        "--live",
        type=port,
        nargs="?",
        const=0,
        metavar="PORT",
        help="serve the charts on loopback while the run lasts",
    )
    more(
        "--web-ui",
        type=port,
        nargs="?",
        const=WEB_UI,
        metavar="PORT",
        help=f"also serve Locust's own web UI on loopback (default port: {WEB_UI})",
    )


def _configure_users(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say who works: bundled users, or the partner's program."""
    who = parser.add_mutually_exclusive_group()
    who.add_argument(
        "--behavior",
        type=one_of("behavior", bundled()),
        metavar="NAME",
        help=f"bundled users: {', '.join(bundled())}",
    )
    who.add_argument(
        "--adapter", metavar="CMD", help="your adapter: its copies get the work as tasks"
    )
    who.add_argument("--cmd", metavar="CMD", help="your program: one start for each task")
    who.add_argument("--observe", metavar="CMD", help="your program with its own work")
    who.add_argument(
        "--target", metavar="NAME", help="your Locust class module:User, or 'pytest path::test'"
    )
    add = parser.add_argument
    add(
        "--copies", type=up_to(MOST_COPIES), metavar="N", help="copies of your program (default: 1)"
    )


def program(arguments: argparse.Namespace) -> Program | None:
    """Return the partner's program; None when bundled users work.

    Raises:
        ValueError: an option does not fit the others.
    """
    if arguments.target is not None or arguments.observe is not None:
        return _own_work(arguments)
    if arguments.expect:
        raise ValueError("--expect needs --observe or --target: other programs get their work")
    kinds: tuple[tuple[Kind, str | None], ...] = (
        ("adapter", arguments.adapter),
        ("command", arguments.cmd),
    )
    for kind, command in kinds:
        if command is None:
            continue
        if arguments.tasks and kind != "adapter":
            raise ValueError(_ONE_TASK)
        copies, tasks = arguments.copies or 1, arguments.tasks or TASKS
        return Program(kind, _checked(command), copies, tasks)
    if arguments.copies or arguments.tasks or arguments.through_proxy:
        raise ValueError(
            "--copies, --tasks and --through-proxy need a program: --adapter, --cmd, --observe or "
            "--target"
        )
    return None


_ONE_TASK = "--tasks needs --adapter: other programs get one task at a time"


def _checked(command: str) -> str:
    """Return a command that is not empty.

    Raises:
        ValueError: it is.
    """
    if not command.strip():
        raise ValueError("the command of the program is empty")
    return command


def _own_work(arguments: argparse.Namespace) -> Program:
    """Return a program with its own work.

    Raises:
        ValueError: an option is for the load generator, which does not run then.
    """
    if arguments.tasks:
        raise ValueError(_ONE_TASK)
    if arguments.workers > 1 or arguments.listen:
        raise ValueError(
            "--observe and --target start no load generator: use --copies instead of --workers "
            "and --listen"
        )
    copies = arguments.copies or 1
    if arguments.target is not None:
        found = target.program(arguments.target, copies)
    else:
        found = Program("observed", _checked(arguments.observe), copies, TASKS)
    expected = tuple(arguments.expect.split(",")) if arguments.expect else EXPECTED
    return structs.replace(found, expected=expected)


def _configure_repeats(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that play the event more than once."""
    add = parser.add_argument
    add(
        "--compare",
        action="store_true",
        help="run the event again with the reference client",
    )
    add(
        "--find-limit",
        action="store_true",
        help="search the largest load that passes",
    )


def _configure_parts(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that run a long event in parts."""
    add = parser.add_argument
    add("--resume", type=Path, metavar="DIR", help="continue the stopped run of a report folder")


def complete(arguments: argparse.Namespace) -> None:
    """Set what the user left out: the shape, the length of the run and the rate of its clock.

    Raises:
        ValueError: two arguments contradict each other, or the run would be too short or too long.
    """
    if arguments.plan is not None and arguments.shape is not None:
        raise ValueError("--plan has its own day: leave --shape out")
    arguments.shape, arguments.users = arguments.shape or SHAPE, arguments.users or USERS
    arguments.scale = 1.0
    hours = HOURS if arguments.plan else shapes()[arguments.shape].hours
    if arguments.rate is None:
        arguments.duration, arguments.rate = arguments.duration or DURATION, 1.0
        return
    if arguments.duration is not None:
        raise ValueError("--rate sets the length of the run: leave --duration out")
    arguments.duration = hours * 3600 / arguments.rate
    if not SHORTEST <= arguments.duration <= LONGEST:
        raise ValueError(
            f"--rate {arguments.rate:g}: the {hours:g} hours of the event would take "
            f"{arguments.duration:g} s: expected 5 s to 100 h"
        )


def _configure_event(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that describe the event."""
    add = parser.add_argument
    add("--plan", metavar="FILE", help="your plan: the file of 'adsmock estimate'")
    add(
        "--shape",
        type=one_of("shape", shapes()),
        metavar="NAME",
        help=f"load over time: {', '.join(sorted(shapes()))}",
    )
    add(
        "--duration",
        type=seconds,
        metavar="TIME",
        help="length of the run, 5s to 100h (default: 60s)",
    )
    add(
        "--rate",
        type=rate,
        metavar="N",
        help="play N hours of the event in one hour",
    )
    add(
        "--users",
        type=up_to(MOST_USERS),
        metavar="N",
        help="users at the peak (default: 60)",
    )


def seconds(text: str) -> float:
    """Return the seconds of a duration such as ``90``, ``90s``, ``2m`` or ``PT2M``.

    Raises:
        ArgumentTypeError: it is not a duration, or too short or too long for a rehearsal.
    """
    try:
        value = float(text) if text.isdecimal() else durations.seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not SHORTEST <= value <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is out of range: expected 5s to 100h")
    return value


def changed(arguments: argparse.Namespace, defaults: argparse.Namespace) -> list[str]:
    """Return the options of the event that differ from their defaults."""
    own = {"resume", "stop_after"}
    return [
        "--" + name.replace("_", "-")
        for name, value in vars(defaults).items()
        if name not in own and getattr(arguments, name) != value
    ]


def rate(text: str) -> float:
    """Return how many hours of an event pass in one hour.

    Raises:
        ArgumentTypeError: it is not a number of at least 1.
    """
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1.0 <= value <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 1, such as 60")
    return value


def kinds(text: str) -> str:
    """Return kinds of work, separated by commas, without spaces.

    Raises:
        ArgumentTypeError: one of them is unknown.
    """
    named = [each.strip() for each in text.split(",")]
    for each in named:
        if each not in KINDS:
            raise argparse.ArgumentTypeError(f"unknown kind {each!r}: {did_you_mean(each, KINDS)}")
    return ",".join(named)


def up_to(most: int) -> Callable[[str], int]:
    """Return an argument type that takes an integer from 1 to ``most``."""

    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < 1:
            raise argparse.ArgumentTypeError(f"{text!r} is not an integer of at least 1")
        if int(text) > most:
            raise argparse.ArgumentTypeError(f"{text!r} is out of range: at most {most}")
        return int(text)

    return number


def port(text: str) -> int:
    """Return a port; 0 is any free one.

    Raises:
        ArgumentTypeError: it is not a port.
    """
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: expected 0 to {HIGHEST_PORT}")
    return int(text)


def address(text: str) -> tuple[str, int]:
    """Return host and port.

    Raises:
        ArgumentTypeError: it does not have the form HOST:PORT.
    """
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an address: expected HOST:PORT, such as 10.0.0.2:5557"
        )
    return host, int(port)
