"""Arguments that several commands take, and what is lawful for each.

Knows texts and their meaning. Must not know what a command does with them.
"""

from __future__ import annotations

import math
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

SEEDS = 1 << 63


def add_declaration(parser: ArgumentParser) -> None:
    """Add the arguments that name what a partner hands to a run."""
    parser.add_argument(
        "--manifest", type=Path, metavar="FILE", help="what the integration does and lacks (TOML)"
    )
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="checks that are known to fail, with reasons"
    )


def seed(text: str) -> int:
    """Return a seed: a whole number of 64 bits, which is what a sandbox takes.

    Raises:
        ArgumentTypeError: it is something else.
    """
    try:
        number = int(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no whole number") from None
    if not -SEEDS <= number < SEEDS:
        raise ArgumentTypeError(f"{text} does not fit into 64 bits")
    return number


def amount(text: str) -> float:
    """Return a number of at least 0.

    Raises:
        ArgumentTypeError: it is something else, or no end of it.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ArgumentTypeError(f"{text!r} is no number of at least 0")
    return number
