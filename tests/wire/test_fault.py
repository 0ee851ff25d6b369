"""Every wire fault, as a raw socket client sees it."""

import gzip
import json
import struct

import pytest

from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.services.faults.kinds import drip, timeout_after_commit
from adsmock.mockserver.services.faults.kinds.bad_gzip import BadGzip
from adsmock.mockserver.services.faults.kinds.close import Close
from adsmock.mockserver.services.faults.kinds.drip import Drip
from adsmock.mockserver.services.faults.kinds.latency import Latency
from adsmock.mockserver.services.faults.kinds.malformed_json import MalformedJson
from adsmock.mockserver.services.faults.kinds.reset import Reset
from adsmock.mockserver.services.faults.kinds.timeout_after_commit import TimeoutAfterCommit
from adsmock.mockserver.services.faults.kinds.truncate import Truncate
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


@pytest.fixture(scope="module")
def server():
    with running_edge() as server:
        yield server


def send(server, effect, **parts):
    path = f"/{effect.kind}-{len(server.pipeline.exchanges)}"
    server.pipeline.effects[path] = effect
    client = connect(server.port)
    client.sendall(request(path, **parts))
    return client


def last(server):
    wait_until(lambda: server.pipeline.exchanges[-1].ended != "open")
    return server.pipeline.exchanges[-1]


def test_reset_comes_as_rst_before_any_byte(server):
    with send(server, Reset()) as client, pytest.raises(ConnectionResetError):
        client.recv(1)
    exchange = last(server)
    assert (exchange.ended, exchange.sent) == ("reset", 0)
    assert exchange.t_send >= exchange.call.arrived


def test_close_comes_as_fin_before_any_byte_on_a_connection_that_was_kept(server):
    with connect(server.port) as client:
        client.sendall(request("/before"))
        assert read_reply(client)[2] == BODY
        server.pipeline.effects["/close"] = Close(point="after_commit")
        client.sendall(request("/close"))
        assert client.recv(1) == b""
    exchange = last(server)
    assert (exchange.ended, exchange.sent) == ("closed", 0)


def test_reset_on_wire_comes_after_headers_and_part_of_the_body(server):
    with send(server, Reset(point="on_wire")) as client:
        seen, was_reset = read_until_reset(client)
    assert was_reset
    assert seen.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"content-length: {len(BODY)}".encode() in seen
    assert seen.endswith(BODY[: len(BODY) // 2])
    assert last(server).ended == "reset"


@pytest.mark.parametrize(("keep", "left"), [(None, len(BODY) // 2), (0, 0), (17, 17)])
def test_truncate_announces_all_sends_part_and_ends_with_fin(server, keep, left):
    with send(server, Truncate(keep_bytes=keep)) as client:
        raw = read_all(client)
    head, _, body = raw.partition(b"\r\n\r\n")
    assert f"content-length: {len(BODY)}".encode() in head
    assert body == BODY[:left]
    assert (last(server).ended, last(server).sent) == ("truncated", left)


def test_timeout_after_commit_never_answers_and_ends_when_the_client_leaves(server):
    before = len(server.pipeline.exchanges)
    client = send(server, TimeoutAfterCommit())
    wait_until(lambda: len(server.pipeline.exchanges) > before)
    client.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.recv(1)
    exchange = server.pipeline.exchanges[-1]
    assert exchange.call.path.startswith("/timeout")
    assert exchange.ended == "open"
    client.close()
    wait_until(lambda: exchange.ended == "timeout")
    assert exchange.sent == 0


def test_timeout_after_commit_lets_go_after_its_time(server, monkeypatch):
    monkeypatch.setattr(timeout_after_commit, "STALL_SECONDS", 0.05)
    with send(server, TimeoutAfterCommit()) as client:
        assert client.recv(1) == b""
    assert last(server).ended == "timeout"


def test_malformed_json_has_the_right_length_and_does_not_parse(server):
    with send(server, MalformedJson()) as client:
        status, headers, body = read_reply(client)
        assert status == 200
        assert int(headers["content-length"]) == len(body)
        with pytest.raises(json.JSONDecodeError):
            json.loads(body)
        client.sendall(request("/after"))
        assert read_reply(client)[2] == BODY


@pytest.mark.parametrize("body", [b"{}", b"[1]", b'"text"', b"7", b"null", b"", b'{"a":1}\n'])
def test_malformed_json_spoils_every_json_text(body):
    reply = Reply(200, body)
    MalformedJson().change_body(reply)
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.body)


def test_bad_gzip_claims_gzip_and_does_not_unpack(server):
    with send(server, BadGzip()) as client:
        _, headers, body = read_reply(client)
    assert headers["content-encoding"] == "gzip"
    assert body[:2] == b"\x1f\x8b"
    with pytest.raises((gzip.BadGzipFile, EOFError, OSError, struct.error, Exception)):
        gzip.decompress(body)


@pytest.mark.parametrize("media", ["application/gzip", "application/octet-stream"])
def test_bad_gzip_of_a_gzip_file_keeps_its_type_and_does_not_unpack(media):
    """With Content-Encoding it is the HTTP client that fails, not the program."""
    reply = Reply(200, gzip.compress(BODY), media)
    BadGzip().change_body(reply)
    assert "content-encoding" not in reply.headers
    with pytest.raises(Exception, match=r".+"):
        gzip.decompress(reply.body)


def test_latency_delays_the_whole_answer(server):
    with send(server, Latency(latency=0.2)) as client:
        assert read_reply(client)[2] == BODY
    exchange = last(server)
    assert exchange.ended == "complete"
    assert exchange.t_send - exchange.call.arrived >= 0.19


def test_latency_joins_any_other_kind(server):
    with (
        send(server, Reset(latency=0.2)) as client,
        pytest.raises(ConnectionResetError),
    ):
        client.recv(1)
    exchange = last(server)
    assert exchange.t_send - exchange.call.arrived >= 0.19


def test_latency_of_a_client_that_left_ends_as_client_closed(server):
    before = len(server.pipeline.exchanges)
    client = send(server, Latency(latency=30))
    wait_until(lambda: len(server.pipeline.exchanges) > before)
    client.close()
    assert last(server).ended == "client-closed"


def test_drip_sends_a_byte_at_a_time(server, monkeypatch):
    monkeypatch.setattr(drip, "DRIP_SECONDS", 0.1)
    server.pipeline.make = lambda _: Reply(200, b'{"a":1}')
    try:
        with send(server, Drip()) as client:
            pieces, raw = 0, b""
            while not raw.endswith(b'{"a":1}'):
                raw += client.recv(65536)
                pieces += 1
    finally:
        server.pipeline.make = lambda _: Reply(200, BODY)
    assert pieces > 1
    exchange = last(server)
    assert (exchange.ended, exchange.sent) == ("complete", 7)
    assert exchange.t_end - exchange.t_send >= 0.5


def test_drip_with_latency_takes_about_that_long(server, monkeypatch):
    monkeypatch.setattr(drip, "DRIP_SECONDS", 0.02)
    with send(server, Drip(latency=0.2)) as client:
        assert read_reply(client)[2] == BODY
    exchange = last(server)
    all_bytes_one_by_one = len(BODY) * 0.02
    assert 0.1 <= exchange.t_end - exchange.t_send < all_bytes_one_by_one / 2


def test_a_stalled_call_does_not_hold_up_others(server):
    stalled = [send(server, Latency(latency=600)) for _ in range(50)]
    with connect(server.port) as client:
        for _ in range(200):
            client.sendall(request("/quick"))
            assert read_reply(client)[0] == 200
    for each in stalled:
        each.close()
