"""The error for an attempt that is final."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ..errors import (
    AdsError,
    Refused,
    ScopeRefused,
    Untrusted,
    UrlExpired,
    VersionGone,
)
from ..transport import Reply
from . import checker
from .context import Attempt, Kind

_TEXT_KEYS = ("message", "details", "detail", "description", "error_description")
"""The members that hold the message, by family of the API."""

_TEXT_LENGTH = 300


def refusal(attempt: Attempt) -> AdsError:
    """Return the error for a failed attempt that must not be repeated."""
    if checker.is_untrusted(attempt):
        return Untrusted(str(attempt.error))
    reply = attempt.reply
    assert reply is not None, "other transport errors are retried"
    if attempt.kind is Kind.DOWNLOAD:
        expired = reply.status in {HTTPStatus.FORBIDDEN, HTTPStatus.GONE}
        return (UrlExpired if expired else Refused)(reply.status, text_of(reply))
    if checker.is_scope_refused(reply):
        return ScopeRefused(reply.status, text_of(reply))
    if reply.status in checker.GONE and attempt.kind is not Kind.TOKEN:
        return VersionGone(reply.status, text_of(reply))
    return Refused(reply.status, text_of(reply))


def text_of(reply: Reply) -> str:
    """Return the message of an error body of any family."""
    try:
        body: Any = reply.json
    except ValueError:
        body = None
    if isinstance(body, dict):
        for key in _TEXT_KEYS:
            if body.get(key):
                return str(body[key])[:_TEXT_LENGTH]
    return reply.text[:_TEXT_LENGTH].strip() or "(no text)"
