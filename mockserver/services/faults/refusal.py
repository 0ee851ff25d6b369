"""What the kinds share that refuse a call: http, html, empty and outage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, ClassVar

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core.effect import Effect, RefusalContext, setting
from adsmock.mockserver.core.error import Injected, SetupError

BODILESS = frozenset({204, 205, 304})
"""Statuses whose replies carry no body."""


def _bytes(body: Any) -> bytes | None:
    if body is None:
        return None
    return (body if isinstance(body, str) else json.dumps(body)).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Effect):
    """A refusal with a status and headers."""

    default_status: ClassVar[int] = 503

    status: int | None = setting(
        "status", {"type": ["integer", "null"], "minimum": 200, "maximum": 599}
    )
    headers: tuple[tuple[str, str], ...] = setting(
        "headers",
        {
            "type": "object",
            "maxProperties": 50,
            "propertyNames": {"pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$"},
            "additionalProperties": {
                "type": "string",
                "pattern": "^[\\x20-\\x7e]*$",
                "maxLength": 4000,
            },
        },
        default=(),
        read=lambda headers: tuple(headers.items()),
    )

    @classmethod
    def check(cls, given: dict[str, Any], contract_set: ContractSet) -> None:
        """Check that the status allows a body."""
        status = given.get("status")
        if status in BODILESS:
            raise SetupError(
                f"status {status} has no body; expected one that has; choose another status",
                pointer="/effect/status",
            )

    def injected(
        self,
        context: RefusalContext,
        *,
        body: bytes | None = None,
        message: str | None = None,
        dialect: str | None = None,
        retry_after: str | None = None,
    ) -> Injected:
        """Return the refusal; ``dialect`` is None for the family's own wording."""
        status = self.status or self.default_status
        headers = dict(self.headers)
        if retry_after is not None:
            headers["Retry-After"] = _header_value(retry_after, context.now)
        try:
            error_kind = context.error_kind(status)
        except KeyError:
            error_kind = "internal"
        return Injected(
            error_kind, status, body=body, message=message, dialect=dialect, headers=headers
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRefusal(Refusal):
    """A refusal that may bring its own body and a Retry-After header."""

    retry_after: str | None = setting(
        "retryAfter",
        {
            "type": ["integer", "string", "null"],
            "description": 'Seconds, "http-date:N" for a date in N seconds, or null for no header.',
            "minimum": 0,
            "maximum": 86400,
            "pattern": "^(http-date:)?[0-9]{1,5}$",
        },
        read=lambda value: None if value is None else str(value),
    )
    body: bytes | None = setting(
        "body",
        {
            "type": ["string", "object", "array", "null"],
            "description": "The body of the reply, in place of the family's own.",
        },
        read=_bytes,
    )


def _header_value(text: str, now: float) -> str:
    """Return seconds as they are, and ``http-date:N`` as the date N seconds ahead."""
    form, _, seconds = text.partition(":")
    return formatdate(now + int(seconds), usegmt=True) if form == "http-date" else text
