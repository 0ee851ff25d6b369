"""Clients forked by one server: each begins afresh, a killed one notices nothing, none is left."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

import pytest

from adsmock.harness.client.encryption import KEY_VARIABLE, new_key
from adsmock.harness.suite.drivers import forked_client
from adsmock.harness.suite.drivers.forked_client import ForkedClient, ForkServer

NOTHING = {"case": "X", "seed": 1, "tasks": []}
WAITING = {"case": "X", "seed": 1, "tasks": [{"verb": "idle", "args": {"seconds": 60}}]}
START = "1790000000.0"
KEY = {KEY_VARIABLE: new_key()}


@pytest.fixture
def folder(tmp_path):
    """Yield a function that writes the task of a client and returns its arguments."""

    def write(task, kind="reference", name="reference"):
        whole = task | {
            "regions": {"NA": {"ads": "http://127.0.0.1:9", "lwa": "http://127.0.0.1:9"}},
            "profiles": [{"profileId": "1", "region": "NA", "countryCode": "US"}],
            "credentials": {"clientId": "c", "clientSecret": "s", "refreshToken": "r"},
        }
        (tmp_path / "task.json").write_text(json.dumps(whole), "utf-8")
        return [kind, name, str(tmp_path), START]

    return write


def test_client_sleeps_over_the_socket_and_says_its_results(folder):
    with ForkedClient(folder(WAITING), KEY) as client:
        assert json.loads(client.lines.readline()) == {"sleep": 60}
        client.write(json.dumps({"now": float(START) + 60}))
        assert [row["status"] for row in json.loads(client.lines.readline())["results"]] == ["done"]


def test_killed_client_ends_by_the_signal_and_the_next_one_begins_afresh(folder):
    start = folder(WAITING)
    with ForkedClient(start, KEY) as first, ForkedClient(start, KEY) as second:
        assert json.loads(first.lines.readline()) == {"sleep": 60}
        assert first.end() == -signal.SIGKILL
        assert first.end() == -signal.SIGKILL

        assert json.loads(second.lines.readline()) == {"sleep": 60}


def test_client_that_ends_by_itself_has_its_own_exit_code(folder):
    with ForkedClient(folder(NOTHING, "mutant", "of-no-such-name"), KEY) as client:
        assert client.lines.readline() == ""
        assert client.end() == 1


def test_environment_of_a_client_is_its_own(folder):
    with ForkedClient(folder(NOTHING), KEY) as client:
        assert json.loads(client.lines.readline()) == {"results": []}
    with ForkedClient(folder(NOTHING), {}) as client:
        assert client.lines.readline() == ""  # it has no key for its store


def test_server_that_ended_is_started_again(folder):
    with ForkedClient(folder(WAITING), KEY) as client:
        server = client._server
        os.kill(server._process.pid, signal.SIGKILL)
        server._process.wait()
        assert client.end() == forked_client.FAILED

    with ForkedClient(folder(NOTHING), KEY) as client:
        assert client._server is not server
        assert json.loads(client.lines.readline()) == {"results": []}


def test_server_ends_with_its_process_and_ends_its_clients(folder):
    program = """
        import json, os, sys
        from adsmock.harness.suite.drivers.forked_client import ForkedClient
        client = ForkedClient(sys.argv[2:], json.loads(sys.argv[1]))
        client.lines.readline()
        print(client._server._process.pid, client._process, flush=True)
        os._exit(0)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), json.dumps(KEY), *folder(WAITING)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)

    for process in map(int, ended.stdout.split()):
        wait_for_end(process)


def test_closed_server_is_reaped():
    server = ForkServer()
    assert server.is_running
    server.close()
    assert not server.is_running


def wait_for_end(process):
    """Return when no process has this id; the limit of pytest ends a wait without end."""
    with suppress(ProcessLookupError):
        while is_living(process):
            os.sched_yield()


def is_living(process):
    """Say whether a process runs; one that nobody reaped has ended."""
    os.kill(process, 0)
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8")
        return state.rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
