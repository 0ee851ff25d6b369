"""The control plane's own OpenAPI 3.1 document, generated from the route table."""

from __future__ import annotations

from functools import cache
from typing import Any

from adsmock.mockserver.control.routes import EVENTS, JSON, PREFIX, ROUTES, Query, Route
from adsmock.mockserver.control.schema import components

_PROBLEM = "application/problem+json"

_PARAMETERS = {
    "run": "Run that reports, at most 100 characters.",
    "sandbox": "Id of a sandbox.",
    "fault": "Id of a fault rule.",
    "job": "Id of a job.",
    "snapshot": "Name of a snapshot.",
    "subscription": "Id of a subscription of Marketing Stream.",
    "call": "Number of a journal entry.",
    "digest": "Digest of all files of the dashboard.",
    "file": "Name of a file of the dashboard.",
}

_REFUSALS = {
    "400": "The request is not valid; the pointer says where.",
    "403": "The caller is not on this machine.",
    "404": "A name in the path is unknown.",
    "409": "The request conflicts with the state of the sandbox.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "503": "Too many clients follow journals.",
}


@cache
def document(version: str) -> dict[str, Any]:
    """Return the description of every operation. Callers must not change it."""
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "adsmock control plane",
            "version": version,
            "description": "Sandboxes, time, faults, throttling and the journal of the mock.",
        },
        "paths": paths,
        "components": {
            "schemas": components(),
            "responses": {f"Refusal{status}": _refusal(text) for status, text in _REFUSALS.items()},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    row: dict[str, Any] = {
        "operationId": route.id,
        "summary": route.summary,
        "tags": [route.id.partition(".")[0]],
        "responses": {str(route.success): _reply(route), **_refusals(route)},
    }
    parameters = [_path_parameter(name) for name in route.parameters]
    parameters += [_query_parameter(query) for query in route.query]
    if parameters:
        row["parameters"] = parameters
    if route.body:
        content = {JSON: {"schema": _reference(route.body)}}
        row["requestBody"] = {"required": route.is_body_required, "content": content}
    return row


def _reply(route: Route) -> dict[str, Any]:
    reply: dict[str, Any] = {"description": route.summary}
    if route.reply:
        schemas = [_reference(name) for name in (route.reply, route.also) if name]
        schema = {"anyOf": schemas} if route.also else schemas[0]
        reply["content"] = {JSON: {"schema": schema}}
    elif route.type != JSON:
        reply["content"] = {route.type: {"schema": _text(route.type)}}
    for media in route.media:
        reply["content"][media] = {"schema": _text(media)}
    return reply


def _text(media: str) -> dict[str, Any]:
    """Return the schema of a text, or of each event of a stream."""
    if media != EVENTS:
        return {"type": "string"}
    members = {name: {"type": "string"} for name in ("id", "event", "data")}
    return {"type": "object", "properties": members, "required": ["data"]}


def _refusals(route: Route) -> dict[str, Any]:
    statuses = ["403"]
    if route.body or route.query or route.path.startswith(PREFIX):
        statuses.append("400")
    if route.parameters or route.id == "scenarios.apply":
        statuses.append("404")
    if route.method in {"POST", "PUT", "PATCH"}:
        statuses += ["409", "413", "415"]
    if route.media or route.type == EVENTS:
        statuses.append("503")
    return {status: {"$ref": f"#/components/responses/Refusal{status}"} for status in statuses}


def _refusal(text: str) -> dict[str, Any]:
    return {"description": text, "content": {_PROBLEM: {"schema": _reference("Problem")}}}


def _path_parameter(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": _PARAMETERS[name],
        "schema": {"type": "string"},
    }


def _query_parameter(query: Query) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": query.type}
    if query.enum:
        schema["enum"] = list(query.enum)
    if query.default:
        schema["default"] = int(query.default) if query.type == "integer" else query.default
    if query.minimum is not None:
        schema["minimum"] = query.minimum
    if query.maximum is not None:
        schema["maximum"] = query.maximum
    return {"name": query.name, "in": "query", "description": query.summary, "schema": schema}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
