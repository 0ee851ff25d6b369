"""The group of options that a command shows with ``--help-all`` only."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

MORE = "more options"
"""Title of the argument group that ``--help`` leaves out and ``--help-all`` shows."""


def more_options(parser: argparse.ArgumentParser) -> Callable[..., Any]:
    """Return the function that adds an option which only ``--help-all`` shows."""
    groups = parser._action_groups  # noqa: SLF001 -- argparse offers no other way
    found = [group for group in groups if group.title == MORE]
    return (found[0] if found else parser.add_argument_group(MORE)).add_argument
