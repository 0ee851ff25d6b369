"""adsmock replay: replay a recording of the service on a mock, and compare the answers."""

from __future__ import annotations

import argparse
from pathlib import Path

from adsmock.harness.command.failure import guarded

SUMMARY = "Replay a recording on a mock and compare the replies."
WORKFLOW = "inspect"

EXAMPLES = """\
adsmock replay capture.har                      a HAR file: adsmock record, a browser, mitmproxy
adsmock replay test/vcr_cassettes/*/*.yml       VCR cassettes, one after the other
adsmock replay Amazon_Ads_API.postman_collection.json --report-dir drift

The mock is built from the recorded reads, with a clock that is frozen at the recorded times.
Nothing is sent to the service.

exit codes: 0 no drift, 1 drift, 2 usage, 3 nothing could be compared"""

REPORTS = Path("adsmock-drift")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="recordings")
    parser.add_argument(
        "--report-dir", type=Path, default=REPORTS, metavar="DIR", help=f"default: {REPORTS}"
    )


def run(arguments: argparse.Namespace) -> int:
    """Replay the files, write the reports, print the result; return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from adsmock.harness.command.replay_run import replay_files  # noqa: PLC0415 -- help needs none of it

    return replay_files(arguments.files, arguments.report_dir)
