"""Predicates about one attempt or reply. They change nothing; the budget is checked elsewhere."""

from __future__ import annotations

from http import HTTPStatus

from ..transport import Reply
from .context import Attempt, Kind

SCOPE_TEXTS = (
    "scope header is missing",
    "not authorized to access scope",
    "no matching advertiser found for scope",
)
"""The 401 texts that a new token does not resolve. Source: concepts/errors (documented)."""

GONE = frozenset(
    {
        HTTPStatus.NOT_FOUND,
        HTTPStatus.NOT_ACCEPTABLE,
        HTTPStatus.GONE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    }
)
"""The statuses of paths and media types that are shut off.

Source: 404 and 406 observed on retired paths, 410 and 415 assumed for the others.
"""


def is_success(attempt: Attempt) -> bool:
    """Return whether the call succeeded and the reply can be read."""
    return _has_success_status(attempt) and not is_unreadable(attempt)


def is_unreadable(attempt: Attempt) -> bool:
    """Return whether a success has no valid JSON: an HTML page, no body, or a cut document."""
    if attempt.kind is Kind.DOWNLOAD or attempt.reply is None or not _has_success_status(attempt):
        return False
    try:
        return attempt.reply.json is None
    except ValueError:
        return True


def is_throttled(attempt: Attempt) -> bool:
    """Return whether the call was throttled."""
    return attempt.status == HTTPStatus.TOO_MANY_REQUESTS


def is_server_error(attempt: Attempt) -> bool:
    """Return whether the service had an error of its own (5xx)."""
    return attempt.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def is_transport_error(attempt: Attempt) -> bool:
    """Return whether no complete reply was received; a wrong certificate does not count."""
    return attempt.error is not None and not is_untrusted(attempt)


def is_untrusted(attempt: Attempt) -> bool:
    """Return whether the certificate could not be verified: a retry would not change that."""
    return attempt.error is not None and attempt.error.kind == "untrusted"


TRANSIENT = (is_throttled, is_server_error, is_transport_error, is_unreadable)
"""Reasons to retry. Source: concepts/rate-limiting (documented)."""


def is_transient(attempt: Attempt) -> bool:
    """Return whether a retry may succeed."""
    return any(check(attempt) for check in TRANSIENT)


def is_outcome_unknown(attempt: Attempt) -> bool:
    """Return whether the work may have been done although no reply confirms it.

    A 429 was not accepted, and without a connection nothing was sent; all others are uncertain.
    """
    if attempt.error is not None:
        return attempt.error.kind not in {"connect", "untrusted"}
    return is_server_error(attempt) or is_unreadable(attempt)


def is_scope_refused(reply: Reply) -> bool:
    """Return whether a 401 is about the profile and not about the token."""
    text = reply.text.lower()
    return reply.status == HTTPStatus.UNAUTHORIZED and any(known in text for known in SCOPE_TEXTS)


def is_token_refused(reply: Reply) -> bool:
    """Return whether a new token may resolve this 401."""
    return reply.status == HTTPStatus.UNAUTHORIZED and not is_scope_refused(reply)


def _has_success_status(attempt: Attempt) -> bool:
    return HTTPStatus.OK <= attempt.status < HTTPStatus.MULTIPLE_CHOICES
