"""adsmock watch: write alert rules and a dashboard for call volume."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from adsmock.harness.command.failure import guarded
from adsmock.harness.volume.monitoring import FILES, FOLDER

SUMMARY = "Write Prometheus alerts and a Grafana dashboard."
WORKFLOW = "plan"

EXAMPLES = """\
adsmock watch --out monitoring                     write alerts.yml and board.json
adsmock watch                                      print the paths of the included files
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the files to this folder")


def run(arguments: argparse.Namespace) -> int:
    """Write the files or print their paths; return 0."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    folder = FOLDER
    if arguments.out:
        folder = arguments.out
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            (folder / name).write_text((FOLDER / name).read_text("utf-8"), "utf-8")
    for name in FILES:
        sys.stdout.write(f"{folder / name}\n")
    return 0
