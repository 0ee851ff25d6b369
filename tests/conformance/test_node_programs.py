"""Node programs with hard-coded hosts in a free run: the broken ones die by what they lose."""

import json
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from adsmock.harness.suite.case import load
from tests.conformance.examples import ADSMOCK

pytestmark = pytest.mark.one_python

PROGRAM = Path(__file__).parent / "programs" / "node" / "nightly.mjs"
WORK = "x.work"


@dataclass(frozen=True)
class Job:
    """One job of the program, the cases to play, and the checks that it fails."""

    cases: str
    fails: frozenset[str] = frozenset()


JOBS = {
    "budgets": Job("B01,E05,N08,P02"),
    "season": Job("E07,N03,N08"),
    "figures": Job("N04,R07,R11"),
    "half-report": Job("N04", frozenset({"N04.whole", WORK})),
    "failed-is-empty": Job("R11", frozenset({WORK})),
    "assumed-done": Job("R07", frozenset({"R07.fresh", WORK})),
    "unread-updates": Job("B01", frozenset({WORK})),
    "unread-bids": Job("B01", frozenset({WORK})),
    "any-status-is-done": Job("E05", frozenset({WORK})),
    "failed-page-is-the-last": Job("P05", frozenset({WORK})),
    "raised-again": Job("N08", frozenset({"N08.once", WORK})),
    "unawaited": Job("E05", frozenset({WORK})),
    "silent-regions": Job("E06", frozenset({WORK})),
}


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("node") is None, reason="NODE IS NOT INSTALLED")
@pytest.mark.parametrize("name", JOBS)
def test_program_gets_the_verdicts_of_its_defect(tmp_path, name):
    job = JOBS[name]
    command = shlex.join(["node", str(PROGRAM), name])
    words = ("--free", command, "--through-proxy", "--cases", job.cases)
    done = subprocess.run(
        [*ADSMOCK, "conform", *words, "--report-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )
    run = json.loads((tmp_path / "run.json").read_text("utf-8"))
    checks = [check for case in run["cases"] for check in case["checks"]]

    assert {one["id"] for one in checks if one["status"] == "FAIL"} == job.fails, done.stdout
    assert done.returncode == (1 if job.fails else 0), done.stdout


def test_every_job_of_the_program_has_its_verdicts():
    text = PROGRAM.read_text("utf-8")
    named = {line.split("'")[1] for line in text.splitlines() if line.startswith("  '")}
    cases = {case for job in JOBS.values() for case in job.cases.split(",")}

    assert named == JOBS.keys()
    assert cases <= load().keys()
