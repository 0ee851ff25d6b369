"""Limits on sockets: heads, bodies, connections, on the data plane and the control plane."""

import json
import select
import socket
import threading

import pytest
import requests

from adsmock.mockserver.app import Mock
from adsmock.mockserver.core.limits import Limits
from tests.wire.edge_server import (
    connect,
    read_all,
    read_reply,
    read_until_reset,
    request,
    running_edge,
    wait_until,
)
from tests.wire.integrator import Client

KIB = 1024
TIGHT = Limits(
    url_bytes=2 * KIB,
    header_bytes=8 * KIB,
    headers=20,
    drain_seconds=0.5,
    control_body_bytes=64 * KIB,
    control_json_values=2_000,
)
READY = "/_mock/v1/ready"
PROBLEM = "application/problem+json"
CREATE = (
    b"POST /_mock/v1/sandboxes HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
)


@pytest.fixture(scope="module")
def edge():
    with running_edge(TIGHT) as server:
        yield server


@pytest.fixture(scope="module")
def mock():
    with Mock(limits=TIGHT) as mock:
        yield mock


def failures(caplog):
    return [row for row in caplog.records if row.exc_info or row.levelname == "ERROR"]


def status_of(port, raw, *pieces):
    """Return the status of the one reply on a new connection."""
    with connect(port) as client:
        client.sendall(raw)
        for piece in pieces:
            client.sendall(piece)
        return read_reply(client)[0]


@pytest.fixture(params=["data", "control"])
def port(request, edge):
    return edge.port if request.param == "data" else edge.control_port


HEADS = {
    "url": (b"GET /" + b"a" * 3 * KIB + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "long query": (b"GET /?" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "one header": (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 9 * KIB + b"\r\n\r\n", 431),
    "many headers": (
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(30)) + b"\r\n",
        431,
    ),
    "repeated header": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 30 + b"\r\n", 431),
    "bad host": (b"GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "no http": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
}


@pytest.mark.parametrize("kind", HEADS)
def test_a_head_that_exceeds_a_limit_is_refused(port, kind, caplog):
    raw, status = HEADS[kind]
    assert status_of(port, raw) == status
    assert failures(caplog) == []


@pytest.mark.parametrize("kind", HEADS)
@pytest.mark.parametrize("size", [1 * KIB, 5 * KIB])
def test_a_head_in_pieces_is_refused_too(port, kind, size):
    raw, status = HEADS[kind]
    pieces = [raw[at : at + size] for at in range(0, len(raw), size)]
    with connect(port) as client:
        for piece in pieces:
            if select.select([client], [], [], 0.001)[0]:
                break  # refused: the server reads no more for long
            client.sendall(piece)
        assert read_reply(client)[0] == status


def test_headers_without_an_end_are_refused_at_the_limit(port):
    with connect(port) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        sent = 0
        while sent < 50_000_000:
            try:
                sent += client.send(b"A: " + b"b" * 60 + b"\r\n")
            except OSError:
                break
            if sent > 16 * KIB:
                client.settimeout(60)
                break
        assert read_reply(client)[0] == 431


@pytest.mark.parametrize(
    "target", ["http://x", "http://x?a=b", "http://x/p", "*", "//x", "/\xff\xfe", "/a?b=\xff"]
)
def test_an_unusual_target_is_answered(port, target, caplog):
    raw = f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode("latin-1")
    assert status_of(port, raw) in (200, 400, 404)
    late = f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n".encode("latin-1")
    assert status_of(port, late, b"{", b"}") in (200, 400, 404)
    assert failures(caplog) == []


def test_a_target_of_a_proxy_has_a_path(edge):
    with connect(edge.port) as client:
        client.sendall(b"GET http://x?a=b HTTP/1.1\r\nHost: x\r\n\r\n")
        assert read_reply(client)[0] == 200
    call = edge.pipeline.exchanges[-1].call
    assert (call.path, call.query) == ("/", "a=b")


def test_what_follows_a_refused_head_is_not_read(edge):
    before = len(edge.pipeline.exchanges)
    with connect(edge.port) as client:
        client.sendall(HEADS["many headers"][0] + request("/behind"))
        assert read_all(client).count(b"HTTP/1.1") == 1
    calls = [each.call for each in edge.pipeline.exchanges[before:]]
    assert [call.path for call in calls] == ["/"]  # the refusal is in the journal


def test_fields_behind_a_chunked_body_are_counted_and_not_kept(edge):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    for count, status in ((15, 200), (500, 431), (15, 200)):
        fields = b"".join(b"T%d: x\r\n" % number for number in range(count))
        assert status_of(edge.port, head + fields + b"\r\n") == status
        assert set(edge.pipeline.exchanges[-1].call.headers) == {"host", "transfer-encoding"}


def test_a_connection_with_very_many_queued_requests_is_closed(edge):
    with connect(edge.port) as client:
        client.sendall(request("/p") * 2_000)
        seen, _ = read_until_reset(client)
    assert 16 <= seen.count(b"HTTP/1.1 200") < 200
    with connect(edge.port) as client:
        client.sendall(request("/p") * 50)
        raw = b""
        while raw.count(b"HTTP/1.1 200") < 50:
            raw += client.recv(65536)


def chunked(size):
    piece = b"400\r\n" + b" " * 1024 + b"\r\n"
    return piece * (size // 1024) + b"0\r\n\r\n"


def test_the_control_plane_limits_chunked_bodies_too(mock):
    head = CREATE + b"Transfer-Encoding: chunked\r\n\r\n"
    control = mock.ports["control"]
    with connect(control) as client:
        client.sendall(head + chunked(300 * KIB))
        status, headers, body = read_reply(client)
    assert (status, headers["content-type"]) == (413, PROBLEM)
    assert "--max-control-body" in json.loads(body)["detail"]


def test_unfinished_bodies_do_not_silence_the_control_plane():
    head = CREATE + b"Content-Length: 100\r\n\r\n{"
    with Mock(limits=Limits(body_seconds=0.3)) as mock:
        slow = [connect(mock.ports["control"]) for _ in range(30)]
        try:
            for each in slow:
                each.sendall(head)
            assert requests.get(mock.control_url + READY, timeout=60).status_code == 200
            status, headers, body = read_reply(slow[0])
            assert (status, headers["content-type"]) == (408, PROBLEM)
            assert "0.3 seconds" in json.loads(body)["detail"]
        finally:
            for each in slow:
                each.close()


def test_a_client_that_reads_no_reply_gives_its_thread_back():
    def endless(environ, start):
        start("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/short":
            return [b"short"]
        return (b"x" * 1_000_000 for _ in range(200))

    with running_edge(Limits(send_seconds=0.2), wsgi=endless) as edge:
        deaf = [connect(edge.control_port) for _ in range(12)]
        try:
            for each in deaf:
                each.sendall(request("/long", method="GET"))
            with connect(edge.control_port) as client:
                client.sendall(request("/short", method="GET"))
                client.settimeout(60)
                seen = b""
                while b"short" not in seen:
                    seen += client.recv(65536)
        finally:
            for each in deaf:
                each.close()


def test_a_client_that_leaves_a_stream_is_noticed_behind_its_next_request():
    left, is_over = threading.Event(), threading.Event()

    def pieces():
        try:
            while not is_over.wait(0.01):
                yield b"x"
        finally:
            left.set()

    def endless(_environ, start):
        start("200 OK", [("Content-Type", "text/plain")])
        return pieces()

    with (
        running_edge(Limits(), wsgi=endless) as edge,
        connect(edge.control_port) as client,
    ):
        client.sendall(request("/stream", method="GET") * 2)
        client.recv(1)
        client.shutdown(socket.SHUT_WR)
        try:
            assert left.wait(60)
        finally:
            is_over.set()


def test_connections_above_the_ceiling_get_503_and_are_counted():
    with Mock(limits=Limits(connections=3)) as mock:
        data, control = mock.ports["main"], mock.ports["control"]
        held = [connect(data) for _ in range(3)]
        try:
            for each in held:
                each.sendall(b"GET / HTTP/1.1\r\n")
            wait_until(lambda: mock.runtime.sandboxes.capacity.connections == 3)
            with connect(data) as client:
                status, headers, body = read_reply(client)
            assert (status, headers["content-type"]) == (503, "application/json")
            assert json.loads(body)["details"] == "Service Unavailable"
            # The operator of the mock is not locked out.
            assert requests.get(mock.control_url + READY, timeout=60).status_code == 200
            held += [connect(control) for _ in range(64)]
            with connect(control) as client:
                status, headers, body = read_reply(client)
            assert (status, headers["content-type"]) == (503, PROBLEM)
            assert "--max-connections" in json.loads(body)["detail"]
        finally:
            for each in held:
                each.close()
        wait_until(lambda: mock.runtime.sandboxes.capacity.connections == 0)
        text = requests.get(mock.control_url + "/_mock/v1/metrics", timeout=60).text
    assert 'adsmock_refused_total{ceiling="connections"} 2.0' in text
    assert "adsmock_connections 1.0" in text


def test_bodies_above_the_ceiling_get_503():
    with running_edge(Limits(buffered_bytes=100 * KIB, drain_seconds=0.2)) as edge:
        for port in (edge.port, edge.control_port):
            with connect(port) as first, connect(port) as second:
                first.sendall(request("/", b"x" * 90 * KIB)[:-1])
                wait_until(lambda: edge.edge.capacity.buffered >= 80 * KIB)
                second.sendall(request("/", b"x" * 90 * KIB)[:-1])
                assert read_reply(second)[0] == 503
                first.sendall(b"x")
                assert read_reply(first)[0] == 200
            wait_until(lambda: edge.edge.capacity.buffered == 0)


@pytest.mark.parametrize("levels", [65, 255, 400, 1_024])
def test_deep_json_leaves_the_journal_readable(mock, levels):
    name = f"deep-{levels}"
    made = requests.post(
        mock.control_url + "/_mock/v1/sandboxes", json={"id": name, "journal": "full"}, timeout=60
    ).json()
    deep = "[" * levels + "]" * levels
    url = mock.urls["NA"]["ads"] + "/sp/campaigns"
    headers = {"Amazon-Advertising-API-ClientId": made["client"]["clientId"]}
    assert requests.post(url, data=deep, headers=headers, timeout=60).status_code == 401
    base = f"{mock.control_url}/_mock/v1/sandboxes/{name}"
    for form in ("json", "har", "ndjson"):
        reply = requests.get(f"{base}/journal", params={"format": form}, timeout=60)
        assert reply.status_code == 200
        assert "/sp/campaigns" in reply.text
    rule = f'{{"match": {{"body": {{"a": {deep}}}}}, "effect": {{"kind": "latency"}}}}'
    media = {"Content-Type": "application/json"}
    refused = requests.post(f"{base}/faults", data=rule, headers=media, timeout=60)
    assert refused.status_code == 400
    if levels < 1_000:  # the parser reads no deeper
        assert refused.json()["pointer"].startswith("/match/body/a/0/0")
    assert requests.get(f"{base}/faults", timeout=60).json() == {"faults": []}


def test_a_control_body_with_too_many_values_is_refused(mock):
    rules = {"faults": [1] * 3_000}
    url = f"{mock.control_url}/_mock/v1/sandboxes/default/faults"
    refused = requests.put(url, json=rules, timeout=60)
    assert (refused.status_code, refused.headers["Content-Type"]) == (
        413,
        "application/problem+json",
    )
    few = requests.put(url, json={"faults": [1] * 1_500}, timeout=60)
    assert few.status_code == 400
    assert len(few.json()["errors"]) == 10


def test_a_refused_url_is_journaled_in_its_sandbox(mock):
    client = Client(mock, "long-url")
    url = mock.urls["NA"]["ads"] + "/sp/campaigns?" + "a" * 3_000
    reply = requests.get(url, headers=client.headers(), timeout=60)
    assert (reply.status_code, reply.json()["code"]) == (414, "414")
    entry = list(client.sandbox.journal.rows())[-1]
    assert (entry.path, entry.status, entry.method) == ("/sp/campaigns", 414, "GET")


def test_a_long_list_is_completed_while_others_are_answered():
    with Mock() as mock:
        client = Client(mock, "long-list")
        client.sandbox.choices["entityLimits"] = "unlimited"
        budget = {"budget": 10, "budgetType": "DAILY"}
        for number in range(7):
            client.sp(
                "campaigns",
                [
                    {"name": f"c{number}-{n}", "targetingType": "MANUAL", "state": "ENABLED",
                     "budget": budget}
                    for n in range(1_000)
                ],
            )  # fmt: skip
        wanted = {"nameFilter": {"include": [f"{n}9" for n in range(50)]}, "maxResults": 5}
        page = client.listed("campaigns", wanted)
        assert len(page["campaigns"]) == 5
        assert page["totalResults"] > 100
        assert list(client.sandbox.journal.rows())[-1].status == 200
