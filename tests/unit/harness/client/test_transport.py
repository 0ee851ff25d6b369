"""The network transport against a socket that breaks in every way it can."""

import re
import socket
import ssl
import struct
import threading
from contextlib import suppress

import pytest
import trustme

from adsmock.harness.client import Request, RequestsTransport
from adsmock.harness.client.errors import TransportError

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Amzn-RequestId: r\r\n\r\n{}"


def handshake(listener, context):
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        context.wrap_socket(connection, server_side=True).close()


def receive(connection):
    """Read one whole request: closing with bytes unread would turn every close into a reset."""
    text = connection.recv(65536)
    while text and b"\r\n\r\n" not in text:
        text += connection.recv(65536)
    head, _, body = text.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return text


LONG = 60
"""Seconds: longer than a test lasts, also on a slow machine."""


class Peer:
    """Accepts connections and plays one action on each; ``requests`` counts what it was sent."""

    def __init__(self, act):
        self.requests = 0
        self._act = act
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/x"
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        while True:
            connection, _ = self._listener.accept()
            with connection:
                if self._done.is_set():
                    return
                if receive(connection):
                    self.requests += 1
                    self._act(connection, self._done)

    def close(self):
        self._done.set()
        with socket.create_connection(self._listener.getsockname()):
            self._thread.join(LONG)
        self._listener.close()


@pytest.fixture
def peer():
    peers = []

    def start(act):
        peers.append(Peer(act))
        return peers[-1]

    yield start
    for one in peers:
        one.close()


@pytest.fixture
def transport():
    wire = RequestsTransport()
    yield wire
    wire.close()


@pytest.fixture
def impatient():
    wire = RequestsTransport(read_timeout=0.2)
    yield wire
    wire.close()


def reset(connection, _):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def reset_in_the_body(connection, done):
    connection.sendall(OK[:-1])
    reset(connection, done)


def stall(_, done):
    done.wait(LONG)


def stall_in_the_body(connection, done):
    connection.sendall(OK[:-1])
    done.wait(LONG)


def drip(connection, done):
    connection.sendall(OK[: OK.index(b"\r\n\r\n") + 4])
    for byte in OK[OK.index(b"\r\n\r\n") + 4 : -1]:
        connection.sendall(bytes([byte]))
        done.wait(0.05)
    done.wait(LONG)


def cut(connection, _):
    connection.sendall(OK[:-1])


def vanish(_, __):
    """Close without a word."""


def bad_gzip(connection, _):
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n"
    connection.sendall(head + b"nope")


@pytest.mark.parametrize(
    ("act", "kinds"),
    [
        (reset, {"reset"}),
        (vanish, {"reset"}),
        (cut, {"truncated"}),
        (reset_in_the_body, {"reset", "truncated"}),
        (bad_gzip, {"truncated"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_transport_names_how_it_broke_and_sends_once(peer, transport, act, kinds):
    server = peer(act)
    with pytest.raises(TransportError) as caught:
        transport.send(Request("POST", server.url, {}, b"{}"))
    assert caught.value.kind in kinds
    assert server.requests == 1


@pytest.mark.parametrize("act", [stall, stall_in_the_body])
def test_silence_is_a_timeout_and_is_sent_once(peer, impatient, act):
    server = peer(act)
    with pytest.raises(TransportError) as caught:
        impatient.send(Request("POST", server.url, {}, b"{}"))
    assert caught.value.kind == "timeout"
    assert server.requests == 1


def test_refused_connection_is_a_connect_error(transport):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    with pytest.raises(TransportError) as caught:
        transport.send(Request("GET", url))
    assert caught.value.kind == "connect"


def test_stranger_differs_from_a_host_that_is_not_there(transport):
    authority, name = trustme.CA(), "127.0.0.1"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    with socket.create_server((name, 0)) as listener:
        shake = threading.Thread(target=lambda: handshake(listener, context))
        shake.start()
        with pytest.raises(TransportError) as caught:
            transport.send(Request("GET", f"https://{name}:{listener.getsockname()[1]}/"))
        shake.join()
    assert caught.value.kind == "untrusted"


def test_whole_reply_comes_with_lower_case_headers(peer, transport):
    reply = transport.send(Request("GET", peer(lambda c, _: c.sendall(OK)).url))
    assert (reply.status, reply.json, reply.headers["x-amzn-requestid"]) == (200, {}, "r")


def test_redirects_are_not_followed(peer, transport):
    head = b"HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    reply = transport.send(Request("GET", peer(lambda c, _: c.sendall(head)).url))
    assert reply.status == 307


def test_proxies_of_the_environment_are_not_used_unless_asked(peer, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server = peer(lambda c, _: c.sendall(OK))
    plain, asked = RequestsTransport(), RequestsTransport(trust_environment=True)
    assert plain.send(Request("GET", server.url)).status == 200
    with pytest.raises(TransportError):
        asked.send(Request("GET", server.url))
    plain.close()
    asked.close()


def test_a_body_that_drips_is_left_when_the_whole_takes_too_long(peer):
    class Impatient:
        """A clock by which each look takes a minute."""

        moment = 0.0

        def now(self):
            self.moment += 60.0
            return self.moment

    wire = RequestsTransport(read_timeout=60, total_timeout=30, clock=Impatient())
    with pytest.raises(TransportError) as caught:
        wire.send(Request("GET", peer(drip).url))
    wire.close()
    assert caught.value.kind == "timeout"


def test_timeouts_are_those_of_the_client_s_own_time(peer):
    wire = RequestsTransport(read_timeout=12, speed=60)  # 0.2 s of the machine
    with pytest.raises(TransportError) as error:
        wire.send(Request("GET", peer(stall).url))
    wire.close()

    assert error.value.kind == "timeout"
