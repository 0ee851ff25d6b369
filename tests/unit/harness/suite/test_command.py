"""Any program as the client: its environment, its end, its children, its secrets."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from adsmock.cli import child_environment
from adsmock.harness.suite.case import load
from adsmock.harness.suite.case_setup import CaseSetup
from adsmock.harness.suite.drivers import CommandDriver
from adsmock.harness.suite.drivers.command import environment
from adsmock.harness.suite.drivers.network_guard import network_guard
from tests.unit.harness.suite.journal_rows import PROFILES

PYTHON = sys.executable
SECRET = "a-secret-that-must-not-be-shown"


@pytest.fixture
def stage():
    task = {
        "case": "A01",
        "seed": 7,
        "tasks": [{"verb": "list_profiles", "args": {}}],
        "regions": {
            name: {"ads": f"http://127.0.0.1/{name}", "lwa": f"http://127.0.0.1/lwa-{name}"}
            for name in ("NA", "EU", "FE")
        },
        "profiles": [*PROFILES, {"profileId": "12", "region": "NA", "countryCode": "CA"}],
        "credentials": {"clientId": "c", "clientSecret": SECRET, "refreshToken": SECRET + "2"},
    }
    return CaseSetup(load()["A01"], "box", "real", 0.0, task, PROFILES, {})


def play(stage, script: str, timeout: float = 300):
    command = f"{PYTHON} -c '{script}'"
    return CommandDriver(command, timeout, "http://127.0.0.1:1").play(stage, None)


class Seen:
    """A control plane whose journal fills by a look at a report each time it is read.

    It does so from the moment on at which the client has left its mark.
    """

    def __init__(self, mark):
        self.rows, self.mark = [], mark

    def journal(self, _sandbox):
        if self.mark.exists():
            self.rows.append({"seq": len(self.rows) + 1, "operation": "reporting.get"})
        return self.rows, 0


LIVES = """
import os, pathlib, sys, time
note = pathlib.Path(os.environ["ADSMOCK_STATE"]) / "lives"
lives = int(note.read_text()) + 1 if note.exists() else 1
note.write_text(str(lives))
print("life", lives, flush=True)
pathlib.Path(sys.argv[1]).touch()
time.sleep(600 if lives == 1 else 0)
"""


def test_client_that_is_to_be_restarted_is_killed_and_finds_what_it_kept(stage, tmp_path):
    program = tmp_path / "lives.py"
    program.write_text(LIVES)
    case = load()["R08"]
    case = structs.replace(case, restart=structs.replace(case.restart, count=3))
    mark = tmp_path / "mark"
    driver = CommandDriver(f"{PYTHON} {program} {mark}", 300, "http://127.0.0.1:1")

    ending = driver.play(replace(stage, case=case), Seen(mark))

    assert (ending.exit_code, ending.timed_out) == (0, False)
    assert ending.restarts == (4,)
    assert ending.output.split() == ["life", "1", "life", "2"]


def test_environment_names_every_region_and_the_first_profile_of_each(stage):
    given = environment(stage, Path("/t.json"), "http://control")

    guarded = child_environment.guarded(network_guard().url, os.environ)
    assert given == guarded | {
        "ADSMOCK_TASK": "/t.json",
        "ADSMOCK_CASE": "A01",
        "ADSMOCK_STATE": "/",
        "ADSMOCK_CONTROL": "http://control",
        "ADSMOCK_SANDBOX": "box",
        "CLIENT_ID": "c",
        "CLIENT_SECRET": SECRET,
        "REFRESH_TOKEN": SECRET + "2",
        "PROFILE_ID": "11",
        "PROFILE_ID_NA": "11",
        "PROFILE_ID_EU": "22",
        "PROFILE_ID_FE": "33",
        "ADS_NA": "http://127.0.0.1/NA",
        "ADS_EU": "http://127.0.0.1/EU",
        "ADS_FE": "http://127.0.0.1/FE",
        "LWA_NA": "http://127.0.0.1/lwa-NA",
        "LWA_EU": "http://127.0.0.1/lwa-EU",
        "LWA_FE": "http://127.0.0.1/lwa-FE",
    }


def test_pass_without_tasks_has_no_task_file(stage):
    """A program that works with and without tasks takes an empty file for its work."""
    given = environment(
        replace(stage, task=stage.task | {"tasks": []}), Path("/t.json"), "http://c"
    )

    assert not {"ADSMOCK_TASK", "ADSMOCK_STATE"} & given.keys()


def test_program_finds_its_task_in_a_file(stage):
    ending = play(stage, 'import os; print(open(os.environ["ADSMOCK_TASK"]).read())')

    shown = json.loads(ending.output.replace("<clientSecret>", "x").replace("<refreshToken>", "y"))
    assert shown["tasks"] == stage.task["tasks"]


def test_exit_code_and_the_end_of_the_output_are_kept(stage):
    ending = play(stage, 'import sys; print("x" * 9000 + "the end"); sys.exit(9)')

    assert (ending.exit_code, ending.timed_out) == (9, False)
    assert ending.output.endswith("the end\n")
    assert len(ending.output) <= 4000


def test_secrets_are_taken_out_of_the_output(stage):
    ending = play(stage, 'import os; print(os.environ["CLIENT_SECRET"])')

    assert ending.output == "<clientSecret>\n"


def is_gone(pid):
    try:
        return "Z" in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_program_that_does_not_end_is_ended_with_its_children(stage, tmp_path):
    note = tmp_path / "child"
    child = f"sleep 600 & echo $! > {note}; wait"
    for seconds in (0.5, 4, 32, 256):  # what a slow machine needs to start a shell
        ending = CommandDriver(child, seconds, "http://127.0.0.1:1").play(stage, None)
        assert ending.timed_out
        if note.exists() and note.read_text():
            break

    pid = int(note.read_text())
    # A killed process is listed for the moment that the kernel needs to take it down.
    assert any(is_gone(pid) for _look in range(1_000_000))


def test_unknown_program_ends_with_the_shell_s_code(stage):
    ending = CommandDriver("no-such-program-here", 300, "http://127.0.0.1:1").play(stage, None)

    assert ending.exit_code == 127


def test_environment_of_the_user_is_kept(stage, monkeypatch):
    monkeypatch.setitem(os.environ, "MY_OWN", "kept")

    assert play(stage, 'import os; print(os.environ["MY_OWN"])').output == "kept\n"


def test_shortest_redaction_leaves_other_text_alone(stage):
    ending = play(replace(stage), 'print("plain")')

    assert ending.output == "plain\n"


AWS = {
    "sqs": "http://127.0.0.1/_aws",
    "sns": "http://127.0.0.1/_aws",
    "region": "us-east-1",
    "accessKeyId": "c",
    "secretAccessKey": "any",
}


def with_queue(stage):
    args = {"queueUrl": "http://q", "seconds": 1, "datasets": ["sp-traffic"], "metrics": ["clicks"]}
    tasks = [*stage.task["tasks"], {"verb": "consume_stream", "args": args}]
    return replace(stage, task=stage.task | {"tasks": tasks, "aws": AWS})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            '{"sp-traffic": {"clicks": 3}}',
            {"status": "done", "sums": {"sp-traffic": {"clicks": 3}}},
        ),
        ('{"sp-traffic": 3}', "expected {"),
        ('{"sp-traffic": {"clicks": "3"}}', "expected {"),
        ("[]", "expected {"),
        ("{", "stream-sums.json: "),
    ],
)
def test_sums_that_a_program_writes_to_its_file_are_its_report(stage, tmp_path, text, wanted):
    source = tmp_path / "sums"
    source.write_text(text)
    driver = CommandDriver(f'cp {source} "$ADSMOCK_STATE/stream-sums.json"', 20, "http://c")

    (claim,) = driver.play(with_queue(stage), None).claims

    assert (claim["task"], claim["verb"]) == (1, "consume_stream")
    if isinstance(wanted, str):
        assert claim["status"] == "failed"
        assert wanted in claim["error"]
    else:
        assert wanted.items() <= claim.items()


def test_a_program_without_sums_reports_nothing(stage):
    assert play(with_queue(stage), "pass").claims == ()


def test_environment_of_a_case_with_a_queue_has_what_aws_sdks_read(stage):
    given = environment(with_queue(stage), Path("/t.json"), "http://control")

    assert given["AWS_ENDPOINT_URL_SQS"] == given["AWS_ENDPOINT_URL_SNS"] == AWS["sqs"]
    assert (given["AWS_ACCESS_KEY_ID"], given["AWS_REGION"]) == ("c", "us-east-1")


def test_time_limit_of_the_user_stops_a_slow_case(stage):
    slow = replace(stage, case=structs.replace(stage.case, timeout=600))
    command = f"{PYTHON} -c 'import time; time.sleep(600)'"
    driver = CommandDriver(command, 0.5, "http://127.0.0.1:1", is_strict=True)
    ending = driver.play(slow, None)

    assert ending.timed_out
    assert ending.stopped_after == 0.5
