"""A server that is killed under load loses nothing that it acknowledged, and doubles nothing."""

import contextlib
import hashlib
import json
import resource
import signal
import subprocess
from threading import Event, Thread

import pytest
import requests

from adsmock.mockserver.control.client import Control
from tests.wire.test_serve import SERVE

MEDIA = "application/vnd.spCampaign.v3+json"
CLIENTS = 3
KILLS, DEEP_KILLS = 5, 100


class ServerProcess:
    """A server on one data directory, which is killed and started again."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [*SERVE, "--announce", "json", "--data-dir", self.folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.where = json.loads(self.process.stdout.readline())

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def restart(self):
        self.kill()
        self.start()

    @property
    def ads(self):
        return self.where["regions"]["NA"]["ads"]

    def limit_files(self, size):
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, size))


@pytest.fixture
def server(tmp_path):
    server = ServerProcess(tmp_path / "data")
    yield server
    server.kill()


class Client:
    """Creates campaigns until the server is gone; keeps what was acknowledged and what was sent."""

    def __init__(self, number, headers):
        self.number, self.headers = number, headers
        self.acknowledged, self.sent = {}, set()
        self.count = 0

    def run(self, base, stop):
        with requests.Session() as session, contextlib.suppress(requests.RequestException):
            session.headers.update(self.headers)
            while not stop.is_set():
                self.create(session, base)

    def create(self, session, base):
        names = [f"{self.number}-{self.count + place}" for place in range(10)]
        self.count += 10
        self.sent.update(names)
        rows = [
            {"name": name, "targetingType": "MANUAL", "state": "ENABLED"}
            | {"budget": {"budget": 10, "budgetType": "DAILY"}}
            for name in names
        ]
        reply = session.post(f"{base}/sp/campaigns", json={"campaigns": rows}, timeout=60)
        assert reply.status_code == 207, reply.text
        for row in reply.json()["campaigns"]["success"]:
            self.acknowledged[names[row["index"]]] = row["campaignId"]


def prepare(where):
    """Create a sandbox without quotas and return the headers of its client."""
    control = Control(where["control"])
    endless = {"rate": 1_000_000, "burst": 1_000_000}
    quotas = dict.fromkeys(("lwa", "sp.read", "sp.write"), endless)
    choices = {"entityLimits": "unlimited"}
    made = control.call("sandboxes.create", {"id": "load", "quotas": quotas, "choices": choices})
    client = made["client"]
    form = {
        "grant_type": "refresh_token",
        "refresh_token": client["refreshToken"],
        "client_id": client["clientId"],
        "client_secret": client["clientSecret"],
    }
    token = requests.post(f"{where['main']}/auth/o2/token", data=form, timeout=60).json()
    return {
        "Authorization": f"Bearer {token['access_token']}",
        "Amazon-Advertising-API-ClientId": client["clientId"],
        "Amazon-Advertising-API-Scope": made["profiles"][0]["profileId"],
        "Content-Type": MEDIA,
        "Accept": MEDIA,
    }


def campaigns_of(where, headers):
    state = Control(where["control"]).call("state.get", sandbox="load")
    profile = headers["Amazon-Advertising-API-Scope"]
    return state["profiles"][profile].get("sp.campaigns", []), digest(state)


def digest(state):
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


@pytest.mark.slow
@pytest.mark.one_python
@pytest.mark.timeout(1800)
def test_kill_under_load_loses_and_doubles_nothing(server, is_deep):
    headers = prepare(server.where)
    clients = [Client(number, headers) for number in range(CLIENTS)]
    for round_number in range(DEEP_KILLS if is_deep else KILLS):
        load(server, clients, at_least=50 + 70 * (round_number % 7))
        server.start()
        rows, found = campaigns_of(server.where, headers)
        kept = {row["name"]: row["campaignId"] for row in rows}
        assert len(kept) == len(rows) == len(set(kept.values()))
        for each in clients:
            assert each.acknowledged.items() <= kept.items()
        assert kept.keys() <= set().union(*(each.sent for each in clients))
        if not round_number % 10:
            server.restart()
            assert campaigns_of(server.where, headers)[1] == found


def load(server, clients, at_least):
    """Let the clients create campaigns, and kill the server once it acknowledged some more."""
    stop = Event()
    threads = [Thread(target=each.run, args=(server.ads, stop)) for each in clients]
    for each in threads:
        each.start()
    goal = sum(len(each.acknowledged) for each in clients) + at_least
    while sum(len(each.acknowledged) for each in clients) < goal:
        assert any(each.is_alive() for each in threads)
        stop.wait(0.001)
    server.kill()
    stop.set()
    for each in threads:
        each.join()


@pytest.mark.slow
@pytest.mark.one_python
def test_a_disk_that_fills_up_answers_507_and_keeps_what_was_there(server):
    """A limit on the size of files takes the part of a full disk."""
    headers = prepare(server.where)
    server.limit_files(10 << 20)
    client = Client(0, headers)
    with requests.Session() as session:
        session.headers.update(headers)
        with pytest.raises(AssertionError, match="File too large"):  # noqa: PT012 -- until it is full
            for _ in range(5_000):
                client.create(session, server.ads)
        body = {"campaigns": []}
        refused = session.post(f"{server.ads}/sp/campaigns", json=body, timeout=60)
        listed = session.post(f"{server.ads}/sp/campaigns/list", json={}, timeout=60)
    assert (refused.status_code, listed.status_code) == (507, 200)
    server.restart()
    rows, _ = campaigns_of(server.where, headers)
    assert {row["name"]: row["campaignId"] for row in rows} == client.acknowledged


def test_a_stopped_server_continues_where_it_was(server):
    headers = prepare(server.where)
    client = Client(0, headers)
    with requests.Session() as session:
        session.headers.update(headers)
        client.create(session, server.ads)
    server.process.terminate()
    server.process.communicate(timeout=300)
    assert server.process.returncode == 0
    server.start()
    rows, _ = campaigns_of(server.where, headers)
    assert {row["name"]: row["campaignId"] for row in rows} == client.acknowledged


def test_a_second_server_on_the_directory_is_refused(server):
    second = [*SERVE, "--data-dir", server.folder]
    ended = subprocess.run(second, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "another server uses the data directory" in ended.stderr
