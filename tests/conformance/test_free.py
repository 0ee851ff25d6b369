"""A program at its own work: two passes without faults, then rounds with faults."""

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.free_run.data import sample

pytestmark = pytest.mark.one_python

EXAMPLES = Path(__file__).parents[1] / "examples"
PROGRAMS = Path(__file__).parent / "programs"
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
    """Return the command of a program of the examples; words after its file are arguments."""
    place = next(n for n, part in enumerate(parts, 1) if "." in str(part))
    path = EXAMPLES.joinpath(*parts[:place])
    run = "node" if path.suffix == ".mjs" else sys.executable
    return shlex.join([run, str(path), *parts[place:]])


CASES = "A01,A03,B01,B03,E02,I05,I12,N03,P01,S03,V03"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="NODE IS NOT INSTALLED")


@pytest.mark.slow
@pytest.mark.parametrize(
    "program", ["launch.py", pytest.param("launch.mjs", marks=needs_node)], ids=["python", "node"]
)
def test_clean_integration_with_hard_coded_hosts_is_conformant(control, tmp_path, program):
    job = example("unmodified", program)
    done, found = conform(
        tmp_path, control, "--free", job, "--through-proxy", "--cases", CASES, timeout=380
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert set(statuses(found).values()) <= {"PASS", "N/A"}
    assert statuses(found)["B01.only-failed"] == "PASS"
    assert statuses(found)["x.work"] == "PASS"


@pytest.mark.slow(30)
@pytest.mark.parametrize(
    "program",
    ["lossy.py", pytest.param("launch-lossy.mjs", marks=needs_node)],
    ids=["python", "node"],
)
def test_integration_with_hard_coded_hosts_that_loses_items_is_not(control, tmp_path, program):
    job = example("unmodified", program)
    done, found = conform(
        tmp_path, control, "--free", job, "--through-proxy", "--cases", "B01", timeout=380
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert found["x.work"]["status"] == "FAIL"
    assert "intended entities were never created with sp." in found["x.work"]["sentence"]


@pytest.mark.slow(90)
@pytest.mark.parametrize("name", ["files", "pool", "singles", "stamped"])
def test_honest_program_is_accused_of_nothing(control, tmp_path, name):
    cases = "A03,E02,I01,I03,I04,I05,I06,I07,I08,I09,I10,I12,I13,N03,R02,X03"
    job = example(PROGRAMS / f"{name}.py")
    done, found = conform(tmp_path, control, "--free", job, "--cases", cases, timeout=380)

    assert done.returncode == 0, done.stdout + done.stderr
    assert set(statuses(found).values()) <= {"PASS", "N/A"}


DEFECTS = {
    "storm": ("T06,I06", "I06.bounded", "was attempted 40 times"),
    "hot_poll": ("I09,R01", "I09.spaced", "the minimum is 1 s"),
    "repeats_create": ("N03", "x.work", '"Form 1 <digits>" exists 2 times'),
    "first_page": ("P01", "P01.pages", "stopped after 1 page"),
    "dead_token": ("A03", "A03.refresh", "the revoked token was sent again"),
    "hides_404": ("E02", "x.work", "with the fault E02:read-404 alone, "),
    "hides_region": ("G05", "x.work", "were never read with "),
    "hides_outage": ("G06", "G06.reported", "it takes EU for a region without profiles"),
    "forgets_updates": ("E10", "E10.settled", "neither written later nor reported as failed"),
    "strict_enum": ("V04", "V04.reads-on", "stopped after 1 page"),
    "impatient": ("T01,I05", "I05.early", "but Retry-After was"),
}
"""By program: the cases that find its defect soon, the check, and a part of its sentence."""


@pytest.mark.slow
@pytest.mark.parametrize("name", DEFECTS)
def test_program_with_one_defect_is_caught_by_name(control, tmp_path, name):
    cases, check, words = DEFECTS[name]
    job = example(PROGRAMS / "broken.py", name)
    done, found = conform(tmp_path, control, "--free", job, "--cases", cases, timeout=380)

    assert done.returncode == 1, done.stdout + done.stderr
    assert found[check]["status"] == "FAIL"
    assert words in found[check]["sentence"]


@pytest.mark.deep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "name", ["dashboard", "files", "jobs", "pool", "serial", "singles", "stamped"]
)
def test_honest_program_passes_all_cases(control, tmp_path, name):
    job = example(PROGRAMS / f"{name}.py")
    done, _ = conform(tmp_path, control, "--free", job, timeout=1700)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.deep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", DEFECTS)
def test_program_with_one_defect_is_caught_by_all_cases(control, tmp_path, name):
    job = example(PROGRAMS / "broken.py", name)
    done, found = conform(tmp_path, control, "--free", job, timeout=1700)

    assert done.returncode == 1, done.stdout + done.stderr
    assert found[DEFECTS[name][1]]["status"] == "FAIL"


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_most_cases_are_judged_for_a_program_that_does_everything(control, tmp_path):
    job = example("unmodified", "nightly.py")
    words = ("--free", job, "--through-proxy", "--profile", "full")
    done, _ = conform(tmp_path, control, *words, timeout=1700)
    run = json.loads((tmp_path / "run.json").read_text("utf-8"))
    judged = [one["id"] for one in run["cases"] if one["status"] not in {"N/A", "UNPROVEN"}]
    others = [one for one in run["cases"] if one["status"] == "N/A"]

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(judged) >= 60
    assert all(one["checks"][0]["sentence"] for one in others)


def test_sandboxes_have_enough_data_for_pages_and_batches(control):
    plane = Plane(control)
    try:
        sizes = {label: len(one["sp.campaigns"]) for label, one in sample(plane, 7).items()}
    finally:
        plane.close()

    assert sizes.pop("NA.US") > 1000
    assert min(sizes.values()) >= 10


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
    job = program(tmp_path, "(print('no budget file', file=sys.stderr), 7)[1]")
    done, found = conform(tmp_path, control, "--free", job, "--cases", "A01,S03,T01")

    assert done.returncode == 3
    assert "ended with exit code 7 without any fault" in done.stdout
    assert "Its last lines:\n  no budget file\n" in done.stdout
    assert found["T01.early"]["sentence"] == ("not judged: the program fails without faults, too")
    assert "rounds with faults" not in done.stderr


def test_program_that_never_calls_is_incomplete(control, tmp_path):
    done, found = conform(tmp_path, control, "--free", "true", "--cases", "A01,T01,E02")

    assert done.returncode == 3
    assert set(statuses(found).values()) == {"UNPROVEN"}


def test_rounds_bound_the_run(control, tmp_path):
    job = program(tmp_path, 0)
    done, found = conform(tmp_path, control, "--free", job, "--cases", "A01,T01", "--rounds", "0")

    assert "2 passes without faults" in done.stderr
    assert "0 rounds with faults; about 0 min, at most 0 min" in done.stderr
    assert found["T01.early"]["sentence"] == "not played: --rounds allows no more rounds"
    assert statuses(found)["T01.early"] == "N/A"


def test_cases_that_no_free_run_can_judge_are_nothing_to_select(control, tmp_path):
    job = program(tmp_path, 0)
    done, found = conform(tmp_path, control, "--free", job, "--cases", "D04,X07")

    assert done.returncode == 5
    assert set(statuses(found).values()) == {"N/A"}
    assert "does not know which values your program intends" in done.stdout
