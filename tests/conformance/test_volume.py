"""Estimate, rehearsal and audit from the command line, with a real mock where one is needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adsmock.charts.assets import script

pytestmark = pytest.mark.one_python

PLANS = ("agency", "platform", "seller-tool")
CLOSE = 0.1
"""How far the reference client's calls may lie from the estimate."""


def adsmock(*words, cwd):
    return subprocess.run(
        [str(Path(sys.executable).with_name("adsmock")), *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("plan", PLANS)
def test_the_included_plans_are_estimated(plan, tmp_path):
    ended = adsmock("estimate", plan, "--json", "plan.json", "--html", "plan.html", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert found["format"] == "adsmock.estimate/1"
    page = (tmp_path / "plan.html").read_text("utf-8")
    assert found["plan"] in page
    own = page.replace(script(), "")  # the library's comment names its home
    assert "http://" not in own
    assert "https://" not in own


def test_a_plan_that_takes_too_much_fails_the_gate(tmp_path):
    assert adsmock("estimate", "seller-tool", "--max-share", "0.8", cwd=tmp_path).returncode == 1
    assert adsmock("estimate", "agency", "--max-share", "0.8", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("plan", ["agency", "seller-tool"])
def test_the_reference_client_calls_as_estimated(plan, tmp_path):
    ended = adsmock("estimate", plan, "--rehearse", "--json", "plan.json", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    rehearsal = json.loads((tmp_path / "plan.json").read_text("utf-8"))["rehearsal"]
    assert abs(rehearsal["ratio"] - 1) <= CLOSE
    # Before the event and after it the same work needs the same calls.
    estimated = sum(row["estimated"] for row in rehearsal["rows"])
    assert rehearsal["optimum"] == pytest.approx(estimated, rel=CLOSE)
    for row in rehearsal["rows"]:
        if row["operation"] != "lwa.token":  # which region issues a token is chance
            assert row["observed"] == pytest.approx(row["estimated"], rel=CLOSE)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["estimate", "nowhere.toml"], "No such file"),
        (["estimate", "platform", "--rehearse"], "at most 20000 entities"),
        (["audit", "nowhere.ndjson"], "No such file"),
    ],
)
def test_a_wrong_request_ends_with_one_line(words, says, tmp_path):
    ended = adsmock(*words, cwd=tmp_path)
    assert ended.returncode == 2
    assert says in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_rules_and_board_are_written_out(tmp_path):
    ended = adsmock("watch", "--out", "monitoring", cwd=tmp_path)
    assert ended.returncode == 0
    assert {path.name for path in (tmp_path / "monitoring").iterdir()} == {
        "alerts.yml",
        "board.json",
    }
