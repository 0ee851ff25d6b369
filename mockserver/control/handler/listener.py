"""Listeners of one sandbox: TLS, sound or wrong on purpose, and a proxy that leads to it."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.request import ControlRequest, Listeners
from adsmock.mockserver.core.error import SetupError


def list_all(ask: ControlRequest) -> Any:
    """Return the listeners opened for a sandbox."""
    sandbox_id = ask.sandbox.id
    return {"listeners": [] if ask.listeners is None else ask.listeners.rows(sandbox_id)}


def create(ask: ControlRequest) -> Any:
    """Open a listener on a free port; what arrives there is the sandbox's."""
    sandbox_id, body = ask.sandbox.id, ask.body
    kind, flaw = body.get("kind", "tls"), body.get("flaw", "none")
    return _desk(ask).open(sandbox_id, kind, flaw, body.get("region"))


def clear(ask: ControlRequest) -> None:
    """Close the listeners of a sandbox."""
    sandbox_id = ask.sandbox.id
    if ask.listeners is not None:
        ask.listeners.close(sandbox_id)


def _desk(ask: ControlRequest) -> Listeners:
    if ask.listeners is None:
        raise SetupError("an application in process has no listeners", status=501)
    return ask.listeners
