"""The kept connection: used again, opened again after the server closed it, never silent."""

import socket
import threading
from contextlib import contextmanager
from http.client import HTTPException

import pytest

from adsmock.harness.suite.control.kept_connection import KeptConnection
from adsmock.harness.suite.control.plane import Plane, PlaneError

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def server(*connections):
    """Answer each connection with its replies, then close it; yield the URL and what arrives."""
    listener, heard = socket.create_server(("127.0.0.1", 0)), []
    closed = [threading.Event() for _ in connections]

    def serve():
        for replies, event in zip(connections, closed, strict=True):
            handle, _ = listener.accept()
            with handle:
                for reply in replies:
                    heard.append(handle.recv(65_536))
                    handle.sendall(reply)
            event.set()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/_mock/v1", heard, closed
    thread.join(60)


def test_calls_use_one_connection_and_leave_in_one_piece():
    with server([OK, OK]) as (base, heard, _):
        kept = KeptConnection(base, {"Authorization": "Bearer t"}, 60.0)
        assert [kept.request("POST", "/a", b"{}"), kept.request("POST", "/b", b"[]")] == [
            (200, b"{}")
        ] * 2

    first, second = (piece.decode() for piece in heard)
    assert first.startswith("POST /_mock/v1/a HTTP/1.1\r\nHost: 127.0.0.1:")
    assert "\r\nAuthorization: Bearer t\r\n" in first
    assert first.endswith("\r\nContent-Length: 2\r\n\r\n{}")
    assert second.startswith("POST /_mock/v1/b ")
    assert second.endswith("[]")


def test_connection_that_the_server_closed_is_opened_again():
    with server([OK], [OK]) as (base, _, closed):
        kept = KeptConnection(base, {}, 60.0)
        kept.request("POST", "/a", b"{}")
        assert closed[0].wait(60)

        assert kept.request("POST", "/a", b"{}") == (200, b"{}")


def test_reply_that_ends_the_connection_is_read_and_the_next_call_opens_another():
    last = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    with server([last], [OK]) as (base, _, _closed):
        kept = KeptConnection(base, {}, 60.0)

        assert [kept.request("POST", "/a", b"{}"), kept.request("POST", "/a", b"{}")] == [
            (200, b"{}")
        ] * 2


def test_reply_that_is_no_http_is_an_error_and_the_next_call_opens_another():
    with server([b"what?\r\n\r\n"], [OK]) as (base, _, _closed):
        kept = KeptConnection(base, {}, 60.0)

        with pytest.raises(HTTPException):
            kept.request("POST", "/a", b"{}")
        assert kept.request("POST", "/a", b"{}") == (200, b"{}")


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "http://[::1", "http://127.0.0.1:port"])
def test_control_plane_that_cannot_be_reached_is_named(base):
    with pytest.raises(PlaneError, match="no control plane answers at http://") as caught:
        Plane(base).advance("t1", 1.0)
    assert caught.value.status == 0


def test_refusal_of_an_advance_has_its_status_and_reason():
    body = b'{"detail": "too far", "pointer": "/seconds"}'
    reply = b"HTTP/1.1 400 Bad\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with server([reply]) as (base, _, _closed):
        plane = Plane(base)
        with pytest.raises(PlaneError, match="400 too far at /seconds") as caught:
            plane.advance("t1", 1.0)
        plane.close()
    assert caught.value.status == 400


def test_reply_without_a_length_ends_with_the_connection():
    with server([b"HTTP/1.1 200 OK\r\n\r\n{}"], [OK]) as (base, _, _closed):
        kept = KeptConnection(base, {}, 60.0)

        assert [kept.request("POST", "/a", b"{}"), kept.request("POST", "/a", b"{}")] == [
            (200, b"{}")
        ] * 2


@pytest.mark.parametrize(
    "reply", [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", b"HTTP/1.1 200 OK\r\nHost"]
)
def test_reply_that_ends_too_early_is_an_error(reply):
    with server([reply]) as (base, _, _closed):
        kept = KeptConnection(base, {}, 60.0)

        with pytest.raises((HTTPException, OSError)):
            kept.request("POST", "/a", b"{}")


def test_numbers_and_texts_that_only_the_standard_library_reads_arrive():
    body = b'{"whole": 123456789012345678901234567890, "half": "\\ud800", "much": 1e400}'
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with server([reply]) as (base, _, _closed):
        plane = Plane(base)
        assert plane.health() == {
            "whole": 123456789012345678901234567890,
            "half": "\ud800",
            "much": float("inf"),
        }
        plane.close()
