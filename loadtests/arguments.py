"""The arguments of ``adsmock load``."""

from __future__ import annotations

import argparse
from pathlib import Path

from adsmock.harness import durations
from adsmock.harness.command.arguments import one_of, seed
from adsmock.loadtests.behavior import behaviors
from adsmock.loadtests.shape import shapes
from adsmock.loadtests.threshold import FILE

SHORTEST, LONGEST = 5.0, 360_000.0

MOST_WORKERS = 64
MOST_USERS = 100_000
"""More than 64 processes can simulate: one simulates some hundred users at most."""

HIGHEST_PORT = 65_535


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command to its parser."""
    _configure_event(parser)
    add = parser.add_argument
    add(
        "--report-dir",
        type=Path,
        default=Path("adsmock-load"),
        metavar="DIR",
        help="folder of the results (default: adsmock-load)",
    )
    add("--server", metavar="URL", help="control plane of a running mock (default: start one)")
    add("--workers", type=workers, default=1, metavar="N", help="generator processes (default: 1)")
    add("--listen", type=address, metavar="HOST:PORT", help="wait for workers of other machines")
    add("--join", type=address, metavar="HOST:PORT", help="only work for the master at HOST:PORT")
    add(
        "--thresholds",
        type=Path,
        default=FILE,
        metavar="FILE",
        help="your thresholds (default: loadtests/thresholds.toml)",
    )


def _configure_event(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that describe the event."""
    add = parser.add_argument
    add(
        "--behavior",
        type=one_of("behavior", behaviors()),
        default="well-behaved",
        metavar="NAME",
        help=f"how users behave: {', '.join(sorted(behaviors()))} (default: well-behaved)",
    )
    add(
        "--shape",
        type=one_of("shape", shapes()),
        default="prime-day",
        metavar="NAME",
        help=f"load over time: {', '.join(sorted(shapes()))} (default: prime-day)",
    )
    add(
        "--duration",
        type=seconds,
        default=60.0,
        metavar="TIME",
        help="length of the run, 5s to 100h (default: 60s)",
    )
    add("--users", type=users, default=60, metavar="N", help="users at the peak (default: 60)")
    add("--seed", type=seed, default=1, help="seed of the sandbox and of all jitter (default: 1)")


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


def positive(text: str) -> int:
    """Return an integer of at least 1.

    Raises:
        ArgumentTypeError: it is something else.
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not an integer of at least 1")
    return int(text)


def workers(text: str) -> int:
    """Return a number of processes.

    Raises:
        ArgumentTypeError: it is not a number, or above the limit.
    """
    if positive(text) > MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is out of range: at most {MOST_WORKERS}")
    return int(text)


def users(text: str) -> int:
    """Return a number of users.

    Raises:
        ArgumentTypeError: it is not a number, or above the limit.
    """
    if positive(text) > MOST_USERS:
        raise argparse.ArgumentTypeError(f"{text!r} is out of range: at most {MOST_USERS}")
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
