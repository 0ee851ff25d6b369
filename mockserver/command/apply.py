"""``adsmock apply``: make a running mock fit a configuration file."""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adsmock.mockserver.control.configuration.step import Step

SUMMARY = "Make a running mock fit a configuration file."
WORKFLOW = "run"
EXAMPLES = """examples:
  adsmock apply adsmock.toml --dry-run   print what would change
  adsmock apply adsmock.toml             change it; a second run changes nothing
  adsmock apply adsmock.toml --recreate  also delete and create sandboxes that cannot be changed

adsmock.toml:
  [sandboxes.staging]
  seed = 7
  state = "state.json"
  scenario = { name = "region-dark" }

exit codes: 0 success, 1 refused, unreachable or a conflict, 2 usage error or invalid file"""

_USAGE = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``apply``."""
    from adsmock.mockserver.control.client import DEFAULT_URL  # noqa: PLC0415 -- help is read from the source

    parser.add_argument("file", type=Path, metavar="FILE", help="configuration, as adsmock.toml")
    parser.add_argument("--dry-run", action="store_true", help="print the plan and change nothing")
    parser.add_argument(
        "--recreate",
        action="store_true",
        help="replace a sandbox if a fixed setting differs, such as its seed",
    )
    parser.add_argument(
        "--control",
        metavar="URL",
        help=f"URL of the control plane (ADSMOCK_CONTROL, else {DEFAULT_URL})",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the plan, carry it out and return the exit code."""
    from adsmock.mockserver.control.client import Control, ControlError  # noqa: PLC0415 -- help needs none
    from adsmock.mockserver.control.configuration.file import ConfigurationError, read  # noqa: PLC0415 -- as above
    from adsmock.mockserver.control.configuration.plan import plan  # noqa: PLC0415 -- as above
    from adsmock.mockserver.control.configuration.step import Conflict  # noqa: PLC0415 -- as above

    control = Control(arguments.control)
    try:
        steps = plan(read(arguments.file), control, recreate=arguments.recreate)
        sys.stdout.write(shown(steps))
        if not arguments.dry_run:
            for step in steps:
                step.apply(control)
    except ConfigurationError as error:
        return _complain(str(error), _USAGE)
    except (Conflict, ControlError) as error:
        return _complain(str(error), 1)
    except ValueError as error:
        return _complain(str(error), _USAGE)
    sys.stdout.write(summary(len(steps), is_dry=arguments.dry_run) + "\n")
    return 0


def shown(steps: Sequence[Step]) -> str:
    """Return a plan for people: the changes by sandbox."""
    lines = []
    for sandbox, group in groupby(steps, key=lambda step: step.sandbox):
        lines.append(f"sandbox {sandbox}")
        lines += [f"  {step.text}" for step in group]
    return "".join(f"{line}\n" for line in lines)


def summary(count: int, *, is_dry: bool) -> str:
    """Return the last line: how much changed."""
    if not count:
        return "No changes: the mock fits the file."
    changes = "1 change" if count == 1 else f"{count} changes"
    return f"{changes} planned, nothing was changed." if is_dry else f"{changes} made."


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"adsmock apply: {text}\n")
    return code
