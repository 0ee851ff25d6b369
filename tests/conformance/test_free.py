"""A program at its own work: two passes without faults, then rounds with faults."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
ADSMOCK = [
    sys.executable,
    "-c",
    "import sys; from adsmock.cli.main import main; sys.exit(main())",
]

PROGRAM = """
import os, sys, requests
form = {{"grant_type": "refresh_token", "client_id": os.environ["CLIENT_ID"],
         "client_secret": os.environ["CLIENT_SECRET"],
         "refresh_token": os.environ["REFRESH_TOKEN"]}}
token = requests.post(os.environ["LWA_NA"] + "/auth/o2/token", data=form).json()["access_token"]
media = "application/vnd.spCampaign.v3+json"
headers = {{"Authorization": "Bearer " + token, "Content-Type": media, "Accept": media,
            "Amazon-Advertising-API-ClientId": os.environ["CLIENT_ID"],
            "Amazon-Advertising-API-Scope": os.environ["PROFILE_ID"]}}
reply = requests.post(os.environ["ADS_NA"] + "/sp/campaigns/list", json={{}}, headers=headers)
sys.exit({exit_code})
"""


def conform(tmp_path, control, *words, timeout=180):
    done = subprocess.run(
        [*ADSMOCK, "conform", *words, "--server", control, "--report-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    run = json.loads((tmp_path / "run.json").read_text("utf-8"))
    return done, {one["id"]: one for case in run["cases"] for one in case["checks"]}


def statuses(found):
    return {name: one["status"] for name, one in found.items()}


def program(tmp_path, exit_code):
    path = tmp_path / "job.py"
    path.write_text(PROGRAM.format(exit_code=exit_code))
    return shlex.join([sys.executable, str(path)])


def example(*parts):
    return shlex.join([sys.executable, str(EXAMPLES.joinpath(*parts))])


CASES = "A01,A03,B01,C02,E02,P01,S03,T01,V03"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_careful_program_with_hard_coded_hosts_is_conformant(control, tmp_path):
    job = example("unmodified", "nightly.py")
    done, found = conform(
        tmp_path, control, "--free", job, "--through-proxy", "--cases", CASES, timeout=380
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert set(statuses(found).values()) <= {"PASS", "N/A"}
    assert statuses(found)["B01.only-failed"] == "PASS"
    assert statuses(found)["x.work"] == "PASS"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_program_with_hard_coded_hosts_that_loses_items_is_not(control, tmp_path):
    job = example("unmodified", "lossy.py")
    done, found = conform(
        tmp_path, control, "--free", job, "--through-proxy", "--cases", "B01", timeout=380
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert found["x.work"]["status"] == "FAIL"
    assert "intended entities created with sp." in found["x.work"]["sentence"]


def test_job_that_ends_with_0_after_a_dead_token_loses_work(control, tmp_path):
    job = program(tmp_path, 0)
    done, found = conform(tmp_path, control, "--free", job, "--cases", "A03,B01")

    assert done.returncode == 1, done.stdout + done.stderr
    assert statuses(found) == {
        "A03.refresh": "FAIL",
        "B01.only-failed": "N/A",
        "B01.paced": "N/A",
        "B01.resubmits": "N/A",
        "x.work": "FAIL",
    }
    assert "would have to create entities" in found["B01.paced"]["sentence"]


def test_job_that_reports_its_failure_loses_nothing_silently(control, tmp_path):
    job = program(tmp_path, "0 if reply.ok else 1")
    _, found = conform(tmp_path, control, "--free", job, "--cases", "A03")

    assert statuses(found) == {"A03.refresh": "FAIL", "x.work": "PASS"}


def test_job_that_fails_without_faults_is_incomplete(control, tmp_path):
    job = program(tmp_path, 7)
    done, _ = conform(tmp_path, control, "--free", job, "--cases", "A01,S03")

    assert done.returncode == 3
    assert "ended with exit code 7 without any fault" in done.stdout


def test_program_that_never_calls_is_incomplete(control, tmp_path):
    done, found = conform(tmp_path, control, "--free", "true", "--cases", "A01,T01,E02")

    assert done.returncode == 3
    assert set(statuses(found).values()) == {"UNPROVEN"}


def test_rounds_bound_the_run(control, tmp_path):
    job = program(tmp_path, 0)
    done, found = conform(tmp_path, control, "--free", job, "--cases", "A01,T01", "--rounds", "0")

    assert "2 passes without faults" in done.stderr
    assert "0 rounds with faults" in done.stderr
    assert statuses(found)["T01.early"] == "N/A"


def test_cases_that_no_free_run_can_judge_are_nothing_to_select(control, tmp_path):
    job = program(tmp_path, 0)
    done, found = conform(tmp_path, control, "--free", job, "--cases", "D03,X07")

    assert done.returncode == 5
    assert set(statuses(found).values()) == {"N/A"}
    assert "does not know which values your program intends" in done.stdout
