"""Shards on several machines behind one balancer: each has an address and a folder of its own.

The machines are addresses of the loopback network, which Linux answers without being asked.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
from contextlib import ExitStack

import pytest
import requests

from tests.wire.installation import SERVE, control_of, create, patiently, total

if shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
    pytest.skip("SHARDS ON MACHINES ARE NOT TESTED: install haproxy", allow_module_level=True)

BALANCER, MACHINES = "127.0.0.1", ("127.0.0.2", "127.0.0.3")
TOKEN = "a-token-of-the-machines"
PORTS = 11
LOWEST, RANGE = 20_000, 12_000  # below the ports that the system gives to connections


def is_free(host, first):
    for port in range(first, first + PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


def free_port():
    """Return a first port that is free at every address."""
    begin = os.getpid() * 16
    for step in range(0, RANGE, 16):
        first = LOWEST + (begin + step) % RANGE
        if all(is_free(host, first) for host in (BALANCER, *MACHINES)):
            return first
    raise AssertionError("no ports are free")


def can_use_machines():
    try:
        with socket.socket() as probe:
            probe.bind((MACHINES[1], 0))
    except OSError:
        return False
    return True


if not can_use_machines():
    pytest.skip("SHARDS ON MACHINES ARE NOT TESTED: 127.0.0.3 is no address here",
                allow_module_level=True)  # fmt: skip


class Machines:
    """Two machines with a shard each, and a third with the balancer."""

    def __init__(self, folder):
        self.folder = folder
        self.first = free_port()
        self.stack = ExitStack()
        self.shards = {}

    def start(self, number, token=TOKEN):
        host = MACHINES[number - 1]
        self.shards[number] = self.serve(
            *("--shard", f"{number}/2", "--host", host, "--port", str(self.first)),
            *("--public-url", f"http://{BALANCER}:{self.first}"),
            *("--data-dir", str(self.folder / host), "--allow-remote-control"),
            token=token,
        )
        return json.loads(self.shards[number].stdout.readline())

    def balancer(self, *places, **more):
        places = places or MACHINES
        words = [word for each in places for word in ("--shard-at", f"{each}:{self.first}")]
        return self.serve("--port", str(self.first), *words, **more)

    def serve(self, *words, token=TOKEN):
        process = subprocess.Popen(
            [*SERVE, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"ADSMOCK_CONTROL_TOKEN": token},
        )
        self.stack.callback(process.communicate)
        self.stack.callback(process.kill)
        return process


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    machines = Machines(tmp_path_factory.mktemp("machines"))
    with machines.stack:
        for number in (1, 2):
            machines.start(number)
        yield machines


@pytest.fixture(scope="module")
def where(machines):
    balancer = machines.balancer()
    found = json.loads(balancer.stdout.readline())
    yield found | {"controlToken": TOKEN}
    balancer.send_signal(signal.SIGTERM)
    assert balancer.wait(300) == 0
    assert [each.poll() for each in machines.shards.values()] == [None, None]


def test_sandboxes_are_on_both_machines_and_every_call_finds_its_own(machines, where):
    clients = [create(where) for _ in range(4)]
    assert [each.id.split("-")[1] for each in clients].count("01") == 2
    for client in clients:
        for kind in ("form", "json", "basic"):
            client.authorize(kind)
        assert client.profile_ids(where["main"] + "/na") < set(client.profiles)
        client.create(f"campaign-of-{client.id}")
    control = control_of(where)
    rows = {row["id"]: row for row in control.call("sandboxes.list")["sandboxes"]}
    assert [rows[each.id]["entities"] for each in clients] == [1] * 4
    assert total(where, "adsmock_misdirected_total") == 0
    assert total(where, "adsmock_orphans_total") == 0
    hosts = [row["main"].partition("//")[2].partition(":")[0] for row in where["shards"]]
    assert hosts == list(MACHINES)
    pids = [row["pid"] for row in control.call("service.health")["shards"]]
    assert pids == [machines.shards[number].pid for number in (1, 2)]
    for host in MACHINES:
        assert any((machines.folder / host).iterdir())


def test_urls_in_replies_lead_to_the_balancer(where):
    client = create(where)
    base = f"http://{BALANCER}:{where['main'].rpartition(':')[2]}"
    assert client.row["urls"]["EU"]["ads"] == f"{base}/eu"


def test_a_listener_is_on_the_machine_of_its_sandbox(where, tmp_path):
    control = control_of(where)
    for client in (create(where), create(where)):
        client.authorize()
        made = control.call("listeners.create", {"kind": "tls"}, sandbox=client.id)
        host = MACHINES[int(client.id.split("-")[1]) - 1]
        assert made["url"] == f"https://{host}:{made['port']}"
        authority = tmp_path / f"{client.id}.pem"
        authority.write_text(made["certificate"], "utf-8")
        url = f"{made['url']}/na/v2/profiles"
        reply = requests.get(url, headers=client.headers, verify=str(authority), timeout=60)
        assert reply.status_code == 200, reply.text


def test_a_machine_that_dies_takes_only_its_sandboxes_and_comes_back_with_them(machines, where):
    control = control_of(where)
    clients = [create(where), create(where)]
    for client in clients:
        client.authorize()
        client.create("kept")
    lost = next(each for each in clients if each.id.startswith("sandbox-02"))
    kept = next(each for each in clients if each is not lost)
    before = control.call("service.health")["shards"][1]["starts"]
    machines.shards[2].kill()
    machines.shards[2].wait(300)

    def refused():
        answer = lost.get(where["main"] + "/na", "/v2/profiles")
        return (answer.status_code, answer.headers["Retry-After"]) == (503, "1")

    patiently(refused)
    assert kept.profile_ids(where["main"] + "/na")
    machines.start(2)
    patiently(lambda: control.call("service.health")["shards"][1]["starts"] == before + 1)
    patiently(lambda: control.call("service.ready"))
    for client in clients:
        assert control.call("sandboxes.get", sandbox=client.id)["entities"] == 1
        assert client.profile_ids(where["main"] + "/na")


def ended(process):
    _, errors = process.communicate(timeout=300)
    (line,) = errors.splitlines()
    return process.returncode, line


def test_machines_in_another_order_are_noticed(machines):
    code, line = ended(machines.serve("--port", "0", *places(machines, reversed(MACHINES))))
    assert code == 1
    assert f"shard 2/2 is at {MACHINES[1]}:{machines.first}" in line
    assert "adsmock serve --shard 1/2" in line


def test_another_token_is_noticed(machines):
    code, line = ended(
        machines.serve("--port", "0", *places(machines, MACHINES), token="another-token-of-ours")
    )
    assert code == 1
    assert "the control token is wrong" in line


def places(machines, hosts):
    return [word for host in hosts for word in ("--shard-at", f"{host}:{machines.first}")]
