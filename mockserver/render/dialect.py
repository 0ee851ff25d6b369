"""Refusals as bytes, each in the wording of its API family."""

from __future__ import annotations

from html import escape
from typing import Any

import orjson

from adsmock.contracts.contract_set import OWN_TYPE, ContractSet
from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.error import ApiError, Injected

FALLBACK = "gateway"
"""The dialect of a call without a family: the gateway in front of them answers."""


def render(
    contract_set: ContractSet, error: ApiError, dialect: str, request_id: str, media: str = ""
) -> Reply:
    """Return the reply that refuses a call; ``media`` is what the operation answers with.

    A fault may bring its own body; then the dialect gives only the content type.
    """
    row = contract_set.refusal(error.dialect or dialect, error.kind)
    message = error.message or _fill(row.message, error.values)
    blanks = {"$code": error.code or row.code, "$message": message, "$requestId": request_id}
    body = _body(row.body, blanks, error.errors)
    content_type = media if row.content_type == OWN_TYPE else row.content_type
    if isinstance(error, Injected) and error.body is not None:
        body = error.body
    headers = {**row.headers, **error.headers}
    return Reply(error.status, body, content_type, headers)


def _fill(text: str, values: dict[str, Any]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def _body(template: Any, blanks: dict[str, str], errors: list[dict[str, Any]] | None) -> bytes:
    if isinstance(template, str):
        text: str = template
        for blank, value in blanks.items():
            text = text.replace(blank, escape(value))
        return text.encode()
    filled = _filled(template, blanks)
    if errors is not None:
        filled["errors"] = errors
    return orjson.dumps(filled)


def _filled(template: Any, blanks: dict[str, str]) -> Any:
    if isinstance(template, dict):
        return {name: _filled(value, blanks) for name, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, blanks) for value in template]
    if isinstance(template, str):
        for blank, value in blanks.items():
            template = template.replace(blank, value)
    return template
