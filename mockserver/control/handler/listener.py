"""TLS listeners of one sandbox, correct or with a planned flaw, and proxies to them."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.request import ControlRequest, Listeners
from adsmock.mockserver.core.error import SetupError


def list_all(request: ControlRequest) -> Any:
    """Return the listeners of a sandbox."""
    sandbox_id = request.sandbox.id
    return {"listeners": [] if request.listeners is None else request.listeners.rows(sandbox_id)}


def create(request: ControlRequest) -> Any:
    """Open a listener on a free port; its calls belong to the sandbox."""
    sandbox_id, body = request.sandbox.id, request.body
    kind, flaw = body.get("kind", "tls"), body.get("flaw", "none")
    return _listeners(request).open(sandbox_id, kind, flaw, body.get("region"))


def clear(request: ControlRequest) -> None:
    """Close the listeners of a sandbox."""
    sandbox_id = request.sandbox.id
    if request.listeners is not None:
        request.listeners.close(sandbox_id)


def _listeners(request: ControlRequest) -> Listeners:
    if request.listeners is None:
        raise SetupError(
            "this server has no sockets: start one with 'adsmock serve' to open listeners",
            status=501,
        )
    return request.listeners
