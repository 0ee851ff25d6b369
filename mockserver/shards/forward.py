"""Passes a request of the control plane to a shard, and its reply back, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse

from flask import Response, request

from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.shards.process import AnyShard

_NOT_SENT = frozenset(
    {"host", "origin", "authorization", "connection", "content-length", "transfer-encoding"}
)
"""Headers of the caller's connection, and those that the control plane has checked already."""
_DROPPED = frozenset({"connection", "transfer-encoding", "content-length", "date", "server"})
_TIMEOUT = 120.0
_PIECE = 65_536


def forward(shard: AnyShard, body: bytes | None = None) -> Response:
    """Return the reply of a shard to the present request, with another body if it is given.

    Raises:
        SetupError: 503; the shard does not answer.
    """
    if not shard.is_up:
        raise starting(shard)
    headers = {name: text for name, text in request.headers if name.lower() not in _NOT_SENT}
    if shard.control_token:
        headers["Authorization"] = f"Bearer {shard.control_token}"
    if body is not None:
        headers["Content-Type"] = "application/json"  # the caller may have sent no body
    line = HTTPConnection(*shard.address, timeout=_TIMEOUT)
    sent = request.get_data(cache=False) if body is None else body
    try:
        line.request(request.method, request.full_path.rstrip("?"), sent or None, headers)
        reply = line.getresponse()
    except (OSError, HTTPException):
        line.close()
        raise starting(shard) from None
    kept = [(name, value) for name, value in reply.getheaders() if name.lower() not in _DROPPED]
    return Response(_pieces(line, reply), status=reply.status, headers=kept)


def starting(shard: AnyShard) -> SetupError:
    """Return the refusal of a call to a shard that does not answer."""
    return SetupError(
        f"shard {shard.name} of this sandbox is starting: try again in a second", status=503
    )


def _pieces(line: HTTPConnection, reply: HTTPResponse) -> Iterator[bytes]:
    try:
        while piece := reply.read1(_PIECE):
            yield piece
    finally:
        line.close()
