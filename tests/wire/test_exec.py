"""``adsmock exec``: the environment it gives, the exit code it passes, the signals it forwards."""

import signal
import subprocess
import sys

import pytest

EXEC = [sys.executable, "-m", "adsmock.mockserver", "exec"]

ASK = """
import os, urllib.request, urllib.parse
form = dict(grant_type="refresh_token", refresh_token=os.environ["REFRESH_TOKEN"],
            client_id=os.environ["CLIENT_ID"], client_secret=os.environ["CLIENT_SECRET"])
data = urllib.parse.urlencode(form).encode()
for region in ("NA", "EU", "FE"):
    url = os.environ[f"LWA_{region}"] + "/auth/o2/token"
    assert urllib.request.urlopen(url, data).status == 200
    assert os.environ[f"ADS_{region}"].startswith("http://127.0.0.1:")
    assert os.environ[f"PROFILE_ID_{region}"].isdigit()
health = os.environ["ADSMOCK_CONTROL"] + "/_mock/v1/health"
assert urllib.request.urlopen(health).status == 200
print(os.environ["ADSMOCK_SANDBOX"], os.environ["PROFILE_ID"])
"""


def execute(*words):
    return subprocess.run([*EXEC, *words], capture_output=True, text=True, timeout=300, check=False)


def test_exec_gives_the_command_all_it_needs_and_counts_its_calls():
    done = execute("--", sys.executable, "-c", ASK)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("default ")
    assert done.stderr == "adsmock: 3 calls (200: 3)\n"


@pytest.mark.parametrize("code", [0, 1, 3, 77])
def test_exec_passes_the_exit_code_through(code):
    done = execute("--seed", "5", "--", "sh", "-c", f"exit {code}")
    assert done.returncode == code
    assert done.stderr.startswith("adsmock: 0 calls\nadsmock exec: the program made no call")


def test_exec_says_that_a_program_did_not_trust_the_certificate():
    script = "import urllib.request; urllib.request.urlopen('https://api.amazon.com/')"
    done = execute("--", "env", "-u", "SSL_CERT_FILE", sys.executable, "-c", script)
    assert done.returncode == 1
    assert (
        "It did not trust the mock's certificate: give it the file in SSL_CERT_FILE" in done.stderr
    )


def test_exec_passes_flags_after_the_command_to_it():
    done = execute("--", sys.executable, "-c", "import sys; print(sys.argv[1:])", "--port", "1")
    assert done.stdout == "['--port', '1']\n"


@pytest.mark.parametrize("words", [(), ("--",), ("--seed", "1", "--")])
def test_exec_without_a_command_is_one_line_and_exit_2(words):
    done = execute(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "usage" in done.stderr


def test_exec_of_an_unknown_command_is_one_line_and_exit_127():
    done = execute("--", "no-such-command-anywhere")
    assert (done.returncode, done.stdout) == (127, "")
    assert len(done.stderr.splitlines()) == 1


def test_exec_of_what_cannot_be_run_is_one_line_and_exit_126(tmp_path):
    (tmp_path / "plain").write_text("text")
    done = execute("--", str(tmp_path / "plain"))
    assert done.returncode == 126
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_exec_forwards_signals(number):
    # Blocked, a signal waits for sigwait. One that comes just before signal.pause() is missed.
    trap = (
        "import signal, sys\n"
        f"signal.pthread_sigmask(signal.SIG_BLOCK, [{int(number)}])\n"
        f"print('ready', flush=True)\nsignal.sigwait([{int(number)}])\nsys.exit(9)\n"
    )
    words = [*EXEC, "--", sys.executable, "-c", trap]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        process.communicate(timeout=300)
    assert process.returncode == 9


def test_exec_tells_a_death_by_signal():
    done = execute("--", "sh", "-c", "kill -KILL $$")
    assert done.returncode == 128 + signal.SIGKILL


@pytest.mark.parametrize("command", [["serve"], ["exec", "--", "true"], ["fidelity"]])
def test_a_document_that_cannot_be_read_is_one_line_and_exit_2(tmp_path, command):
    file = tmp_path / "broken.json"
    file.write_text("{", "utf-8")
    words = [
        sys.executable,
        "-m",
        "adsmock.mockserver",
        command[0],
        "--openapi",
        str(file),
        *command[1:],
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "broken.json: is not valid JSON" in done.stderr


COUNT = """
import json, os, urllib.request
control = os.environ["ADSMOCK_CONTROL"] + "/_mock/v1/sandboxes/default/"
profiles = json.load(urllib.request.urlopen(control + "state"))["profiles"].values()
print(sorted({len(profile["sp.campaigns"]) for profile in profiles}))
print([row["id"] for row in json.load(urllib.request.urlopen(control + "faults"))["faults"]])
"""


def test_exec_starts_with_demo_data_and_a_scenario_and_prints_a_summary():
    words = ("--invent", "3", "--scenario", "region-dark", "--summary", "--")
    done = execute(*words, sys.executable, "-c", COUNT)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[3]\n['region-dark.eu']\n"
    assert done.stderr.startswith("adsmock: 0 calls of 0 operations")
    assert "retries       0" in done.stderr


def test_exec_refuses_a_state_that_the_mock_refuses(tmp_path):
    path = tmp_path / "state.json"
    path.write_text('{"profiles": {"1": {}}}')
    done = execute("--state", str(path), "--", "true")
    assert (done.returncode, done.stdout) == (2, "")
    assert 'the start state was refused: 400 unknown profile "1"' in done.stderr
