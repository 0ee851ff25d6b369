"""``adsmock apply``: its output, its exit codes, and ``serve --config``."""

import json
import subprocess
import sys

import pytest
import requests

from adsmock.mockserver.__main__ import main
from adsmock.mockserver.app import Mock

SERVE = [sys.executable, "-m", "adsmock.mockserver", "serve", "--port", "0", "--announce", "json"]
TEXT = """
[sandboxes.staging]
seed = 7
[[sandboxes.staging.faults]]
id = "storm"
effect = { kind = "http", status = 429 }
"""


@pytest.fixture
def mock():
    with Mock() as mock:
        yield mock


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "adsmock.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*words):
    try:
        return main(["apply", *map(str, words)])
    except SystemExit as leaving:
        return leaving.code


def test_a_dry_run_prints_the_plan_and_changes_nothing(mock, file, capsys):
    assert run(file, "--dry-run", "--control", mock.control_url) == 0
    assert capsys.readouterr().out == (
        "sandbox staging\n  + create\n  + fault storm\n2 changes planned, nothing was changed.\n"
    )
    assert mock.runtime.sandboxes.get("staging") is None


def test_a_second_run_changes_nothing(mock, file, capsys):
    assert run(file, "--control", mock.control_url) == 0
    assert capsys.readouterr().out.endswith("2 changes made.\n")
    assert run(file, "--control", mock.control_url) == 0
    assert capsys.readouterr().out == "No changes: the mock fits the file.\n"
    file.write_text(TEXT.replace("seed = 7", "seed = 8"), encoding="utf-8")
    assert run(file, "--control", mock.control_url) == 1
    assert "seed is 7, not 8" in capsys.readouterr().err


def test_a_file_that_is_invalid_is_one_line_and_exit_2(mock, tmp_path, capsys):
    assert run(tmp_path / "none.toml", "--control", mock.control_url) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_mock_that_does_not_answer_is_one_line_and_exit_1(file, capsys):
    assert run(file, "--control", "http://127.0.0.1:9") == 1
    shown = capsys.readouterr().err
    assert "start one with 'adsmock serve', or set ADSMOCK_CONTROL" in shown


def test_serve_starts_with_the_sandboxes_of_a_file(file):
    words = [*SERVE, "--config", str(file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        where = json.loads(process.stdout.readline())
        url = f"{where['control']}/_mock/v1/sandboxes/staging"
        found = requests.get(url, timeout=60).json()
        process.terminate()
    assert (found["seed"], found["faults"]) == (7, 1)


def test_serve_with_an_invalid_file_is_one_line_and_exit_2(tmp_path):
    words = [*SERVE, "--config", str(tmp_path / "none.toml")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
