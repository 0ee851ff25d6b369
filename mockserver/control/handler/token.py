"""Revocation of a sandbox's tokens."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.services.auth.token import revoke as revoke_tokens


def revoke(request: ControlRequest) -> Any:
    """Revoke all access tokens issued so far, or the refresh token."""
    sandbox = request.sandbox
    with sandbox.lock:
        return {"revoked": revoke_tokens(sandbox, request.body["kind"])}
