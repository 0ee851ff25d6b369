"""``adsmock selftest``: what is chosen, the exit codes, and what an interrupt leaves behind."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import jsonschema_rs
import pytest

from adsmock.cli.main import main
from adsmock.harness.command import selftest
from adsmock.harness.proof import MatrixRow
from adsmock.harness.proof.matrix_row import EXACT
from adsmock.harness.suite.drivers.command import signal_group

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "contracts/meta/selftest.schema.json").read_text("utf-8"))
ADSMOCK = [
    sys.executable,
    "-c",
    "import sys; from adsmock.cli.main import main; sys.exit(main())",
]


def call(monkeypatch, *words):
    """Return the exit code of the command in this process."""
    monkeypatch.setattr(sys, "argv", ["adsmock", "selftest", *words])
    return main()


def offspring(pid):
    """Return the processes that a process started, and those that they did."""
    own = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        children = [int(word) for word in own.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [one for child in children for one in (child, *offspring(child))]


def wait_until(holds):
    """Return whether something came to hold within two minutes."""
    waited = threading.Event()
    return any(holds() or waited.wait(0.1) for _ in range(1200))


def test_one_client_in_two_cases_exits_0_and_leaves_its_record(monkeypatch, tmp_path, capsys):
    chosen = ("--clients", "no-retry-after", "--cases", "T01, A03", "--jobs", "1")

    code = call(monkeypatch, *chosen, "--report-dir", str(tmp_path))

    shown, record = capsys.readouterr(), json.loads((tmp_path / "selftest.json").read_text())
    jsonschema_rs.validate(SCHEMA, record)
    assert (code, record["exact"], record["cases"]) == (0, True, ["T01", "A03"])
    (row,) = record["clients"]
    assert (row["client"], row["killed"]) == ("mutant:no-retry-after", ["T01.early"])
    assert row["statuses"] == {"T01": "FAIL", "A03": "PASS"}
    assert "1 of 1 rows are exact; 1 kill seen." in shown.out
    assert "1/1 · done · mutant:no-retry-after seed 7" in shown.err
    assert "no-retry-after" in (tmp_path / "matrix.html").read_text("utf-8")


@pytest.mark.parametrize(
    "change",
    [
        {"format": "adsmock.run/1"},
        {"suite": "1.0"},
        {"clients": []},
        {"more": 1},
    ],
    ids=str,
)
def test_record_of_another_format_does_not_fit_the_schema(monkeypatch, tmp_path, change):
    def played(players, names, seeds, jobs, report):
        return [MatrixRow(one, 7, dict.fromkeys(names, "PASS"), (), EXACT, 0.1) for one in players]

    monkeypatch.setattr(selftest, "play_all", played)
    call(monkeypatch, "--clients", "benign:*", "--cases", "T01", "--report-dir", str(tmp_path))
    record = json.loads((tmp_path / "selftest.json").read_text())

    jsonschema_rs.validate(SCHEMA, record)
    assert not jsonschema_rs.is_valid(SCHEMA, record | change)


def test_row_that_is_not_exact_exits_1(monkeypatch, capsys):
    def played(players, names, seeds, jobs, report):
        rows = [
            MatrixRow(player, seeds[0], dict.fromkeys(names, "PASS"), (), word, 0.1)
            for player, word in zip(players, (EXACT, "not caught by T01.early"), strict=True)
        ]
        assert jobs == 2, "as asked"
        report(rows[1])
        return rows

    monkeypatch.setattr(selftest, "play_all", played)

    code = call(
        monkeypatch,
        *("--clients", "reference", "--clients", "no-retry-after", "--cases", "T01", "--jobs", "2"),
    )

    shown = capsys.readouterr()
    assert code == 1
    assert "1 of 2 rows are exact; 0 kills seen." in shown.out
    assert "not caught by T01.early" in shown.err


@pytest.mark.parametrize(
    "words", [("--clients", "nobody"), ("--jobs", "0"), ("--cases", "Z99"), ("--runs", "0")]
)
def test_choice_that_cannot_be_met_exits_2_in_one_line(monkeypatch, capsys, words):
    assert call(monkeypatch, *words) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_interrupt_exits_130_and_leaves_no_process():
    run = subprocess.Popen(
        [*ADSMOCK, "selftest", "--clients", "reference", "--runs", "2", "--jobs", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    started = []
    try:
        # Two mocks and two workers, besides what the interpreter starts for itself.
        assert wait_until(lambda: len(offspring(run.pid)) >= 4)
        started = offspring(run.pid)
        signal_group(run, signal.SIGINT)
        _, said = run.communicate(timeout=300)
    finally:
        signal_group(run, signal.SIGKILL)

    assert (run.returncode, said.splitlines()[-1:]) == (130, ["adsmock: interrupted"])
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))
