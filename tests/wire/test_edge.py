"""Ordinary and bad traffic, as a raw socket client sees it."""

import pytest

from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.services.faults.kinds.latency import Latency
from tests.wire.edge_server import (
    BODY,
    connect,
    read_all,
    read_reply,
    read_until_reset,
    request,
    running_edge,
    wait_until,
)

KIB = 1024


@pytest.fixture(scope="module")
def server():
    with running_edge() as server:
        yield server


@pytest.fixture(scope="module")
def tight():
    limits = Limits(4 * KIB, drain_bytes=256 * KIB, drain_seconds=0.5)
    with running_edge(limits) as server:
        yield server


def test_a_call_arrives_as_it_was_sent(server):
    with connect(server.port) as client:
        lines = ("X-Two: a", "x-two: b", "ACCEPT: text/x", "Authorization: Bearer é")
        client.sendall(request("/sp/a%20b/list?x=1&y=%2F", b"{}", headers=lines))
        status, headers, body = read_reply(client)
    call = server.pipeline.exchanges[-1].call
    assert (call.method, call.path, call.query) == ("POST", "/sp/a b/list", "x=1&y=%2F")
    assert call.body == b"{}"
    assert call.headers["x-two"] == "a, b"
    assert call.headers["accept"] == "text/x"
    assert set(call.headers) == {name.lower() for name in call.headers}
    assert call.endpoint.port == server.port
    assert (status, body) == (200, BODY)
    assert headers["server"] == "Server"
    assert headers["date"].endswith("GMT")


def test_times_are_in_order_and_lag_is_reported(server):
    with connect(server.port) as client:
        client.sendall(request())
        read_reply(client)
    exchange = server.pipeline.exchanges[-1]
    wait_until(lambda: exchange.ended == "complete")
    assert exchange.call.arrived <= exchange.t_send <= exchange.t_end
    assert exchange.sent == len(BODY)
    assert exchange.entry.lag >= 0.0


def test_a_connection_is_kept_and_has_one_number(server):
    with connect(server.port) as client, connect(server.port) as other:
        for each in (client, client, other):
            each.sendall(request())
            read_reply(each)
    numbers = [exchange.call.connection for exchange in server.pipeline.exchanges[-3:]]
    assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.parametrize(("version", "line"), [("1.1", "Connection: close"), ("1.0", "X: y")])
def test_a_connection_that_shall_close_is_closed(server, version, line):
    with connect(server.port) as client:
        client.sendall(f"GET / HTTP/{version}\r\nHost: x\r\n{line}\r\n\r\n".encode())
        raw = read_all(client)
    assert raw.endswith(BODY)
    assert b"connection: close" in raw


def test_pipelined_requests_are_answered_in_order(server):
    server.pipeline.make = lambda call: Reply(200, call.path.encode())
    server.pipeline.effects["/slow"] = Latency(latency=0.1)
    with connect(server.port) as client:
        client.sendall(request("/slow") + request("/b", b"{}") + request("/c"))
        raw = b""
        while raw.count(b"HTTP/1.1 200") < 3 or not raw.endswith(b"/c"):
            raw += client.recv(65536)
    server.pipeline.make = lambda _: Reply(200, BODY)
    assert raw.index(b"/slow") < raw.index(b"/b") < raw.index(b"/c")


def test_head_gets_headers_alone(server):
    with connect(server.port) as client:
        client.sendall(request(method="HEAD") + request("/next", headers=("Connection: close",)))
        raw = read_all(client)
    first, _, rest = raw.partition(b"\r\n\r\n")
    assert f"content-length: {len(BODY)}".encode() in first
    assert rest.startswith(b"HTTP/1.1 200")


def test_no_content_has_no_body_and_no_length(server):
    server.pipeline.make = lambda _: Reply(204, b"ignored")
    with connect(server.port) as client:
        client.sendall(request(headers=("Connection: close",)))
        raw = read_all(client)
    server.pipeline.make = lambda _: Reply(200, BODY)
    assert raw.endswith(b"\r\n\r\n")
    assert b"content-length" not in raw


def test_an_echoed_header_cannot_split_the_response(server):
    server.pipeline.make = lambda _: Reply(200, b"", headers={"X-Echo": "a\r\nSet-Cookie: b\nc"})
    with connect(server.port) as client:
        client.sendall(request())
        _, headers, _ = read_reply(client)
    server.pipeline.make = lambda _: Reply(200, BODY)
    assert "set-cookie" not in headers
    assert headers["x-echo"].startswith("a")


def test_a_body_in_pieces_is_put_together(server):
    raw = request("/pieces", b"x" * 200_000)
    with connect(server.port) as client:
        for start in range(0, len(raw), 50_000):
            client.sendall(raw[start : start + 50_000])
        assert read_reply(client)[0] == 200
    assert server.pipeline.exchanges[-1].call.body == b"x" * 200_000


def test_a_chunked_body_is_put_together(server):
    head = b"POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with connect(server.port) as client:
        client.sendall(head + b"3\r\nabc\r\n")
        client.sendall(b"2\r\nde\r\n0\r\n\r\n")
        assert read_reply(client)[0] == 200
    assert server.pipeline.exchanges[-1].call.body == b"abcde"


def test_a_client_that_expects_100_gets_continue(server):
    with connect(server.port) as client:
        head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        client.sendall(head.encode())
        assert client.recv(100).startswith(b"HTTP/1.1 100")
        client.sendall(b"{}")
        assert read_reply(client)[0] == 200


@pytest.mark.parametrize("size", [5 * KIB, 200 * KIB, 100_000 * KIB])
def test_a_giant_body_gets_413_and_its_connection_ends(tight, size):
    with connect(tight.port) as client:
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
        client.sendall(head.encode() + b"x" * min(size, 200 * KIB))
        status, headers, _ = read_reply(client)
        assert (status, headers["connection"]) == (413, "close")
        assert client.recv(1) == b""


def test_a_giant_chunked_body_gets_413(tight):
    with connect(tight.port) as client:
        head = b"POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        client.sendall(head + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 3 + b"0\r\n\r\n")
        assert read_reply(client)[0] == 413


def test_a_giant_body_that_waits_for_leave_gets_413_at_once(tight):
    with connect(tight.port) as client:
        lines = "Content-Length: 999999\r\nExpect: 100-continue\r\n"
        client.sendall(f"POST / HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        assert read_reply(client)[0] == 413


def test_a_slow_body_gets_408_and_its_connection_ends():
    with running_edge(Limits(body_seconds=0.3)) as server, connect(server.port) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        status, headers, _ = read_reply(client)
        assert (status, headers["connection"]) == (408, "close")
        assert client.recv(1) == b""


def test_a_client_that_leaves_in_mid_body_is_no_call(tight):
    before = len(tight.pipeline.exchanges)
    with connect(tight.port) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    with connect(tight.port) as client:
        client.sendall(request("/next"))
        read_reply(client)
    assert [exchange.call.path for exchange in tight.pipeline.exchanges[before:]] == ["/next"]


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_malformed_http_is_refused_and_closed(server, raw, capfd):
    with connect(server.port) as client:
        client.sendall(raw)
        answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("target", ["*", "http://elsewhere/a?b=1", "/a//b/../c", "/%00%ff"])
def test_odd_targets_are_answered_without_harm(server, target):
    with connect(server.port) as client:
        client.sendall(
            f"OPTIONS {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        )
        raw = read_all(client)
    assert raw[:12] in {b"HTTP/1.1 200", b"HTTP/1.1 400"}


OFFER = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
CHUNKED = b"POST /chunked HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (request("/up", method="GET", headers=OFFER), b""),
        (request("/up", b'{"a": 1}', headers=OFFER), b'{"a": 1}'),
        (CHUNKED + "\r\n".join((*OFFER, "", "")).encode() + b"2\r\n{}\r\n0\r\n\r\n", b"{}"),
    ],
    ids=["no body", "body", "chunks"],
)
@pytest.mark.parametrize("cut", [None, 40, -3])
def test_an_offer_to_upgrade_is_ignored_and_the_body_is_read(server, raw, body, cut):
    pieces = (raw,) if cut is None else (raw[:cut], raw[cut:])
    with connect(server.port) as client:
        for piece in pieces:
            client.sendall(piece)
        assert read_reply(client)[0] == 200
        call = server.pipeline.exchanges[-1].call
        client.sendall(request("/next", b"[2]"))
        assert read_reply(client)[0] == 200
    assert call.body == body
    assert not {"connection", "upgrade"} & call.headers.keys()
    following = server.pipeline.exchanges[-1].call
    assert (following.body, following.connection) == (b"[2]", call.connection)


def test_calls_that_follow_an_offer_to_upgrade_in_one_piece_are_answered(server):
    before = len(server.pipeline.exchanges)
    with connect(server.port) as client:
        client.sendall(request("/up", b"{}", headers=OFFER) * 3 + request("/last", b"[]"))
        wait_until(lambda: len(server.pipeline.exchanges) == before + 4)
    bodies = [exchange.call.body for exchange in server.pipeline.exchanges[before:]]
    assert bodies == [b"{}", b"{}", b"{}", b"[]"]


def test_the_control_plane_reads_the_body_after_an_offer_to_upgrade():
    def echo(environ, start):
        body = environ["wsgi.input"].read()
        start("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    with running_edge(wsgi=echo) as edge, connect(edge.control_port) as client:
        for body in (b"first", b"second"):
            client.sendall(request("/v1/x", body, headers=OFFER))
            assert read_reply(client)[2] == body


def test_a_large_reply_to_a_slow_reader_arrives_whole(server):
    big = b"x" * 3_000_000
    server.pipeline.make = lambda _: Reply(200, big)
    with connect(server.port) as client:
        client.sendall(request())
        body = read_reply(client)[2]
    server.pipeline.make = lambda _: Reply(200, BODY)
    assert body == big
    wait_until(lambda: server.pipeline.exchanges[-1].ended == "complete")


def test_a_reply_that_is_never_read_is_given_up():
    with running_edge(Limits(send_seconds=0.2)) as server:
        server.pipeline.make = lambda _: Reply(200, b"x" * 50_000_000)
        with connect(server.port) as client:
            client.sendall(request())
            wait_until(
                lambda: server.pipeline.exchanges and server.pipeline.exchanges[-1].ended == "reset"
            )
            assert not read_until_reset(client)[0].endswith(b"x" * 50_000_000)


def test_a_defect_in_the_server_breaks_one_connection_and_is_reported(server, caplog):
    def fail(call):
        raise ZeroDivisionError(call.path)

    with connect(server.port) as late, connect(server.port) as client:
        late.sendall(request())  # once served, its next bytes are read as they come
        assert read_reply(late)[0] == 200
        server.pipeline.make = fail
        try:
            late.sendall(request("/late", b"{}")[:-2])
            client.sendall(request("/defect"))
            assert client.recv(1) == b""
            late.sendall(b"{}")
            assert read_reply(late)[0] == 500
        finally:
            server.pipeline.make = lambda _: Reply(200, BODY)
    with connect(server.port) as client:
        client.sendall(request())
        assert read_reply(client)[0] == 200
    assert "ZeroDivisionError: /defect" in caplog.text
    assert "ZeroDivisionError: /late" in caplog.text


def test_what_comes_behind_the_last_request_is_not_looked_at(server):
    before = len(server.pipeline.exchanges)
    with connect(server.port) as client:
        client.sendall(request("/last", headers=("Connection: close",)) + request("/behind"))
        assert read_all(client).count(b"HTTP/1.1 200") == 1
    assert [exchange.call.path for exchange in server.pipeline.exchanges[before:]] == ["/last"]
