"""Fault kind ``empty``: answer with a status and no body."""

from __future__ import annotations

from adsmock.mockserver.core.effect import RefusalContext
from adsmock.mockserver.core.error import Injected
from adsmock.mockserver.services.faults.refusal import Refusal


class Empty(Refusal):
    """A reply with a status, 200 by default, and no body."""

    kind = "empty"
    points = ("before",)
    summary = "Answers with a status and no body where JSON is expected."
    default_status = 200

    def refuse(self, context: RefusalContext) -> Injected | None:
        """Return the reply without a body."""
        return self.injected(context, body=b"")
