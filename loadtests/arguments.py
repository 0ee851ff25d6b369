"""The arguments of ``adsmock load``, and what is lawful for each.

Knows texts and their meaning. Must not know what a rehearsal does with them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from adsmock.harness.command.arguments import seed
from adsmock.loadtests.behavior import behaviors
from adsmock.loadtests.shape import shapes
from adsmock.loadtests.threshold import FILE

SHORTEST, LONGEST = 5.0, 360_000.0
UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}

MOST_WORKERS = 64
MOST_USERS = 100_000
"""More than 64 processes can play: one plays some hundred users at its best."""

HIGHEST_PORT = 65_535


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command to its parser."""
    add = parser.add_argument
    add(
        "--behavior",
        choices=sorted(behaviors()),
        default="well-behaved",
        help="how users behave (well-behaved)",
    )
    add(
        "--shape",
        choices=sorted(shapes()),
        default="prime-day",
        help="how the event goes (prime-day)",
    )
    add("--duration", type=seconds, default=60.0, help="how long it takes, 5s to 100h (60s)")
    add("--users", type=users, default=60, help="how large the load is at its height (60)")
    add("--seed", type=seed, default=1, help="seed of the sandbox and of all jitter (1)")
    add(
        "--report-dir",
        type=Path,
        default=Path("adsmock-load"),
        help="where results go (adsmock-load)",
    )
    add("--server", help="control plane of a running mock; without it one is started")
    add("--workers", type=workers, default=1, help="generator processes, 1 to 64 (1)")
    add("--listen", type=address, help="wait here for workers of other machines: HOST:PORT")
    add("--join", type=address, help="be a worker of the master at HOST:PORT, nothing else")
    add("--thresholds", type=Path, default=FILE, help="a file of bounds instead of our own")


def seconds(text: str) -> float:
    """Return a duration such as ``90``, ``90s`` or ``2m`` in seconds.

    Raises:
        ArgumentTypeError: it is no duration, or too short or too long for a rehearsal.
    """
    unit = UNITS.get(text[-1:], 0.0)
    try:
        value = float(text[:-1]) * unit if unit else float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration; write 90s or 2m") from None
    if not SHORTEST <= value <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r}: a rehearsal takes 5s to 100h")
    return value


def positive(text: str) -> int:
    """Return a whole number of at least one.

    Raises:
        ArgumentTypeError: it is something else.
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)


def workers(text: str) -> int:
    """Return a number of processes.

    Raises:
        ArgumentTypeError: it is none, or more than a rehearsal may start.
    """
    if positive(text) > MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r}: at most {MOST_WORKERS} processes")
    return int(text)


def users(text: str) -> int:
    """Return a number of users.

    Raises:
        ArgumentTypeError: it is none, or more than any number of workers can play.
    """
    if positive(text) > MOST_USERS:
        raise argparse.ArgumentTypeError(f"{text!r}: at most {MOST_USERS} users")
    return int(text)


def address(text: str) -> tuple[str, int]:
    """Return host and port.

    Raises:
        ArgumentTypeError: it is not written HOST:PORT.
    """
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no address; write 10.0.0.2:5557")
    return host, int(port)
