"""The error that a final attempt stands for.

Knows which refusal means what. Must not decide whether an attempt is final.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ..errors import (
    AdsError,
    Refused,
    ScopeRefused,
    Untrusted,
    UrlExpired,
    VersionGone,
)
from . import checker
from .context import Kind

if TYPE_CHECKING:
    from ..transport import Reply
    from .context import Attempt

_TEXT_KEYS = ("message", "details", "detail", "description", "error_description")
"""The members in which the families of the API carry their text."""

_TEXT_LENGTH = 300


def refusal(attempt: Attempt) -> AdsError:
    """Return the error for an attempt that must not be repeated."""
    if checker.is_untrusted(attempt):
        return Untrusted(str(attempt.breakage))
    reply = attempt.reply
    assert reply is not None, "no other breakage is final by itself"
    if attempt.kind is Kind.DOWNLOAD:
        expired = reply.status in {HTTPStatus.FORBIDDEN, HTTPStatus.GONE}
        return (UrlExpired if expired else Refused)(reply.status, text_of(reply))
    if checker.is_scope_refused(reply):
        return ScopeRefused(reply.status, text_of(reply))
    if reply.status in checker.GONE and attempt.kind is not Kind.TOKEN:
        return VersionGone(reply.status, text_of(reply))
    return Refused(reply.status, text_of(reply))


def text_of(reply: Reply) -> str:
    """Return the human part of an error body in any dialect."""
    try:
        body: Any = reply.json
    except ValueError:
        body = None
    if isinstance(body, dict):
        for key in _TEXT_KEYS:
            if body.get(key):
                return str(body[key])[:_TEXT_LENGTH]
    return reply.text[:_TEXT_LENGTH].strip() or "(no text)"
