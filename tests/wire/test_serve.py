"""The mock as one object and as a command: six ports, both planes, start and stop."""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from adsmock.mockserver.app import Mock
from adsmock.mockserver.core.fault import FaultRule, Match, When
from adsmock.mockserver.edge.servers import PortBusy
from adsmock.mockserver.services.faults.kinds.reset import Reset
from tests.wire.edge_server import connect, read_reply, request, wait_until

SERVE = [sys.executable, "-m", "adsmock.mockserver", "serve", "--port", "0"]


@pytest.fixture(scope="module")
def mock():
    with Mock(port=0, journal="full") as mock:
        yield mock


@pytest.fixture(scope="module")
def token(mock):
    return ask_token(mock)


def ask_token(mock):
    credentials = mock.default.credentials
    form = {
        "grant_type": "refresh_token",
        "refresh_token": credentials.refresh_token,
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }
    answer = requests.post(f"{mock.main_url}/auth/o2/token", data=form, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def profiles(mock, token, base, **headers):
    headers |= {
        "Authorization": f"Bearer {token}",
        "Amazon-Advertising-API-ClientId": mock.default.credentials.client_id,
    }
    answer = requests.get(f"{base}/v2/profiles", headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return {row["countryCode"] for row in answer.json()}


COUNTRIES = {"NA": {"US", "CA"}, "EU": {"UK", "DE"}, "FE": {"JP", "AU"}}


@pytest.mark.parametrize("region", COUNTRIES)
def test_a_region_is_reached_by_port_host_and_prefix(mock, token, region):
    host = mock.runtime.contract_set.regions[region].ads_host
    assert profiles(mock, token, mock.urls[region]["ads"]) == COUNTRIES[region]
    assert profiles(mock, token, mock.main_url, Host=host) == COUNTRIES[region]
    assert profiles(mock, token, f"{mock.main_url}/{region.lower()}") == COUNTRIES[region]


def test_every_entry_closes_with_times_in_order(mock, token):
    profiles(mock, token, mock.main_url)
    entry = list(mock.default.journal.rows())[-1]
    wait_until(lambda: entry.ended == "complete")
    assert entry.t_arrive <= entry.t_send <= entry.t_end
    assert entry.port == mock.ports["main"]
    assert entry.lag >= 0.0


def test_a_giant_body_is_refused_and_journaled(mock, token):
    headers = {"Authorization": f"Bearer {token}"}
    body = b"x" * (17 << 20)
    url = f"{mock.urls['EU']['ads']}/sp/campaigns"
    answer = requests.post(url, data=body, headers=headers, timeout=60)
    assert answer.status_code == 413
    assert "json" in answer.headers["Content-Type"]
    assert list(mock.default.journal.rows())[-1].status == 413


def test_an_unknown_method_and_path_are_refused_in_json(mock):
    with connect(mock.ports["NA"]) as client:
        client.sendall(request("/nowhere", method="PURGE"))
        status, headers, body = read_reply(client)
    assert 400 <= status < 500
    assert "json" in headers["content-type"]
    assert json.loads(body)


def test_a_planned_reset_reaches_the_client(mock, token):
    effect = Reset(point="on_wire")
    rule = FaultRule("break", Match(operation=("profiles.list",)), When(times=1), effect)
    mock.default.faults.add(rule)
    with pytest.raises(requests.exceptions.RequestException):
        profiles(mock, token, mock.main_url)
    wait_until(lambda: list(mock.default.journal.rows())[-1].ended == "reset")
    assert profiles(mock, token, mock.main_url) == COUNTRIES["NA"]


def test_the_control_plane_has_a_port_of_its_own(mock):
    assert requests.get(f"{mock.control_url}/_mock/v1/health", timeout=60).status_code == 200
    assert requests.get(f"{mock.main_url}/_mock/v1/health", timeout=60).status_code == 404


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_mock_leaves_the_interpreter_of_its_caller_alone():
    before = sys.getswitchinterval()
    with Mock(port=0):
        assert sys.getswitchinterval() == before


def test_start_and_stop_twenty_times_leaks_nothing():
    with Mock(port=0):
        pass
    gc.collect()
    files, threads = open_files(), threading.active_count()
    for _ in range(20):
        with Mock(port=0) as mock:
            assert requests.get(f"{mock.control_url}/_mock/v1/health", timeout=60).ok
            assert requests.get(f"{mock.main_url}/x", timeout=60).status_code == 404
    gc.collect()
    assert open_files() <= files
    assert threading.active_count() <= threads


def test_a_mock_that_never_ran_gives_its_ports_back():
    mock = Mock(port=0)
    port = mock.ports["main"]
    mock.close()
    socket.create_server(("127.0.0.1", port)).close()


def test_ports_follow_the_first_with_aws_seven_and_control_ten_above():
    base = 20_000 + os.getpid() % 12_000  # below the ports that the system gives to clients
    try:
        mock = Mock(port=base)
    except PortBusy:
        mock = Mock(port=base + 100)
        base += 100
    mock.close()
    assert mock.ports == {
        "main": base,
        "NA": base + 1,
        "EU": base + 2,
        "FE": base + 3,
        "storage": base + 4,
        "aws": base + 7,
        "control": base + 10,
    }


def test_a_busy_port_is_reported_and_nothing_stays_open():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortBusy, match=f"port {port} .*in use"):
            Mock(port=0, control_port=port)


def test_serve_with_a_busy_port_is_one_line_and_exit_2():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = [*SERVE, "--control-port", str(taken.getsockname()[1])]
        done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_announces_one_line_of_json_and_stops_at_a_signal(number):
    words = [*SERVE, "--announce", "json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True) as process:
        where = json.loads(process.stdout.readline())
        assert set(where) == {"version", "pid", "control", "main", "storage", "aws", "regions"}
        assert where["pid"] == process.pid
        for url in [
            where["main"],
            where["storage"],
            *(x["ads"] for x in where["regions"].values()),
        ]:
            assert requests.get(f"{url}/nothing", timeout=60).status_code in {403, 404}
        requests.post(f"{where['control']}/_mock/v1/sandboxes", json={"odd": 1}, timeout=60)
        process.send_signal(number)
        out, err = process.communicate(timeout=300)
    assert (process.returncode, out, err) == (0, "", "")


def test_serve_whose_reader_has_gone_ends_without_a_traceback():
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(SERVE, stdout=writer, stderr=subprocess.PIPE, text=True) as process:
        os.close(writer)
        assert process.communicate(timeout=300)[1] == ""


def test_serve_tells_a_person_where_everything_is():
    with subprocess.Popen(SERVE, stdout=subprocess.PIPE, text=True) as process:
        lines = []
        while not lines or "Ctrl+C" not in lines[-1]:
            lines.append(process.stdout.readline())
        process.terminate()
    text = "".join(lines)
    for word in ("NA", "EU", "FE", "storage", "control", "client", "refresh", "profile"):
        assert word in text


@pytest.mark.parametrize(
    "words", [["--port", "x"], ["--port", "70000"], ["--journal", "loud"], ["--max-body", "0"]]
)
def test_serve_with_a_wrong_flag_is_one_line_and_exit_2(words):
    done = subprocess.run(
        [*SERVE, *words], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_serve_starts_with_demo_data_and_a_scenario():
    words = ["--announce", "json", "--invent", "2", "--scenario", "region-dark"]
    with subprocess.Popen([*SERVE, *words], stdout=subprocess.PIPE, text=True) as serving:
        try:
            control = json.loads(serving.stdout.readline())["control"]
            sandbox = f"{control}/_mock/v1/sandboxes/default"
            state = requests.get(f"{sandbox}/state", timeout=60).json()["profiles"]
            assert {len(one["sp.campaigns"]) for one in state.values()} == {2}
            faults = requests.get(f"{sandbox}/faults", timeout=60).json()["faults"]
            assert [rule["id"] for rule in faults] == ["region-dark.eu"]
        finally:
            serving.terminate()
    assert serving.returncode == 0


def test_serve_ends_with_2_when_the_mock_refuses_its_start_state(tmp_path):
    path = tmp_path / "state.json"
    path.write_text('{"profiles": {"1": {}}}')
    done = subprocess.run(
        [*SERVE, "--state", str(path)], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "the start state was refused" in done.stderr
