"""Fault kind ``html``: answer with an HTML page where JSON is expected."""

from __future__ import annotations

from adsmock.mockserver.core.effect import RefusalContext
from adsmock.mockserver.core.error import Injected
from adsmock.mockserver.services.faults.refusal import BodyRefusal


class Html(BodyRefusal):
    """A refusal with an HTML page, as proxies and load balancers send it."""

    kind = "html"
    points = ("before",)
    summary = "Answers with an HTML page where JSON is expected."

    def refuse(self, context: RefusalContext) -> Injected | None:
        """Return the refusal."""
        return self.injected(context, body=self.body, dialect="html", retry_after=self.retry_after)
