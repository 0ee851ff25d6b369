"""Pages of the lists of Marketing Cloud.

Source: OpenAPI Workflow Management Service (documented: limit as text, at most 100, token).
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs import page_token

_MOST = 100
_TOKEN = "nextToken"


def page_of(context: RequestContext, key: str, rows: list[Any]) -> Document:
    """Return the page of rows that the query asks for, under ``key``.

    Raises:
        ApiError: 422, the limit is not a number from 1 to 100; 400, another list gave the token.
    """
    given = context.parameters.get("limit") or str(_MOST)
    if not given.isascii() or not given.isdecimal() or not 1 <= int(given[:4]) <= _MOST:
        raise ApiError("unprocessable", 422, message=f"limit must be between 1 and {_MOST}")
    names = (_TOKEN, "limit")
    asked = page_token.fingerprint({**context.parameters}, *names)
    start = page_token.first_row(context, context.parameters.get(_TOKEN), _TOKEN, asked)
    end = start + int(given)
    token = None
    if end < len(rows):
        token = page_token.make_page_token(context, context.contract.name, asked, end)
    return Document({key: rows[start:end], _TOKEN: token})
