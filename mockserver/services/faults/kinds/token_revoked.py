"""Fault kind ``token-revoked``: the access token stops working."""

from __future__ import annotations

from adsmock.mockserver.core.effect import Effect, RefusalContext
from adsmock.mockserver.core.error import Injected


class TokenRevoked(Effect):
    """A refusal with 401; the caller's token stays revoked."""

    kind = "token-revoked"
    points = ("before",)
    summary = "Revokes the access token before its time."

    def refuse(self, context: RefusalContext) -> Injected | None:
        """Revoke the caller's token and return the refusal."""
        context.revoke_token()
        return Injected("unauthorized", 401)
