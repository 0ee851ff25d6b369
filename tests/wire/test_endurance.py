"""What one client does to the mock must not harm another, and what is acknowledged is kept."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests

from mockserver.app import Mock
from mockserver.core.clock import monotonic
from tests.bench.load import create_body
from tests.wire.account import Stage

IDLE = 1_000
DRIPPING = 50
LOOKS = 40
WORKERS = 24
BATCHES = 240
HARMLESS = 20.0
"""How many times as long a call may take beside idle connections: far above noise, far below the
time-outs that starved workers would show."""


@pytest.fixture
def mock():
    with Mock(port=0) as mock:
        yield mock


@pytest.fixture
def stage(mock):
    stage = Stage(mock)
    yield stage
    stage.client.close()


def looks(stage):
    """Return the least seconds that a list takes, of many: noise only adds."""
    found = []
    for _ in range(LOOKS):
        begun = monotonic()
        stage.client.call("sp.campaigns.list", stage.profile, {"maxResults": 1})
        found.append(monotonic() - begun)
    return min(found)


def port_of(mock):
    return int(mock.main_url.rsplit(":", 1)[1])


def opened(mock, stack, count):
    for _ in range(count):
        yield stack.enter_context(socket.create_connection(("127.0.0.1", port_of(mock)), 30))


def test_a_thousand_idle_connections_harm_nobody(mock, stage):
    before = looks(stage)
    with ExitStack() as stack:
        connections = list(opened(mock, stack, IDLE))
        assert len(connections) == IDLE
        assert looks(stage) < before * HARMLESS


def test_a_client_that_sends_a_byte_at_a_time_harms_nobody(mock, stage):
    before = looks(stage)
    head = b"POST /sp/campaigns/list HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
    with ExitStack() as stack:
        connections = list(opened(mock, stack, DRIPPING))
        for at in range(len(head)):
            for connection in connections:
                connection.sendall(head[at : at + 1])
        assert looks(stage) < before * HARMLESS


def test_every_write_that_was_acknowledged_is_kept_when_all_come_at_once(mock, stage):
    ample = {"rate": 1_000_000, "burst": 1_000_000}
    sandbox = stage.made["id"]
    stage.control.call(
        "throttle.put", {"quotas": {"sp.write": ample, "sp.read": ample}}, sandbox=sandbox
    )
    headers = {
        "Authorization": f"Bearer {token(stage)}",
        "Amazon-Advertising-API-ClientId": stage.made["client"]["clientId"],
        "Amazon-Advertising-API-Scope": stage.profile,
        "Content-Type": "application/vnd.spCampaign.v3+json",
    }
    url = f"{stage.made['urls']['NA']['ads']}/sp/campaigns"

    def create(number):
        answer = requests.post(url, data=create_body("rush", number), headers=headers, timeout=60)
        assert answer.status_code == 207
        return [row["campaignId"] for row in answer.json()["campaigns"]["success"]]

    with ThreadPoolExecutor(WORKERS) as pool:
        acknowledged = [each for ids in pool.map(create, range(BATCHES)) for each in ids]
    stored = {row["campaignId"] for row in stage.client.list("sp.campaigns", stage.profile)}
    assert len(acknowledged) == len(set(acknowledged)) == BATCHES * 10
    assert stored == set(acknowledged)


def token(stage):
    credentials = stage.made["client"]
    form = {
        "grant_type": "refresh_token",
        "refresh_token": credentials["refreshToken"],
        "client_id": credentials["clientId"],
        "client_secret": credentials["clientSecret"],
    }
    base = stage.made["urls"]["NA"]["lwa"]
    return requests.post(f"{base}/auth/o2/token", data=form, timeout=30).json()["access_token"]


def test_a_journal_stays_within_its_bounds_and_says_what_it_dropped(mock, stage):
    sandbox = mock.world.sandboxes.get(stage.made["id"])
    sandbox.journal.max_entries = 50
    for _ in range(120):
        stage.client.call("sp.campaigns.list", stage.profile, {"maxResults": 1})
    assert len(sandbox.journal) == 50
    assert sandbox.journal.dropped >= 70


def test_jobs_that_are_past_their_time_are_forgotten(mock, stage):
    sandbox = mock.world.sandboxes.get(stage.made["id"])
    for _ in range(30):
        stage.client.export("campaigns", stage.profile)
        stage.clock.sleep(26 * 3600)
    assert len(sandbox.jobs) <= 2


def test_a_stop_lets_what_has_begun_come_to_its_end(mock, stage):
    sandbox = mock.world.sandboxes.get(stage.made["id"])
    slow = {
        "match": {"operation": ["sp.campaigns.list"]},
        "effect": {"kind": "latency", "latencyMs": 1500},
    }
    stage.control.call("faults.create", slow, sandbox=sandbox.id)
    stage.client.call("profiles.list", stage.profile)  # the token is there
    begun = len(sandbox.journal)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(stage.client.call, "sp.campaigns.list", stage.profile, {"maxResults": 1})
        while len(sandbox.journal) == begun:
            assert not call.done()
        mock.stop()
        assert call.result(timeout=30)["campaigns"] == []
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port_of(mock)), 5)
