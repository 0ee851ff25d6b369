"""A document's operations as contracts, so that the pipeline serves them like all others."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Contract, Operation
from adsmock.mockserver.services.generic.document import Document, escaped, target
from adsmock.mockserver.services.generic.schema import Schemas

SHAPE = "generic"
FAMILY = "generic"
QUOTA = "generic"
DIALECT = "details"
"""The error format that Amazon's general error page documents."""

_SCOPE = "amazon-advertising-api-scope"
_JSON = "application/json"
_ANY = "*/*"
_PATH_NAME = re.compile(r"\{([^{}]*)\}")
_ODD = re.compile(r"[^\w.-]+")
_GET = "GET"
_DONE = 200


@dataclass(frozen=True, slots=True)
class OperationDescription:
    """One document's description of one operation.

    ``requests`` and ``replies`` map a media type in lower case to the pointer of the body's
    schema, empty without a schema. ``path_names`` maps a path parameter of the route to its name
    in the document.
    """

    schemas: Schemas
    status: int
    requests: dict[str, str]
    replies: dict[str, str]
    path_names: dict[str, str]
    is_required: bool = False


@dataclass(slots=True)
class _Route:
    """One method and path with the descriptions of every document."""

    method: str
    path: str
    id: str
    is_scoped: bool
    descriptions: list[OperationDescription] = field(default_factory=list)


def with_documents(contract_set: ContractSet, documents: Iterable[Document]) -> ContractSet:
    """Return ``contract_set`` with one more contract for each document.

    Methods and paths that a contract covers are left out. An operation that several documents
    describe is one operation, with the name of the first document.
    """
    covered = {(row.method, shape(row.path)) for row in contract_set.operations.values()}
    routes: dict[tuple[str, str], _Route] = {}
    mine: dict[str, tuple[Document, list[_Route]]] = {}
    for document in documents:
        name = _unused(f"{SHAPE}.{document.name}", {*mine})
        mine[name] = document, []
        schemas = Schemas(document)
        for method, path, entry in document.operations():
            key = method, shape(path)
            if key in covered:
                continue
            if key not in routes:
                taken = {route.id for route in mine[name][1]}
                called = _unused(f"{name}.{_operation_name(entry, method, path)}", taken)
                routes[key] = _Route(method, path, called, _is_scoped(document, entry))
                mine[name][1].append(routes[key])
            routes[key].descriptions.append(_described(document, schemas, method, path, entry))
    contracts = {name: _contract(name, *row) for name, row in mine.items()}
    operations = {row.id: row for contract in contracts.values() for row in contract.operations}
    return dataclasses.replace(
        contract_set,
        by_name=contract_set.by_name | contracts,
        operations=contract_set.operations | operations,
    )


def shape(path: str) -> str:
    """Return a path without the names of its parameters, for comparing paths."""
    return _PATH_NAME.sub("{}", path)


def _contract(name: str, document: Document, routes: list[_Route]) -> Contract:
    return Contract(
        name=name,
        title=str(document.resolve(document.value.get("info")).get("title", document.name)),
        family=FAMILY,
        dialect=DIALECT,
        operations=tuple(map(_operation, routes)),
        document=document.file,
        shape=SHAPE,
        extra={"described": {route.id: tuple(route.descriptions) for route in routes}},
    )


def _operation(route: _Route) -> Operation:
    """Return a route's operation.

    It also accepts plain JSON, and the type of its request in Accept: clients that work with the
    service send both, and documents name neither.
    Source: python-amazon-ad-api 1.2.9 (insights and keyword recommendations of Sponsored Brands;
    counts of products).
    """
    requests = [
        *dict.fromkeys(
            media for description in route.descriptions for media in description.requests
        )
    ]
    replies = [
        *dict.fromkeys(media for description in route.descriptions for media in description.replies)
    ]
    if not replies or _ANY in replies:
        replies = [_JSON, _ANY]
    spoken = [media for media in requests if "json" in media]
    return Operation(
        id=route.id,
        verb="answer",
        method=route.method,
        path=_routable(route.path),
        request=requests[0] if requests else "",
        reply=replies[0],
        success=route.descriptions[0].status,
        statuses=(route.descriptions[0].status,),
        quota=QUOTA,
        scope=route.is_scoped,
        accepts=(*(media.lower() for media in requests[1:]), *([_JSON] if spoken else ())),
        replies=(*replies[1:], *(media for media in spoken if media not in replies)),
    )


def _described(
    document: Document, schemas: Schemas, method: str, path: str, entry: dict[str, Any]
) -> OperationDescription:
    where = f"#/paths/{escaped(path.removeprefix(document.base))}/{method.lower()}"
    status, reply, at = _success(document, entry, where)
    body, body_at = _resolved(document, entry.get("requestBody"), f"{where}/requestBody")
    return OperationDescription(
        schemas=schemas,
        status=status,
        requests=_media(body, body_at),
        replies=_media(reply, at),
        path_names=dict(zip(_path_names(_routable(path)), _path_names(path), strict=True)),
        is_required=body.get("required") is True,
    )


def _success(
    document: Document, entry: dict[str, Any], where: str
) -> tuple[int, dict[str, Any], str]:
    """Return status, response and pointer of the success response."""
    responses = document.resolve(entry.get("responses"))
    ranks = {status: _rank(status) for status in responses if _rank(status) is not None}
    if not ranks:
        return _DONE, {}, where
    best = min(ranks, key=lambda status: ranks[status] or 0)
    response, at = _resolved(document, responses[best], f"{where}/responses/{best}")
    return (int(best) if best.isdigit() else _DONE), response, at


def _rank(status: str) -> int | None:
    """Return the rank of a status as success: 2xx, then the default, then a redirect."""
    if re.fullmatch(r"2\d\d", status):
        return int(status)
    return {"2": 300, "d": 301, "3": 302}.get(status[:1].lower())


def _resolved(document: Document, value: Any, at: str) -> tuple[dict[str, Any], str]:
    """Return an object after following references, and its own pointer."""
    found = document.resolve(value)
    while value is not found and isinstance(value, dict) and isinstance(value.get("$ref"), str):
        at, value = value["$ref"], target(document.value, value["$ref"])
    return found, at


def _media(body: dict[str, Any], at: str) -> dict[str, str]:
    """Return the pointer to the schema of each media type of a body."""
    content = body.get("content")
    rows: dict[str, str] = {}
    for media, row in (content if isinstance(content, dict) else {}).items():
        has_schema = isinstance(row, dict) and isinstance(row.get("schema"), dict)
        bare = media.partition(";")[0].strip()
        bare = _ANY if "*" in bare else bare
        rows[bare] = f"{at}/content/{escaped(media)}/schema" if has_schema else ""
    return rows


def _is_scoped(document: Document, entry: dict[str, Any]) -> bool:
    rows = (document.resolve(row) for row in entry["parameters"])
    return any(
        str(row.get("name", "")).lower() == _SCOPE and row.get("required") is True for row in rows
    )


def _operation_name(entry: dict[str, Any], method: str, path: str) -> str:
    given = entry.get("operationId")
    return _ODD.sub("-", given if isinstance(given, str) and given else f"{method}{path}")


def _unused(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def _path_names(path: str) -> list[str]:
    return _PATH_NAME.findall(path)


def _routable(path: str) -> str:
    """Return a path with parameter names that a route can have."""
    names = _path_names(path)
    if len(set(names)) == len(names) and all(name.isidentifier() for name in names):
        return path
    numbers = iter(range(len(names)))
    return _PATH_NAME.sub(lambda _: f"{{blank{next(numbers)}}}", path)
