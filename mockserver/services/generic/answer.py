"""The one verb of a described operation: check the body, invent the reply.

Knows which document's word holds for a call. Must not know how values are invented.
The same sandbox seed and the same request give the same reply; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document, File
from adsmock.mockserver.services.generic.invent import Echo, Inventor, Unfit
from adsmock.mockserver.services.generic.operations import Described
from adsmock.mockserver.services.generic.plain_values import Seed
from adsmock.mockserver.services.generic.schema import Node, Schemas
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.request_body import is_readable, sentence

ATTEMPTS = 8
"""Values tried before a schema is called unfit; from the sixth on without optional members."""
_SPARSE_FROM = 5
_REDIRECT = range(300, 400)


def answer(context: RequestContext) -> Document | File:
    """Return a reply that fits the document.

    Raises:
        ApiError: 400 when the body does not fit, 422 when no reply can be found that does.
    """
    said: tuple[Described, ...] = context.contract.extra["described"][context.operation.id]
    chosen = _fitting(said, context)
    named = context.media if context.media in chosen.replies else next(iter(chosen.replies), "")
    media = context.media if "*" in named or not named else named
    pointer = chosen.replies.get(named, "")
    if not pointer:
        return File(b"", media, _headers(chosen, context))
    try:
        return Document(
            invented(chosen.schemas, pointer, _seed(context), _echo(chosen, context)), media
        )
    except Unfit as error:
        raise ApiError(
            "unprocessable", 422, message=f"No reply fits the document: {error}"
        ) from None


def invented(schemas: Schemas, pointer: str, seed: Seed, echo: Echo | None = None) -> Any:
    """Return a value that the schema at ``pointer`` accepts.

    Raises:
        Unfit: none was found.
    """
    checker = _checker(schemas, pointer)
    reason = "every value that was tried breaks it"
    for attempt in range(ATTEMPTS):
        inventor = Inventor(
            schemas, (*seed, attempt), attempt, echo or Echo(), attempt >= _SPARSE_FROM
        )
        try:
            value = inventor.invent(schemas.node(pointer))
        except Unfit as error:
            reason = str(error)
            continue
        if checker.is_valid(value):
            return value
    raise Unfit(reason)


def _checker(schemas: Schemas, pointer: str) -> Any:
    try:
        return schemas.checker(pointer, "writeOnly")
    except ValueError as error:
        raise Unfit(f"its schema cannot be read: {error}") from None


def _fitting(said: tuple[Described, ...], context: RequestContext) -> Described:
    """Return the first document's word that the body fits.

    Raises:
        ApiError: 400 when it fits none, worded for the first.
    """
    refusals: list[ApiError] = []
    for one in said:
        try:
            _check(one, context)
        except ApiError as error:
            refusals.append(error)
        else:
            return one
    raise refusals[0]


def _check(one: Described, context: RequestContext) -> None:
    if not one.requests:
        return
    media = {name.lower(): pointer for name, pointer in one.requests.items()}
    pointer = media.get(context.sent) or next(iter(media.values()))
    is_json = "json" in (context.sent or next(iter(media)))
    if not is_json or not pointer:
        return
    if not is_readable(context.body):
        raise ApiError("malformed", 400)
    if not context.sent and not context.body:
        if one.is_required:
            raise ApiError("invalid", 400, message="The request has no body")
        return
    try:
        checker = one.schemas.checker(pointer, "readOnly")
    except ValueError:
        return  # a schema that nobody can read asks for nothing
    if not checker.is_valid(context.body):
        raise ApiError("invalid", 400, message=sentence(checker, context.body))


def _seed(context: RequestContext) -> Seed:
    profile = context.principal.profile
    body = (
        orjson.dumps(context.body, option=orjson.OPT_SORT_KEYS)
        if is_readable(context.body)
        else b""
    )
    named = sorted(context.parameters.items())
    return (context.sandbox.seed, context.operation.id, profile.id if profile else "", body, named)


def _echo(chosen: Described, context: RequestContext) -> Echo:
    """Return what the reply repeats: names in path and query, members of the body."""
    members: Node = {chosen.blanks.get(key, key): one for key, one in context.parameters.items()}
    body = context.body
    if isinstance(body, dict):
        members |= _scalars(body)
        body = next(_batches(body), [])
    rows = body if isinstance(body, list) else []
    return Echo(members, [_scalars(row) if isinstance(row, dict) else {} for row in rows])


def _batches(body: Node) -> Iterator[list[Any]]:
    for value in body.values():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield value


def _scalars(row: Node) -> Node:
    return {key: one for key, one in row.items() if isinstance(one, str | int | float | bool)}


def _headers(chosen: Described, context: RequestContext) -> dict[str, str]:
    """Return where a redirect leads: to storage, which has no such file."""
    if chosen.status not in _REDIRECT:
        return {}
    return {"Location": f"{context.base_url}/{context.operation.id}"}
