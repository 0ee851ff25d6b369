"""The options ``--state``, ``--invent``, ``--scenario``, ``--over``: the start state of a mock.

Each is one call to the control plane, so that a running mock can be given the same.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from adsmock.contracts.iso8601 import parse_duration
from adsmock.contracts.suggest import did_you_mean
from adsmock.mockserver.control.client import Control, ControlError

MOST_CAMPAIGNS = 1000
"""Limit of the operation ``state.invent``."""

_SHORT = re.compile(r"(\d+)([smh])", re.ASCII)

ControlCall = tuple[str, dict[str, Any]]
"""Operation and body."""


def add_state_flags(add: Callable[..., Any]) -> None:
    """Add the options with the function that adds one."""
    add("--state", type=_document, metavar="FILE", help="entities, as 'ctl state.get' prints them")
    add("--invent", type=_campaigns, metavar="N", help="generate N campaigns for each profile")
    add("--scenario", type=_scenario, metavar="NAME", help="a scenario, such as prime-day")
    add("--over", type=_over, metavar="TIME", help="scale the scenario to this length, such as 2m")


def control_calls(arguments: argparse.Namespace) -> list[ControlCall]:
    """Return the calls that the options stand for, in the order in which they work together.

    Raises:
        ControlError: ``--over`` has no scenario to scale.
    """
    calls: list[ControlCall] = []
    over = {} if arguments.over is None else {"over": arguments.over}
    if over and arguments.scenario is None:
        raise ControlError("--over scales a scenario: name one with --scenario, such as prime-day")
    if arguments.state is not None:
        calls.append(("state.put", arguments.state))
    if arguments.invent is not None:
        calls.append(("state.invent", {"campaigns": arguments.invent}))
    if arguments.scenario is not None:
        calls.append(("scenarios.apply", {"name": arguments.scenario} | over))
    return calls


def apply(calls: Iterable[ControlCall], control: Control) -> None:
    """Make the calls, in order.

    Raises:
        ControlError: the mock refuses one.
    """
    for operation, body in calls:
        control.call(operation, body)


def _scenario(text: str) -> str:
    from adsmock.mockserver.services.sandboxes.scenario import scenarios  # noqa: PLC0415 -- an option

    if text not in scenarios():
        advice = did_you_mean(text, scenarios())
        raise argparse.ArgumentTypeError(f"unknown scenario {text!r}: {advice}")
    return text


def _over(text: str) -> str:
    """Return a duration such as ``2m``, ``90s`` or ``PT2M`` as ISO 8601."""
    short = _SHORT.fullmatch(text)
    duration = f"PT{short[1]}{short[2].upper()}" if short else text
    try:
        is_long = parse_duration(duration) > 0
    except ValueError:
        is_long = False
    if not is_long:
        raise argparse.ArgumentTypeError(f"{text!r} is not a duration: use 90s, 2m, 1h or PT2M")
    return duration


def _campaigns(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_CAMPAIGNS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of campaigns: use 1 to {MOST_CAMPAIGNS}"
        )
    return int(text)


def _document(name: str) -> dict[str, Any]:
    try:
        value = json.loads(Path(name).read_text("utf-8"))
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{name}: {error.strerror}") from None
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{name} is not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(
            f"{name} is not a JSON object: expected the output of 'adsmock ctl state.get'"
        )
    return value
