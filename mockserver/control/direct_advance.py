"""``clock.advance`` without Flask: a client in virtual time calls it before most of its calls.

It answers only what is valid and needs no wait. Everything else takes the path through Flask, which
has the error messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import orjson
from werkzeug.datastructures import Headers

from adsmock.mockserver.control.access import AccessRules, check_caller
from adsmock.mockserver.control.handler.clock import advanced, shut_offs
from adsmock.mockserver.control.routes import JSON
from adsmock.mockserver.control.schema import validator
from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.services.durations import LATEST
from adsmock.mockserver.services.stream.subscription_table import Subscriptions

MAX_EVENTS = 1_000
"""Jobs and tokens of a sandbox whose events the event loop looks for; more take a thread."""

_PATH = re.compile(r"/_mock/v1/sandboxes/([^/]+)/clock/advance")

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class DirectAdvance:
    """Advances the clocks of one mock on its event loop."""

    def __init__(self, runtime: Runtime, access: AccessRules) -> None:
        self._runtime = runtime
        self._access = access
        self._calendar = shut_offs(runtime.contract_set)
        self._body = validator("AdvanceRequest")

    def answer(
        self, line: tuple[str, str, bytes], pairs: Iterable[tuple[bytes, bytes]], body: bytes
    ) -> Reply | None:
        """Return the reply, None if the request must take the path through Flask."""
        method, path, query = line
        named = _PATH.fullmatch(path) if method == "POST" and not query else None
        sandbox = self._runtime.sandboxes.get(named[1]) if named else None
        if sandbox is None or self._runtime.data is not None or not self._may_call(pairs):
            return None
        seconds = self._seconds(body)
        with sandbox.lock:
            if seconds is None or _must_wait(sandbox, sandbox.clock.now() + seconds):
                return None
            moved = advanced(sandbox, self._runtime.sandboxes, seconds, self._calendar)
        return Reply(200, orjson.dumps(moved), JSON, _HEADERS)

    def _may_call(self, pairs: Iterable[tuple[bytes, bytes]]) -> bool:
        headers = Headers(
            [(each.decode("latin-1"), text.decode("latin-1")) for each, text in pairs]
        )
        try:
            check_caller(self._access, "clock.advance", "POST", headers)
        except SetupError:
            return False
        return headers.get("Content-Type") == JSON

    def _seconds(self, body: bytes) -> float | None:
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None
        return float(value["seconds"]) if self._body.is_valid(value) else None


def _must_wait(sandbox: Sandbox, until: float) -> bool:
    """Say whether an advance is refused, waits for files, or has much to deliver or to look at."""
    return (
        until > LATEST
        or len(sandbox.jobs) + len(sandbox.tokens.expiries) > MAX_EVENTS
        or any(job.file is not None and not job.file.done() for job in sandbox.jobs.values())
        or Subscriptions(sandbox, until).next_due <= until
    )
