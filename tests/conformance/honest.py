"""Each compliant habit in a program of its own: through each driver it must reach exit 0.

``python -m tests.conformance.honest [HABIT ...]`` is what ``make habits`` runs. It runs the
cases of the profile ``quick`` in real time, a few habits at a time, and prints each result.
"""

import json
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS

PROGRAM = Path(__file__).parent / "honest_program.py"

DRIVERS = {"--cmd": (), "--adapter": ("--adapter",), "--free": ("--free",)}
"""The drivers, each with the arguments that the program needs for it."""

HABITS = tuple(COMPLIANT_VARIANTS)

AT_A_TIME = 2
"""Programs mostly wait, but each run has several processes."""

TIMEOUT = 1800
"""Seconds for one case: a program that polls every five minutes needs many of them."""


def conform(driver: str, habit: str, folder: Path, *words: str) -> tuple[int, list[str]]:
    """Return the exit code of a run, and what kept it from exit code 0."""
    program = shlex.join([sys.executable, str(PROGRAM), *DRIVERS[driver], habit])
    command = [
        sys.executable,
        "-c",
        "import sys; from adsmock.cli.start import main; sys.exit(main())",
        "conform",
    ]
    options = ["--timeout", str(TIMEOUT), "--report-dir", str(folder / "report")]
    done = subprocess.run(
        [*command, driver, program, *options, *words], capture_output=True, text=True, check=False
    )
    try:
        run = json.loads((folder / "report" / "run.json").read_text("utf-8"))
    except FileNotFoundError:
        return done.returncode, [done.stderr]
    checks = [check for case in run["cases"] for check in case["checks"]]
    open_ones = {"FAIL", "ERROR", "UNPROVEN", "INCONCLUSIVE"}
    return done.returncode, [
        f"{one['id']} {one['status']}: {one['sentence']}"
        for one in checks
        if one["status"] in open_ones and one["severity"] == "MUST"
    ]


def report(turn: tuple[str, str]) -> bool:
    """Run a habit through a driver, print the result, and return whether it is exit code 0."""
    driver, habit = turn
    with tempfile.TemporaryDirectory() as folder:
        code, found = conform(driver, habit, Path(folder), "--profile", "quick")
    sys.stdout.write("".join(f"{line}\n" for line in (f"{driver} {habit}: exit {code}", *found)))
    sys.stdout.flush()
    return code == 0


def main(words: list[str]) -> int:
    """Return 0 when every habit reaches exit code 0 through every driver."""
    turns = [(driver, habit) for habit in words or HABITS for driver in DRIVERS]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        passed = sum(pool.map(report, turns))
    sys.stdout.write(f"{passed} of {len(turns)} runs reached exit 0\n")
    return 0 if passed == len(turns) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
