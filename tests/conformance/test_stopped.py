"""A run that is interrupted, or whose mock crashes, leaves the verdicts of the cases that ended."""

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from adsmock.cli.main import main
from adsmock.mockserver.control.client import Control
from tests.conformance.test_exit import ADSMOCK, INTEGRATION, await_file, children_of
from tests.conformance.test_free import PROGRAM as FREE_PROGRAM

PROGRAM = """
import os, pathlib, runpy, signal, sys
if os.environ["ADSMOCK_CASE"] == "T01":
    pathlib.Path({note!r}).write_text(str(os.getpid()))
    signal.pause()
sys.argv = [{integration!r}]
runpy.run_path({integration!r}, run_name="__main__")
"""
"""It does the work of A01, and waits without end in T01."""


def command_of(program):
    return shlex.join([sys.executable, str(program)])


def started(tmp_path, *words):
    """Start a run that writes its report into a folder."""
    return subprocess.Popen(
        [*ADSMOCK, "conform", *words, "--report-dir", str(tmp_path / "report")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def begun(tmp_path, *words):
    """Start a run of two cases; return it and its program when the other case has ended."""
    note, program = tmp_path / "note", tmp_path / "program.py"
    program.write_text(PROGRAM.format(note=str(note), integration=INTEGRATION[1]))
    run = started(tmp_path, "--cases", "A01,T01,I02", "--cmd", command_of(program), *words)
    await_file(note)
    await_end_of("A01", next(url for line in run.stdout if (url := control_in(line))))
    return run, int(note.read_text())


def control_in(line):
    """Return the control plane that a run names in a line, empty when it names none."""
    return line.partition("watch the cases: ")[2].partition("/#")[0]


def await_end_of(case, control):
    """Return when a run has reported the end of a case to its mock."""
    waited = threading.Event()
    for _ in range(1200):
        rows = [row for run in Control(control).call("runs.list")["runs"] for row in run["cases"]]
        if (case, "ended") in {(row["case"], row["state"]) for row in rows}:
            return
        waited.wait(0.1)
    raise AssertionError(f"{case} never ended")


def statuses(tmp_path):
    run = json.loads((tmp_path / "report/run.json").read_text("utf-8"))
    return {one["id"]: one["status"] for one in run["cases"]}


def has_ended(pid):
    """Return whether a process is gone, or only waits for the system to collect it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state.rpartition(")")[2].split()[0] == "Z"


def test_an_interrupted_run_leaves_the_verdicts_so_far(tmp_path):
    listed = tmp_path / "baseline.toml"
    listed.write_text("expect = []\n")
    run, program = begun(tmp_path, "--baseline", str(listed), "--update-baseline")
    try:
        os.killpg(run.pid, signal.SIGINT)
        said, problem = run.communicate(timeout=300)
    finally:
        run.kill()

    assert run.returncode == 130, problem
    assert problem.splitlines()[-1] == "adsmock: interrupted"
    assert "This run was stopped (it was interrupted): 1 of 2 cases ended" in " ".join(said.split())
    assert "baseline.toml is unchanged: the run was stopped before its end" in said
    assert listed.read_text() == "expect = []\n"
    assert statuses(tmp_path) == dict.fromkeys(("I02", "I12", "T01"), "INCONCLUSIVE") | {
        "A01": "PASS"
    }
    badge = json.loads((tmp_path / "report/badge.json").read_text("utf-8"))
    assert badge["message"].startswith("stopped early")
    assert main(["judge", str(tmp_path / "report/journal.ndjson")]) == 3
    assert has_ended(program)


def test_a_crash_of_the_mock_leaves_the_verdicts_so_far(tmp_path):
    run, program = begun(tmp_path)
    try:
        mocks = [pid for pid in children_of(run.pid) if not _is_of(pid, program)]
        os.kill(mocks[0], signal.SIGKILL)
        os.kill(program, signal.SIGTERM)
        said, problem = run.communicate(timeout=300)
    finally:
        run.kill()

    assert run.returncode == 4, said + problem
    assert "This run was stopped (the mock failed" in " ".join(said.split())
    found = statuses(tmp_path)
    assert (found["A01"], found["T01"]) == ("PASS", "ERROR")


def _is_of(pid, program):
    """Return whether a process is the program, or the shell that started it."""
    return pid == program or program in children_of(pid)


@pytest.mark.slow
def test_an_interrupted_free_run_leaves_the_cases_of_its_passes_without_faults(tmp_path):
    note, program = tmp_path / "note", tmp_path / "program.py"
    waits = f"reply.status_code == 200 or (open({str(note)!r}, 'w').write('x'), signal.pause())\n"
    text = FREE_PROGRAM.format(exit_code=0).replace("import os", "import signal, os")
    program.write_text(text.replace("sys.exit(0)", waits))
    run = started(tmp_path, "--free", command_of(program), "--cases", "A01,T01")
    try:
        await_file(note)
        run.send_signal(signal.SIGINT)
        _, problem = run.communicate(timeout=300)
    finally:
        run.kill()

    assert run.returncode == 130, problem
    assert statuses(tmp_path) == {"A01": "PASS", "T01": "INCONCLUSIVE"}
