"""A program at its own work, told nothing but base URLs and credentials."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = Path(__file__).parents[1] / "examples" / "python"
ADSMOCK = [
    sys.executable,
    "-c",
    "import sys; from adsmock.cli.main import main; sys.exit(main())",
]

GIVES_UP = """
import os, requests
keys = {"grant_type": "refresh_token", "client_id": os.environ["CLIENT_ID"],
        "client_secret": os.environ["CLIENT_SECRET"], "refresh_token": os.environ["REFRESH_TOKEN"]}
token = requests.post(os.environ["LWA_NA"] + "/auth/o2/token", data=keys).json()["access_token"]
media = "application/vnd.spCampaign.v3+json"
headers = {"Authorization": "Bearer " + token, "Content-Type": media, "Accept": media,
           "Amazon-Advertising-API-ClientId": os.environ["CLIENT_ID"],
           "Amazon-Advertising-API-Scope": os.environ["PROFILE_ID"]}
for _ in range(3):
    requests.post(os.environ["ADS_NA"] + "/sp/campaigns/list", json={}, headers=headers)
"""


def conform(tmp_path, control, *words):
    done = subprocess.run(
        [*ADSMOCK, "conform", *words, "--server", control, "--report-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    run = json.loads((tmp_path / "run.json").read_text("utf-8"))
    return done, {one["id"]: one["status"] for case in run["cases"] for one in case["checks"]}


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_nightly_job_passes_what_its_work_can_show(control, tmp_path):
    job = shlex.join([sys.executable, str(PYTHON / "nightly.py")])
    done, found = conform(tmp_path, control, "--free", job, "--cases", "A01,A03,B01,G01,P01,V03")

    assert done.returncode == 0, done.stdout + done.stderr
    assert found.pop("B01.paced") == "N/A"
    assert found == dict.fromkeys(
        [
            "A01.headers",
            "A03.refresh",
            "B01.only-failed",
            "B01.resubmits",
            "G01.region",
            "G01.resumes",
            "P01.pages",
            "V03.named",
        ],
        "PASS",
    )


def test_job_that_dies_of_a_dead_token_fails_and_leaves_the_rest_unproven(control, tmp_path):
    program = tmp_path / "job.py"
    program.write_text(GIVES_UP)
    job = shlex.join([sys.executable, str(program)])
    done, found = conform(tmp_path, control, "--free", job, "--cases", "A03,B01")

    assert done.returncode == 1, done.stdout + done.stderr
    assert found == {
        "A03.refresh": "FAIL",
        "B01.only-failed": "UNPROVEN",
        "B01.paced": "N/A",
        "B01.resubmits": "UNPROVEN",
    }


def test_program_that_never_calls_is_incomplete(control, tmp_path):
    done, found = conform(tmp_path, control, "--free", "true", "--cases", "A01,T01,E02")

    assert done.returncode == 3
    assert found.pop("E02.once") == "N/A"  # nobody asks for a call that is refused for good
    assert found == dict.fromkeys(["A01.headers", "T01.early", "T01.resumes"], "UNPROVEN")


def test_cases_that_need_their_own_work_alone_are_nothing_to_select(control, tmp_path):
    done, found = conform(tmp_path, control, "--free", "true", "--cases", "E02,X01")

    assert done.returncode == 5
    assert set(found.values()) == {"N/A"}
    assert "N/A: needs the tasks of its case, which a free run does not send" in done.stdout
    assert "E02, X01" in done.stdout


def test_program_with_amazon_s_hosts_written_into_it_is_led_here(control, tmp_path):
    job = shlex.join([sys.executable, str(PYTHON.parent / "unmodified" / "sync.py")])
    done, found = conform(
        tmp_path, control, "--free", job, "--through-proxy", "--cases", "A01,S03,A03"
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert found == {"A01.headers": "PASS", "S03.hidden": "PASS", "A03.refresh": "FAIL"}
