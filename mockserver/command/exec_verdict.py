"""The verdicts after ``exec --judge``, by the command ``judge`` where it is installed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import orjson

from adsmock.cli.main import main
from adsmock.mockserver.control.serializers import entry_row

if TYPE_CHECKING:
    from adsmock.mockserver.app import Mock
    from adsmock.mockserver.core.sandbox import Sandbox

INCOMPLETE = 3
"""``judge`` ended without a verdict: something is undecided, or there was nothing to judge."""


def judge(mock: Mock, program: str, reports: str) -> int:
    """Print the verdicts of all invariants on the calls of a mock, and write the reports.

    Args:
        mock: it has ended.
        program: the first word of the command; the verdicts show its name.
        reports: the folder to write into.

    Returns:
        The exit code of ``judge``; 0 where calls came but no rule applies to them.
    """
    with TemporaryDirectory(prefix="adsmock-") as folder:
        path = Path(folder) / f"calls of {Path(program).name}"
        with path.open("wb") as file:
            for sandbox in mock.runtime.sandboxes.all():
                for entry in sandbox.journal.rows():
                    file.write(orjson.dumps(entry_row(entry)) + b"\n")
                file.write(orjson.dumps(_profiles(sandbox)) + b"\n")
        code = main(["judge", str(path), "--report-dir", reports])
    if code == INCOMPLETE and known_calls(mock) and _has_nothing_to_judge(Path(reports)):
        return 0
    return code


def known_calls(mock: Mock) -> int:
    """Return the number of calls that belong to a client of the mock."""
    metrics = mock.runtime.metrics
    return sum(metrics.calls.values()) - metrics.orphans


def _has_nothing_to_judge(reports: Path) -> bool:
    """Say whether the calls gave no invariant an opportunity, which is no fault of the command."""
    run: dict[str, Any] = orjson.loads((reports / "run.json").read_bytes())
    return bool(run["verdict"] == "nothing")


def _profiles(sandbox: Sandbox) -> dict[str, Any]:
    """Return the line with the profiles of a sandbox, which the calls may not show."""
    rows = [
        {"profileId": one.id, "region": one.region, "countryCode": one.country}
        for one in sandbox.profiles.values()
    ]
    return {"sandbox": sandbox.id, "profiles": rows}


def combined(program: int, verdict: int) -> int:
    """Return the exit code of both: the program's own, unless it is 0."""
    return program or verdict


def own_failure(program: int) -> str | None:
    """Return why the exit code is not that of the verdicts, None for a program that succeeded."""
    if not program:
        return None
    return (
        f"the command ended with exit code {program}, which is the exit code of this run; "
        "the verdicts are about its calls only"
    )
