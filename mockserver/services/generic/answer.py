"""The verb of every operation that only a document describes: check the body, generate a reply.

The same sandbox seed and the same request give the same reply, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document, File
from adsmock.mockserver.services.generic.operations import OperationDescription
from adsmock.mockserver.services.generic.plain_values import Seed
from adsmock.mockserver.services.generic.schema import Node, Schemas
from adsmock.mockserver.services.generic.value_generator import Echo, NoValidValue, ValueGenerator
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.request_body import (
    check_readable,
    is_readable,
    sentence,
)

ATTEMPTS = 8
"""Values tried for a schema; from the sixth on they have no optional members."""
_SPARSE_FROM = 5
_REDIRECT = range(300, 400)


def answer(context: RequestContext) -> Document | File:
    """Return a reply that is valid for the document.

    Raises:
        ApiError: 400, the body is invalid; 422, no valid reply was found.
    """
    descriptions: tuple[OperationDescription, ...] = context.contract.extra["described"][
        context.operation.id
    ]
    chosen = _fitting(descriptions, context)
    named = context.media if context.media in chosen.replies else next(iter(chosen.replies), "")
    media = context.media if "*" in named or not named else named
    pointer = chosen.replies.get(named, "")
    if not pointer:
        return File(b"", media, _headers(chosen, context))
    profile = context.principal.profile
    seed, echo = _seed(context), _echo(chosen, context)
    try:
        value = valid_value(
            chosen.schemas, pointer, seed, echo, profile.country if profile else "US"
        )
    except NoValidValue as error:
        text = f"No reply can be generated from the document: {error}"
        raise ApiError("unprocessable", 422, message=text) from None
    return Document(value, media)


def valid_value(
    schemas: Schemas,
    pointer: str,
    seed: Seed,
    echo: Echo | None = None,
    country: str = "US",
) -> Any:
    """Return a valid value for the schema at ``pointer``.

    Raises:
        NoValidValue: no value was found.
    """
    checker = _checker(schemas, pointer)
    reason = f"none of {ATTEMPTS} generated values is valid"
    for attempt in range(ATTEMPTS):
        is_sparse = attempt >= _SPARSE_FROM
        generator = ValueGenerator(
            schemas, (*seed, attempt), attempt, echo or Echo(), is_sparse, country
        )
        try:
            value = generator.generate(schemas.node(pointer))
        except NoValidValue as error:
            reason = str(error)
            continue
        if checker.is_valid(value):
            return value
    raise NoValidValue(reason)


def _checker(schemas: Schemas, pointer: str) -> Any:
    try:
        return schemas.checker(pointer, "writeOnly")
    except ValueError as error:
        raise NoValidValue(f"its schema cannot be read: {error}") from None


def _fitting(
    descriptions: tuple[OperationDescription, ...], context: RequestContext
) -> OperationDescription:
    """Return the first description that the body is valid for.

    Raises:
        ApiError: 400, the body is invalid for all; the message is about the first.
    """
    refusals: list[ApiError] = []
    for description in descriptions:
        try:
            _check(description, context)
        except ApiError as error:
            refusals.append(error)
        else:
            return description
    raise refusals[0]


def _check(operation_description: OperationDescription, context: RequestContext) -> None:
    if not operation_description.requests:
        return
    media = {name.lower(): pointer for name, pointer in operation_description.requests.items()}
    pointer = media.get(context.sent) or next(iter(media.values()))
    is_json = "json" in (context.sent or next(iter(media)))
    if not is_json or not pointer:
        return
    check_readable(context.body)
    if not context.sent and not context.body:
        if operation_description.is_required:
            raise ApiError("invalid", 400, message="The request has no body")
        return
    try:
        checker = operation_description.schemas.checker(pointer, "readOnly")
    except ValueError:
        return  # an unreadable schema requires nothing
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


def _echo(chosen: OperationDescription, context: RequestContext) -> Echo:
    """Return the request values that the reply repeats: parameters and members of the body."""
    members: Node = {
        chosen.path_names.get(key, key): parameter for key, parameter in context.parameters.items()
    }
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
    return {key: each for key, each in row.items() if isinstance(each, str | int | float | bool)}


def _headers(chosen: OperationDescription, context: RequestContext) -> dict[str, str]:
    """Return the Location of a redirect; the storage host has no such file."""
    if chosen.status not in _REDIRECT:
        return {}
    return {"Location": f"{context.base_url}/{context.operation.id}"}
