"""Listeners of one sandbox: TLS, sound or wrong on purpose, and a proxy that leads to it."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.request import ControlRequest, Listeners
from adsmock.mockserver.core.error import SetupError


def list_all(request: ControlRequest) -> Any:
    """Return the listeners opened for a sandbox."""
    sandbox_id = request.sandbox.id
    return {"listeners": [] if request.listeners is None else request.listeners.rows(sandbox_id)}


def create(request: ControlRequest) -> Any:
    """Open a listener on a free port; what arrives there is the sandbox's."""
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
        raise SetupError("an application in process has no listeners", status=501)
    return request.listeners
