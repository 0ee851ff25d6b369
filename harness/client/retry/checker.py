"""Pure questions about one attempt. Each takes an attempt (or a reply) and answers yes or no.

Knows statuses and the few texts that decide. Must not change state, wait or draw: whether the
budget allows a retry is no checker's business, since asking it spends.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from .context import Kind

if TYPE_CHECKING:
    from ..transport import Reply
    from .context import Attempt

SCOPE_TEXTS = (
    "scope header is missing",
    "not authorized to access scope",
    "no matching advertiser found for scope",
)
"""The 401 texts that no new token can cure. Source: concepts/errors (documented)."""

GONE = frozenset(
    {
        HTTPStatus.NOT_FOUND,
        HTTPStatus.NOT_ACCEPTABLE,
        HTTPStatus.GONE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    }
)
"""What shut-off paths and media types answer.

Source: 404 and 406 observed on retired paths, 410 and 415 assumed for the others.
"""


def is_success(attempt: Attempt) -> bool:
    """Say whether the work was accepted and the reply can be read."""
    return _has_success_status(attempt) and not is_garbled(attempt)


def is_garbled(attempt: Attempt) -> bool:
    """Say whether a success carries no JSON: a page of HTML, nothing, or half a document."""
    if attempt.kind is Kind.DOWNLOAD or attempt.reply is None or not _has_success_status(attempt):
        return False
    try:
        return attempt.reply.json is None
    except ValueError:
        return True


def is_throttled(attempt: Attempt) -> bool:
    """Say whether the service asks for fewer calls."""
    return attempt.status == HTTPStatus.TOO_MANY_REQUESTS


def is_server_error(attempt: Attempt) -> bool:
    """Say whether the service failed by itself."""
    return attempt.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def is_transport_error(attempt: Attempt) -> bool:
    """Say whether no whole reply came, from whom it was due."""
    return attempt.breakage is not None and not is_untrusted(attempt)


def is_untrusted(attempt: Attempt) -> bool:
    """Say whether a stranger answered: his certificate will be no better the next time."""
    return attempt.breakage is not None and attempt.breakage.kind == "untrusted"


TRANSIENT = (is_throttled, is_server_error, is_transport_error, is_garbled)
"""Any of these makes an attempt worth repeating. Source: concepts/rate-limiting (documented)."""


def is_transient(attempt: Attempt) -> bool:
    """Say whether the same attempt may well succeed later."""
    return any(check(attempt) for check in TRANSIENT)


def is_outcome_unknown(attempt: Attempt) -> bool:
    """Say whether the work may have been done although no answer confirms it.

    A 429 was not accepted, and without a connection nothing was sent; all else is doubtful.
    """
    if attempt.breakage is not None:
        return attempt.breakage.kind not in {"connect", "untrusted"}
    return is_server_error(attempt) or is_garbled(attempt)


def is_scope_refused(reply: Reply) -> bool:
    """Say whether a 401 is about the profile and not about the token."""
    text = reply.text.lower()
    return reply.status == HTTPStatus.UNAUTHORIZED and any(known in text for known in SCOPE_TEXTS)


def is_token_refused(reply: Reply) -> bool:
    """Say whether a fresh token may cure this 401."""
    return reply.status == HTTPStatus.UNAUTHORIZED and not is_scope_refused(reply)


def _has_success_status(attempt: Attempt) -> bool:
    return HTTPStatus.OK <= attempt.status < HTTPStatus.MULTIPLE_CHOICES
