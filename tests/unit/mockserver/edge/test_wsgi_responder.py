"""The bridge to the control plane: one message for a whole body, one for each piece of a stream."""

import asyncio

import pytest

from adsmock.mockserver.edge.wsgi_responder import FewStepMiddleware

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/",
    "query_string": b"",
    "http_version": "1.1",
    "headers": [],
}


def sent(headers, pieces):
    """Return the messages that an application's reply becomes."""

    def application(environ, start):
        start("200 OK", headers)
        return pieces

    messages = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        messages.append(message)

    async def answer():
        middleware = FewStepMiddleware(application, workers=1)
        try:
            await middleware(SCOPE, receive, send)
        finally:
            middleware.executor.shutdown()

    asyncio.run(answer())
    return messages


def test_reply_of_known_length_is_one_head_and_one_body():
    head, body = sent([("Content-Length", "6")], [b"abc", b"def"])

    assert (head["type"], head["status"]) == ("http.response.start", 200)
    assert (b"content-length", b"6") in head["headers"]
    assert (body["body"], body.get("more_body", False)) == (b"abcdef", False)


def test_stream_is_sent_piece_by_piece():
    _, *bodies = sent([], [b"abc", b"def"])

    assert [one["body"] for one in bodies] == [b"abc", b"def", b""]
    assert [one.get("more_body", False) for one in bodies] == [True, True, False]


def test_failure_of_the_application_reaches_the_server():
    def pieces():
        yield b"abc"
        raise ValueError("broken in the middle")

    with pytest.raises(ValueError, match="broken in the middle"):
        sent([("Content-Length", "6")], pieces())
