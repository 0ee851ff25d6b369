"""Argument types that several commands share."""

from __future__ import annotations

import math
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from adsmock.contracts.suggest import did_you_mean

SEEDS = 1 << 63


def add_declaration(parser: ArgumentParser) -> None:
    """Add the options for the files that describe an integration."""
    parser.add_argument(
        "--manifest", type=Path, metavar="FILE", help="what the program does (TOML, JSON, YAML)"
    )
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="known failures, each with a reason"
    )


def add_history(add: Callable[..., Any]) -> None:
    """Add the option for earlier runs to a parser's ``add_argument``."""
    add(
        "--history",
        type=Path,
        metavar="DIR",
        help="folder with earlier report folders: the report shows what changed, and since when",
    )


def one_of(kind: str, names: Iterable[str]) -> Callable[[str], str]:
    """Return an argument type that takes one of ``names`` and suggests the nearest one.

    argparse's ``choices`` lists every name and suggests none.
    """
    known = frozenset(names)

    def check(text: str) -> str:
        if text not in known:
            raise ArgumentTypeError(f"unknown {kind} {text!r}: {did_you_mean(text, known)}")
        return text

    return check


def seed(text: str) -> int:
    """Return a seed: an integer of 64 bits.

    Raises:
        ArgumentTypeError: it is something else.
    """
    try:
        number = int(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not an integer") from None
    if not -SEEDS <= number < SEEDS:
        raise ArgumentTypeError(f"{text} does not fit into 64 bits")
    return number


def count(text: str) -> int:
    """Return an integer of at least 0.

    Raises:
        ArgumentTypeError: it is something else.
    """
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not an integer of at least 0")
    return int(text)


def amount(text: str) -> float:
    """Return a finite number of at least 0.

    Raises:
        ArgumentTypeError: it is something else.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ArgumentTypeError(f"{text!r} is not a number of at least 0")
    return number
