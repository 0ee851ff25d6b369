"""Page tokens, signed and bound to the profile, the list and its filters."""

from __future__ import annotations

from typing import Any

import orjson

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.services.request_context import RequestContext

_TOKEN = "page"

STYLE_CHOICE = "page.token"
"""The sandbox choice that sets the style of tokens."""

_PLAIN = ("+/", "==")
"""Prefix and suffix of tokens in the ``plain`` style: base64 characters that a form or a URL must
escape."""


def make_page_token(context: RequestContext, name: str, asked: str, *place: object) -> str:
    """Return the token of the page after ``place`` of the list ``name`` with filters ``asked``."""
    head, tail = _frame(context)
    token = context.sandboxes.signer.sign(_TOKEN, *_bound(context, name, asked), *place)
    return f"{head}{token}{tail}"


def read_page_token(
    context: RequestContext, name: str, asked: str, token: str
) -> tuple[str, ...] | None:
    """Return the place in a token, None if this list did not issue the token."""
    head, tail = _frame(context)
    is_framed = token.startswith(head) and token.endswith(tail)
    inner = token.removeprefix(head).removesuffix(tail) if is_framed else ""
    found = context.sandboxes.signer.verify(_TOKEN, inner)
    bound = _bound(context, name, asked)
    if found is None or found[: len(bound)] != bound:
        return None
    return found[len(bound) :]


def first_row(context: RequestContext, token: str | None, member: str, asked: str = "") -> int:
    """Return the index of a page's first row, 0 without a token.

    Raises:
        ApiError: 400, this list did not issue the token.
    """
    if not token:
        return 0
    place = read_page_token(context, context.contract.name, asked, token)
    if place is None:
        raise ApiError("invalid", 400, message=f"Invalid {member}")
    return int(place[0])


def fingerprint(body: dict[str, Any], *without: str) -> str:
    """Return a hash of a body without some members; the order of members does not matter."""
    asked = {name: value for name, value in body.items() if name not in without}
    return seeded_random.hexadecimal(16, orjson.dumps(asked, option=orjson.OPT_SORT_KEYS))


def _bound(context: RequestContext, name: str, asked: str) -> tuple[str, str, str, str]:
    profile = context.principal.profile
    return context.sandbox.id, profile.id if profile else "", name, asked


def _frame(context: RequestContext) -> tuple[str, str]:
    return _PLAIN if context.sandbox.choices.get(STYLE_CHOICE) == "plain" else ("", "")
