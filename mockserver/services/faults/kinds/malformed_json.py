"""Fault kind ``malformed-json``: a body that does not parse."""

from __future__ import annotations

from adsmock.mockserver.core.call import BODILESS, Reply
from adsmock.mockserver.core.effect import Effect


class MalformedJson(Effect):
    """A body of the announced length that is no JSON."""

    kind = "malformed-json"
    points = ("on_wire",)
    summary = "Sends a body of the announced length that does not parse as JSON."

    def change_body(self, reply: Reply) -> bool:
        """Cut the last byte off, or add a brace in front."""
        if reply.status in BODILESS:
            return False
        body = reply.body.rstrip()
        # Without its last byte no object, array or string parses; a number needs more.
        reply.body = body[:-1] if body[-1:] in {b"}", b"]", b'"'} else b"{" + body
        return True
