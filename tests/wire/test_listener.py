"""The life of connections and servers: idle ones, silent ones, an orderly stop."""

import resource

import pytest

from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.edge import servers
from adsmock.mockserver.services.faults.kinds.latency import Latency
from adsmock.mockserver.services.faults.kinds.timeout_after_commit import TimeoutAfterCommit
from tests.wire.edge_server import (
    BODY,
    connect,
    read_all,
    read_reply,
    request,
    running_edge,
    wait_until,
)

MANY = 4096


@pytest.fixture
def many_files():
    """Let this process hold the two thousand sockets of a thousand connections."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft, hard = before
    if soft != resource.RLIM_INFINITY and soft < MANY:
        wanted = MANY if hard == resource.RLIM_INFINITY else min(MANY, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_thousand_idle_connections_do_no_harm(many_files):
    with running_edge() as server:
        idle = [connect(server.port) for _ in range(1000)]
        try:
            with connect(server.port) as client:
                for _ in range(50):
                    client.sendall(request("/busy"))
                    assert read_reply(client)[0] == 200
        finally:
            for each in idle:
                each.close()


def test_headers_that_never_come_end_the_connection(monkeypatch):
    monkeypatch.setattr(servers, "_TICK_SECONDS", 0.1)
    with (
        running_edge(Limits(head_seconds=0.1)) as server,
        connect(server.port) as silent,
        connect(server.port) as partial,
    ):
        partial.sendall(b"POST / HTTP/1.1\r\nHos")
        assert silent.recv(1) == b""
        assert partial.recv(1) == b""


def test_a_connection_on_which_nothing_follows_a_call_is_ended(monkeypatch):
    monkeypatch.setattr(servers, "_TICK_SECONDS", 0.1)
    with running_edge(Limits(idle_seconds=0.1)) as server:
        for port in (server.port, server.control_port):
            with connect(port) as client:
                client.sendall(request())
                assert read_all(client).startswith(b"HTTP/1.1 200")


def test_a_stop_finishes_what_has_begun_and_refuses_what_comes():
    with running_edge() as server:
        server.pipeline.effects["/slow"] = Latency(latency=0.5)
        slow, idle = connect(server.port), connect(server.port)
        slow.sendall(request("/slow"))
        wait_until(lambda: len(server.pipeline.exchanges) == 1)
        server.loop.call_soon_threadsafe(server.servers.stop)
        assert idle.recv(1) == b""
        assert read_reply(slow)[2] == BODY
        with pytest.raises(ConnectionRefusedError):
            connect(server.port)
        slow.close()
        idle.close()


def test_a_stop_lets_go_of_calls_that_would_never_be_answered():
    with running_edge() as server:
        server.pipeline.effects["/never"] = TimeoutAfterCommit()
        client = connect(server.port)
        client.sendall(request("/never"))
        wait_until(lambda: len(server.pipeline.exchanges) == 1)
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    client.close()
    assert server.pipeline.exchanges[0].ended == "timeout"


def test_the_bridge_ends_streams_when_the_client_or_the_server_leaves():
    seen = []

    def endless(environ, start):
        start("200 OK", [("Content-Type", "text/plain")])

        def pieces():
            try:
                while True:
                    yield b"tick\n"
            finally:
                seen.append(environ["PATH_INFO"])

        return pieces()

    with running_edge(wsgi=endless) as server:
        with connect(server.control_port) as client:
            client.sendall(request("/left", method="GET"))
            assert client.recv(20)
        wait_until(lambda: seen == ["/left"])
        client = connect(server.control_port)
        client.sendall(request("/stopped", method="GET"))
        assert client.recv(20)
        server.loop.call_soon_threadsafe(server.servers.stop)
        while client.recv(1 << 20):
            pass
        client.close()
    assert seen == ["/left", "/stopped"]
