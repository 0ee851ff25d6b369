"""The action's step: options from inputs, outputs and summary for the job."""

import json
import sys

import pytest

from adsmock.harness.integrations import github_action
from adsmock.harness.integrations.job_summary import summary

RUN = {
    "verdict": "non-conformant",
    "profile": "quick",
    "seed": 7,
    "hint": None,
    "counts": {"PASS": 1, "FAIL": 1, "WARN": 0},
    "cases": [
        {
            "id": "T01",
            "title": "A | B",
            "checks": [
                {"id": "T01.a", "status": "PASS", "sentence": "fine"},
                {"id": "T01.b", "status": "FAIL", "sentence": "the program\nretried"},
            ],
        }
    ],
}


@pytest.fixture
def inputs(tmp_path):
    return {
        "ADSMOCK_ACTION_COMMAND": f"{sys.executable} -c pass",
        "ADSMOCK_ACTION_PROFILE": "quick",
        "ADSMOCK_ACTION_BASELINE": "",
        "ADSMOCK_ACTION_ARGUMENTS": "--cases A01 --timeout 20",
        "ADSMOCK_ACTION_REPORT_DIR": str(tmp_path / "report"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }


def test_inputs_become_options(tmp_path):
    given = {"COMMAND": "node sync.js", "MANIFEST": "ads-client.toml", "ARGUMENTS": "--cases 'A01'"}
    words = github_action.words_of(given, tmp_path)
    assert words[1:] == [
        *("conform", "--cmd", "node sync.js", "--manifest", "ads-client.toml"),
        *("--report-dir", str(tmp_path), "--cases", "A01"),
    ]


def test_free_run_through_the_proxy_becomes_options(tmp_path):
    given = {"FREE": "python nightly.py", "THROUGH_PROXY": "true", "PROFILE": "core"}
    words = github_action.words_of(given, tmp_path)

    assert words[1:5] == ["conform", "--free", "python nightly.py", "--profile"]
    assert "--through-proxy" in words
    assert "--through-proxy" not in github_action.words_of(
        {**given, "THROUGH_PROXY": "false"}, tmp_path
    )


def test_a_manifest_can_name_the_program(tmp_path):
    words = github_action.words_of({"MANIFEST": "ads-client.toml"}, tmp_path)

    assert words[1:4] == ["conform", "--manifest", "ads-client.toml"]


def test_no_program_is_refused_before_the_reference_client_passes(inputs, tmp_path, capsys):
    del inputs["ADSMOCK_ACTION_COMMAND"]

    assert github_action.main(inputs) == 0
    assert "exit-code=2\nverdict=none" in (tmp_path / "output").read_text()
    assert "no program to judge" in capsys.readouterr().err


def test_the_step_succeeds_and_passes_the_exit_code_on(inputs, tmp_path):
    assert github_action.main(inputs) == 0
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    assert outputs["exit-code"] != "0"  # a program that does nothing is never conformant
    assert outputs["verdict"] != "none"
    run = json.loads((tmp_path / "report" / "run.json").read_text())
    assert (tmp_path / "summary").read_text() == summary(run, int(outputs["exit-code"]))


def test_a_suite_that_did_not_run_says_so(inputs, tmp_path):
    inputs["ADSMOCK_ACTION_PROFILE"] = "none"
    assert github_action.main(inputs) == 0
    assert "exit-code=2\nverdict=none\nsarif=\n" in (tmp_path / "output").read_text()
    assert "did not run" in (tmp_path / "summary").read_text()


def test_the_summary_has_breaches_first_and_fits_a_table():
    text = summary(RUN, 1)
    assert text.startswith("## adsmock: non-conformant\n")
    assert "1 cases of the profile `quick`, seed 7: 1 PASS, 1 FAIL." in text
    assert "| ❌ FAIL | T01: A \\| B | `T01.b` | the program retried |" in text
    assert "T01.a" not in text
