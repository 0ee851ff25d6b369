"""Integrations in three languages get the verdicts that are written beside them."""

import json
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
ADSMOCK = [sys.executable, "-c", "import sys; from contracts.command import main; sys.exit(main())"]
NEEDS = {"python": (), "node": ("node",), "shell": ("sh", "curl", "python3")}


def expectation(name):
    return tomllib.loads((EXAMPLES / name / "expected.toml").read_text("utf-8"))


def command_of(name, words):
    program = sys.executable if words[0] == "python" else words[0]
    return shlex.join([program, *(str(EXAMPLES / name / word) for word in words[1:])])


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize("name", NEEDS)
def test_example_gets_exactly_the_expected_verdicts(control, tmp_path, name):
    missing = [program for program in NEEDS[name] if shutil.which(program) is None]
    if missing:
        pytest.skip(f"THE {name} EXAMPLE IS NOT TESTED: {', '.join(missing)} is not installed")
    wanted = expectation(name)
    line = command_of(name, wanted["command"])
    words = [f"--{wanted['level']}", line, "--cases", ",".join(wanted["cases"])]
    done = subprocess.run(
        [*ADSMOCK, "conform", *words, "--server", control, "--report-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert done.returncode == wanted["exit"], done.stdout + done.stderr
    run = json.loads((tmp_path / "run.json").read_text("utf-8"))
    found = {
        case["id"]: {check["id"]: check["status"] for check in case["checks"]}
        for case in run["cases"]
    }
    assert found == wanted["cases"]


def test_every_example_states_what_it_gets():
    stated = {path.parent.name for path in EXAMPLES.glob("*/expected.toml")}

    assert stated >= set(NEEDS)
    assert all(expectation(name)["cases"] for name in NEEDS)
