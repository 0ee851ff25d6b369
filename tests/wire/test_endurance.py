"""What one client does to the mock must not harm another, and what is acknowledged is kept."""

import json
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import quantiles
from types import SimpleNamespace

import pytest
import requests

from adsmock.mockserver.app import Mock
from adsmock.mockserver.core.clock import monotonic
from tests.bench.load import create_body
from tests.wire.account import AccountFixture
from tests.wire.edge_server import wait_until

SERVE = [sys.executable, "-m", "adsmock.mockserver", "serve", "--port", "0", "--announce", "json"]
IDLE = 1_000
DRIPPING = 50
UNREAD = 30
PAGE = 1_000
LOOKS = 40
WORKERS = 24
BATCHES = 240
ITEMS = 10
HARMLESS = 20.0
"""How many times as long a call may take while others keep connections open: far above noise,
far below the time-outs that starved workers would show."""

BURST = 30


@pytest.fixture
def mock():
    with Mock(port=0) as mock:
        yield mock


@pytest.fixture
def account(mock):
    account = AccountFixture(mock)
    yield account
    account.client.close()


def look(account):
    """Return the seconds that a list takes."""
    begun = monotonic()
    account.client.call("sp.campaigns.list", account.profile, {"maxResults": 1})
    return monotonic() - begun


def quick(took):
    """Return what a quarter of the calls stay below: noise only adds, starving adds to all."""
    return quantiles(took, n=4)[0]


def looks(account):
    return quick([look(account) for _ in range(LOOKS)])


def port_of(mock):
    return int(mock.main_url.rsplit(":", 1)[1])


def opened(mock, stack, count):
    for _ in range(count):
        yield stack.enter_context(socket.create_connection(("127.0.0.1", port_of(mock)), 30))


def test_a_thousand_idle_connections_harm_nobody(mock, account):
    before = looks(account)
    with ExitStack() as stack:
        connections = list(opened(mock, stack, IDLE))
        assert len(connections) == IDLE
        assert looks(account) < before * HARMLESS


def test_clients_that_send_a_byte_at_a_time_harm_nobody_and_get_their_answer(mock, account):
    before = looks(account)
    body = b"grant_type=none"
    head = b"POST /auth/o2/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\n"
    text = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    loaded = []
    with ExitStack() as stack:
        connections = list(opened(mock, stack, DRIPPING))
        for at in range(len(text)):
            for connection in connections:
                connection.sendall(text[at : at + 1])
            loaded.append(look(account))
        assert quick(loaded) < before * HARMLESS
        for connection in connections:
            assert connection.recv(4096).startswith(b"HTTP/1.1 400")


def test_clients_that_do_not_read_their_answer_harm_nobody(mock, account):
    ample(account)
    items = [json.loads(create_body("unread", number, 100)) for number in range(PAGE // 100)]
    for batch in items:
        account.client.create("sp.campaigns", account.profile, batch["campaigns"])
    before = looks(account)
    body = json.dumps({"maxResults": PAGE}).encode()
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers(account, "list").items())
    start = f"POST /na/sp/campaigns/list HTTP/1.1\r\nHost: x\r\n{lines}"
    text = start.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with ExitStack() as stack:
        for _ in range(UNREAD):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.connect(("127.0.0.1", port_of(mock)))
            connection.sendall(text)
        assert looks(account) < before * HARMLESS
        assert connection.recv(15) == b"HTTP/1.1 200 OK"


def ample(account, **narrow):
    endless = {"rate": 1_000_000, "burst": 1_000_000}
    quotas = {"sp.read": endless, "sp.write": endless}
    data = {"quotas": quotas | {f"sp.{name}": quota for name, quota in narrow.items()}}
    account.control.call("throttle.put", data, sandbox=account.made["id"])


def headers(account, verb):
    media = "application/vnd.spCampaign.v3+json"
    return {
        "Authorization": f"Bearer {token(account)}",
        "Amazon-Advertising-API-ClientId": account.made["client"]["clientId"],
        "Amazon-Advertising-API-Scope": account.profile,
        "Content-Type": media,
    } | ({"Accept": media} if verb == "list" else {})


@pytest.mark.parametrize(
    ("quota", "served"),
    [
        ({}, BATCHES),
        # The clock is frozen, so no more than a full bucket is granted.
        ({"write": {"rate": 1, "burst": BURST}}, BURST),
    ],
    ids=["past the ceiling", "past the quota"],
)
def test_overload_waits_or_is_refused_and_what_was_acknowledged_is_kept(account, quota, served):
    ample(account)
    sent = headers(account, "create")
    url = f"{account.made['urls']['NA']['ads']}/sp/campaigns"

    def create(number):
        # Each waits for those before it; the limit is a hang's.
        answer = requests.post(url, data=create_body("rush", number), headers=sent, timeout=300)
        if answer.status_code == 429:
            return []
        assert answer.status_code == 207
        return [row["campaignId"] for row in answer.json()["campaigns"]["success"]]

    alone = [create(BATCHES + number) for number in range(10)]
    ample(account, **quota)
    with ThreadPoolExecutor(WORKERS) as pool:
        rush = list(pool.map(create, range(BATCHES)))
    acknowledged = [each for ids in [*alone, *rush] for each in ids]
    assert len([ids for ids in rush if ids]) == served
    assert len(acknowledged) == len(set(acknowledged)) == (len(alone) + served) * ITEMS
    stored = {row["campaignId"] for row in account.client.list("sp.campaigns", account.profile)}
    assert stored == set(acknowledged)


def token(account):
    credentials = account.made["client"]
    form = {
        "grant_type": "refresh_token",
        "refresh_token": credentials["refreshToken"],
        "client_id": credentials["clientId"],
        "client_secret": credentials["clientSecret"],
    }
    base = account.made["urls"]["NA"]["lwa"]
    return requests.post(f"{base}/auth/o2/token", data=form, timeout=60).json()["access_token"]


def test_a_journal_stays_within_its_bounds_and_says_what_it_dropped(mock, account):
    sandbox = mock.runtime.sandboxes.get(account.made["id"])
    sandbox.journal.max_entries = 50
    for _ in range(120):
        account.client.call("sp.campaigns.list", account.profile, {"maxResults": 1})
    assert len(sandbox.journal) == 50
    assert sandbox.journal.dropped >= 70


def test_jobs_that_are_past_their_time_are_forgotten(mock, account):
    sandbox = mock.runtime.sandboxes.get(account.made["id"])
    for _ in range(30):
        account.client.export("campaigns", account.profile)
        account.clock.sleep(26 * 3600)
    assert len(sandbox.jobs) <= 2


def test_a_stop_lets_what_has_begun_come_to_its_end(mock, account):
    sandbox = mock.runtime.sandboxes.get(account.made["id"])
    slow = {
        "match": {"operation": ["sp.campaigns.list"]},
        "effect": {"kind": "latency", "latencyMs": 1500},
    }
    account.control.call("faults.create", slow, sandbox=sandbox.id)
    account.client.call("profiles.list", account.profile)  # the token is there
    begun = len(sandbox.journal)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(
            account.client.call, "sp.campaigns.list", account.profile, {"maxResults": 1}
        )
        wait_until(lambda: len(sandbox.journal) > begun)
        mock.stop()
        assert call.result(timeout=300)["campaigns"] == []
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port_of(mock)), 5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_a_write_that_has_begun_be_answered_and_waits_for_nobody_else(number):
    with (
        subprocess.Popen(SERVE, stdout=subprocess.PIPE, text=True) as process,
        ExitStack() as stack,
    ):
        where = json.loads(process.stdout.readline())
        account = AccountFixture(SimpleNamespace(control_url=where["control"]))
        account.client.call("profiles.list", account.profile)  # the token is there
        slow = {
            "match": {"operation": ["sp.campaigns.create"]},
            "effect": {"kind": "latency", "latencyMs": 1500},
        }
        account.control.call("faults.create", slow, sandbox=account.made["id"])
        held = list(opened(SimpleNamespace(main_url=where["main"]), stack, 5))
        held[0].sendall(b"POST /sp/campaigns HTTP/1.1\r\nHost: x\r\nContent-")
        items = json.loads(create_body("last", 1))["campaigns"]
        with ThreadPoolExecutor(1) as pool:
            write = pool.submit(account.client.create, "sp.campaigns", account.profile, items)
            wait_until(lambda: account.calls(r"sp\.campaigns\.create"))
            process.send_signal(number)
            outcomes = write.result(timeout=300)
        assert [one.is_done and bool(one.id) for one in outcomes] == [True] * len(items)
        assert process.wait(timeout=300) == 0
        with pytest.raises(OSError, match="refused"):
            next(opened(SimpleNamespace(main_url=where["main"]), stack, 1))
