"""The step of the GitHub Action that judges: its inputs, its outputs and its job summary.

It always exits with 0 if the suite ran, so that the reports are uploaded; a later step passes the
exit code on.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from adsmock.harness.integrations.job_summary import summary

_PREFIX = "ADSMOCK_ACTION_"
_OPTIONS = {
    "FREE": "--free",
    "COMMAND": "--cmd",
    "PROFILE": "--profile",
    "MANIFEST": "--manifest",
    "BASELINE": "--baseline",
}
_PROGRAMS = ("FREE", "COMMAND", "MANIFEST")
_NO_PROGRAM = "adsmock: no program to judge: set one of the inputs free, command and manifest"


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Run the suite, write outputs and summary, and return 0."""
    inputs = {
        name.removeprefix(_PREFIX): text
        for name, text in environment.items()
        if name.startswith(_PREFIX) and text
    }
    folder = Path(inputs.get("REPORT_DIR", "adsmock-report"))
    record = folder / "run.json"
    record.unlink(missing_ok=True)  # of an earlier run
    code = _run(inputs, folder)
    run = json.loads(record.read_text("utf-8")) if record.is_file() else None
    sarif = folder / "results.sarif"
    _append(
        environment.get("GITHUB_OUTPUT"),
        f"exit-code={code}\nverdict={run['verdict'] if run else 'none'}\n"
        f"sarif={sarif if sarif.is_file() else ''}\n",
    )
    _append(environment.get("GITHUB_STEP_SUMMARY"), summary(run, code))
    return 0


def _run(inputs: Mapping[str, str], folder: Path) -> int:
    """Return the exit code of the suite; 2 for inputs that name no program.

    Without a program the suite would judge its own client.
    """
    if not any(name in inputs for name in _PROGRAMS):
        sys.stderr.write(f"{_NO_PROGRAM}\n")
        return 2
    return subprocess.run(words_of(inputs, folder), check=False).returncode  # noqa: S603 -- the inputs of the action


def words_of(inputs: Mapping[str, str], folder: Path) -> list[str]:
    """Return the command of the suite for the inputs of the action."""
    program = Path(sys.executable).with_name("adsmock")
    words = [str(program), "conform"]
    for name, option in _OPTIONS.items():
        if name in inputs:
            words += [option, inputs[name]]
    if inputs.get("THROUGH_PROXY") == "true":
        words.append("--through-proxy")
    return [*words, "--report-dir", str(folder), *shlex.split(inputs.get("ARGUMENTS", ""))]


def _append(path: str | None, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main())
