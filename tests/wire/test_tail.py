"""``adsmock tail`` and ``adsmock exec --judge`` against a running mock."""

import subprocess
import sys
from pathlib import Path

import pytest

ADSMOCK = [str(Path(sys.executable).with_name("adsmock"))]

CALL = """
import os, urllib.request, urllib.parse
form = dict(grant_type="refresh_token", refresh_token=os.environ["REFRESH_TOKEN"],
            client_id=os.environ["CLIENT_ID"], client_secret=os.environ["CLIENT_SECRET"])
data = urllib.parse.urlencode(form).encode()
urllib.request.urlopen(os.environ["LWA_NA"] + "/auth/o2/token", data)
"""


def run(*words, cwd):
    return subprocess.run(
        [*ADSMOCK, *words], capture_output=True, text=True, timeout=300, check=False, cwd=cwd
    )


@pytest.mark.parametrize("length", [["--once"], ["--for", "1s"]])
def test_tail_shows_a_line_per_call_and_a_summary(tmp_path, length):
    script = f"{CALL}\nimport subprocess\nsubprocess.run({[*ADSMOCK, 'tail', *length]!r})"
    done = run("exec", "--", sys.executable, "-c", script, cwd=tmp_path)

    first, *_, last = done.stdout.splitlines()
    assert first.split()[0] == "1"
    assert first.split()[2:] == ["NA", "lwa.token", "200"]
    assert last.startswith("1 call, 0 with a fault; broken: nothing")


def test_tail_of_an_unknown_sandbox_suggests_the_nearest(tmp_path):
    tail = [*ADSMOCK, "tail", "--sandbox", "defaul", "--once"]
    done = run("exec", "--", *tail, cwd=tmp_path)

    assert done.returncode == 2
    assert "unknown sandbox 'defaul': did you mean default?" in done.stderr


def test_tail_without_a_mock_is_one_line(tmp_path):
    done = run("tail", "--once", "--control", "http://127.0.0.1:9", cwd=tmp_path)

    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("code", [0, 7])
def test_exec_with_judge_writes_reports_and_keeps_the_exit_code(tmp_path, code):
    script = f"{CALL}\nraise SystemExit({code})"
    done = run("exec", "--judge", "--", sys.executable, "-c", script, cwd=tmp_path)

    assert done.returncode == code
    assert (tmp_path / "adsmock-report" / "run.json").exists()
    assert "report: adsmock-report/report.html" in done.stdout


def test_exec_with_judge_is_3_when_the_scenario_did_nothing(tmp_path):
    words = ("exec", "--scenario", "prime-day", "--judge", "--", sys.executable, "-c", CALL)
    done = run(*words, cwd=tmp_path)

    assert done.returncode == 3, done.stderr
    assert "the scenario prime-day did nothing while the program ran" in done.stderr


WITHOUT_TOKEN = """
import os, urllib.error, urllib.request
try:
    urllib.request.urlopen(os.environ["ADS_NA"] + "/v2/profiles")
except urllib.error.HTTPError:
    pass
"""


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("pass", "the program made no call to the mock"),
        (WITHOUT_TOKEN, "its only call names no client of the mock. It must read its credentials"),
    ],
)
def test_exec_with_judge_is_3_when_no_call_can_be_judged(tmp_path, script, said):
    done = run("exec", "--judge", "--", sys.executable, "-c", script, cwd=tmp_path)

    assert done.returncode == 3, done.stderr
    assert said in done.stderr


LOST = """
import json, os, urllib.error, urllib.request
token = json.load(urllib.request.urlopen(os.environ["LWA_NA"] + "/auth/o2/token", data))
headers = {"Authorization": "Bearer " + token["access_token"],
           "Amazon-Advertising-API-ClientId": os.environ["CLIENT_ID"]}
headers["Amazon-Advertising-API-Scope"] = os.environ["PROFILE_ID_NA"]
headers["Content-Type"] = headers["Accept"] = "application/vnd.spCampaign.v3+json"
lists = os.environ["ADS_EU"] + "/sp/campaigns/list"
try:
    urllib.request.urlopen(urllib.request.Request(lists, data=b"{}", headers=headers))
except urllib.error.HTTPError:
    pass
"""


def test_exec_with_judge_is_1_for_a_program_that_broke_a_must(tmp_path):
    done = run("exec", "--judge", "--", sys.executable, "-c", CALL + LOST, cwd=tmp_path)

    assert done.returncode == 1, done.stderr
    assert "I01.home" in done.stdout
