"""adsmock twin: send a fixed plan to the service and to a mock, and compare the answers."""

from __future__ import annotations

import argparse
from pathlib import Path

from adsmock.cli.options import more_options
from adsmock.harness.command.arguments import seed
from adsmock.harness.command.failure import guarded

SUMMARY = "Compare the service with the mock, call by call."
WORKFLOW = "inspect"

EXAMPLES = """\
adsmock twin --allow-upstream --profile 1234567890     compare Amazon's service with the mock
adsmock twin --allow-upstream --region EU --profile 1234567890 --calls 90
adsmock exec --invent 20 -- adsmock twin --allow-upstream   try it: the "service" is a second mock

CLIENT_ID, CLIENT_SECRET and REFRESH_TOKEN are read from the environment, and PROFILE_ID where
--profile is not given. The plan only reads, and provokes harmless errors.

exit codes: 0 no drift, 1 drift, 2 usage, 3 nothing could be compared"""

REPORTS = Path("adsmock-drift")
REGIONS = ("NA", "EU", "FE")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    add = parser.add_argument
    add(
        "--allow-upstream",
        action="store_true",
        help="allow calls to Amazon's hosts; without it nothing is sent",
    )
    add("--region", choices=REGIONS, default="NA", help="the service's region (%(default)s)")
    add("--profile", metavar="ID", help="the profile of the calls (default: PROFILE_ID)")
    add("--report-dir", type=Path, default=REPORTS, metavar="DIR", help=f"default: {REPORTS}")
    more = more_options(parser)
    more("--calls", type=int, default=150, metavar="N", help="most calls to the service (150)")
    more("--per-minute", type=int, default=60, metavar="N", help="most calls a minute (60)")
    more("--seed", type=seed, default=7, help="seed of the mock (7)")
    more(
        "--sandbox",
        type=Path,
        metavar="FILE",
        help="members of sandboxes.create for the mock, in JSON: choices, retryAfter",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the plan, write the reports, print the result; return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from adsmock.harness.command.twin_run import twin  # noqa: PLC0415 -- help needs none of it

    return twin(arguments)
