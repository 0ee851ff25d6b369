"""Check the locked dependencies for known vulnerabilities.

``python -m tests.package.audit`` needs an advisory service. Without one it says so in one line and
succeeds, because a build must not depend on the network.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from tests.architecture.repository import ROOT

COMMAND = (
    *(sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"),
    *("--require-hashes", "--disable-pip", "--requirement", "requirements.lock"),
)


def run() -> str:
    """Return what pip-audit reports in JSON; empty when it could not ask."""
    done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout


def vulnerabilities(dependencies: list[dict[str, Any]]) -> list[str]:
    """Return one line for each known vulnerability."""
    return [
        f"audit: {each['name']} {each['version']}: {found['id']}, fixed in "
        f"{', '.join(found['fix_versions']) or 'no version yet'}; "
        f"raise its lower bound in pyproject.toml and run 'make lock'"
        for each in dependencies
        for found in each.get("vulns", [])
    ]


def main(report: Callable[[], str] = run) -> int:
    """Print vulnerabilities, or what was not checked; return 1 for a vulnerability, else 0."""
    try:
        dependencies = json.loads(report())["dependencies"]
    except ValueError:
        sys.stderr.write("audit: NOT DONE: no advisory service could be reached\n")
        return 0
    skipped = sum("skip_reason" in each for each in dependencies)
    if skipped:
        total = len(dependencies)
        sys.stderr.write(
            f"audit: NOT DONE for {skipped} of {total} dependencies: "
            "the advisory service does not know them\n"
        )
    lines = vulnerabilities(dependencies)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    if not lines and not skipped:
        sys.stdout.write(f"audit: no known vulnerability in {len(dependencies)} dependencies\n")
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main())
