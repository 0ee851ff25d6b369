"""Tokens of a sandbox, taken back."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.services.auth.token import revoke as take_back


def revoke(request: ControlRequest) -> Any:
    """Revoke all access tokens issued so far, or the refresh token."""
    sandbox = request.sandbox
    with sandbox.lock:
        return {"revoked": take_back(sandbox, request.body["kind"])}
