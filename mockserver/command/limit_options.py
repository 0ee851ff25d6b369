"""The options of ``serve`` that set limits: one for each member of ``Limits``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from adsmock.cli.options import more_options
from adsmock.mockserver.core.limits import Limits

_URL_BYTES = 65_535
"""The longest URL that the parser can measure."""


@dataclass(frozen=True, slots=True)
class _Option:
    """One option. ``unit`` is BYTES, N or SECONDS; only seconds may be below 1."""

    name: str
    member: str
    unit: str
    summary: str
    maximum: int | None = None

    @property
    def read(self) -> Callable[[str], Any]:
        """The function that reads a value."""
        if self.unit == "SECONDS":
            return _seconds
        return lambda text: _number(text, self.unit, self.maximum)


OPTIONS = (
    _Option("--max-url", "url_bytes", "BYTES", "longest URL; longer ones get 414", _URL_BYTES),
    _Option("--max-header-bytes", "header_bytes", "BYTES", "size of all headers; more get 431"),
    _Option("--max-headers", "headers", "N", "number of headers; more get 431"),
    _Option("--max-body", "body_bytes", "BYTES", "size of a request body; larger ones get 413"),
    _Option("--drain-bytes", "drain_bytes", "BYTES", "bytes of a refused body that are read"),
    _Option("--drain-seconds", "drain_seconds", "SECONDS", "time for which a refused body is read"),
    _Option("--max-json-depth", "json_depth", "N", "levels of lists and objects in a JSON body"),
    _Option("--max-json-values", "json_values", "N", "commas and opening brackets in a JSON body"),
    _Option("--max-items", "batch_items", "N", "items or ids of a batch; more get 413"),
    _Option(
        "--max-control-body", "control_body_bytes", "BYTES", "size of a control request's body"
    ),
    _Option(
        "--max-control-json-values",
        "control_json_values",
        "N",
        "commas and opening brackets in a control request's body",
    ),
    _Option(
        "--head-seconds",
        "head_seconds",
        "SECONDS",
        "time for the headers of a request",
    ),
    _Option("--body-seconds", "body_seconds", "SECONDS", "time for the body, then 408"),
    _Option(
        "--send-seconds", "send_seconds", "SECONDS", "time that a client may leave a reply unread"
    ),
    _Option("--idle-seconds", "idle_seconds", "SECONDS", "time that a connection may be idle"),
    _Option("--stop-seconds", "stop_seconds", "SECONDS", "time that a stop leaves to open calls"),
    _Option("--max-connections", "connections", "N", "open connections; further ones get 503"),
    _Option(
        "--max-buffered",
        "buffered_bytes",
        "BYTES",
        "size of all unfinished bodies together; further ones get 503",
    ),
    _Option("--max-sandboxes", "sandboxes", "N", "number of sandboxes; further ones get 503"),
)

MEMBERS = frozenset(option.member for option in OPTIONS)
"""The names of all limits."""


def add_limit_options(parser: argparse.ArgumentParser) -> None:
    """Add an option for every limit, with its default; only ``--help-all`` shows them."""
    more, defaults = more_options(parser), Limits()
    for option in OPTIONS:
        more(
            option.name,
            dest=option.member,
            type=option.read,
            default=getattr(defaults, option.member),
            metavar=option.unit,
            help=f"{option.summary} (%(default)s)",
        )


def limits_of(arguments: argparse.Namespace) -> Limits:
    """Return the limits that the options set."""
    return Limits(**{option.member: getattr(arguments, option.member) for option in OPTIONS})


def read_size(text: str) -> int:
    """Return a size in bytes that a user wrote.

    Raises:
        ArgumentTypeError: it is none.
    """
    return _number(text, "BYTES", None)


def _number(text: str, unit: str, maximum: int | None) -> int:
    value = int(text) if text.isascii() and text.isdecimal() else 0
    if value < 1 or (maximum is not None and value > maximum):
        what = "a size: use a number of bytes" if unit == "BYTES" else "a limit: use a number"
        bounds = "at least 1" if maximum is None else f"1 to {maximum}"
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}, {bounds}")
    return value


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a time: use seconds above 0")
    return value
