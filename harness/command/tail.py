"""adsmock tail: show the calls of a running mock as they come, and what they break."""

from __future__ import annotations

import argparse

from adsmock.harness.command.failure import guarded
from adsmock.harness.durations import seconds

SUMMARY = "Show calls and broken invariants of a mock, live."
WORKFLOW = "inspect"

EXAMPLES = """\
adsmock tail                            the default sandbox of the mock on port 9090
adsmock tail --sandbox t01              another sandbox
adsmock tail --once                     what is recorded so far
adsmock tail --for 10s                  ten seconds, for a script

Ctrl+C ends it with a summary. exit codes: 0 nothing broken, 1 a MUST broken, 2 usage error,
3 nothing to judge"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "--control",
        metavar="URL",
        help="URL of the control plane (ADSMOCK_CONTROL, else http://127.0.0.1:9090)",
    )
    parser.add_argument(
        "--sandbox", metavar="ID", help="id of the sandbox (ADSMOCK_SANDBOX, else default)"
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--once", action="store_true", help="show what is recorded and stop")
    length.add_argument(
        "--for",
        dest="length",
        type=_duration,
        metavar="DURATION",
        help="stop after a time such as 10s or 5m",
    )


def run(arguments: argparse.Namespace) -> int:
    """Show the calls until the end; return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from adsmock.harness.command.live_view import show  # noqa: PLC0415 -- help needs none of it

    return show(arguments.control, arguments.sandbox, once=arguments.once, length=arguments.length)


def _duration(text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
