"""The control plane as a Flask application, generated from the route table."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from adsmock.mockserver.control.access import AccessRules, check_caller
from adsmock.mockserver.control.event_stream import EventStreams
from adsmock.mockserver.control.handler_table import HANDLERS
from adsmock.mockserver.control.query_params import read_query
from adsmock.mockserver.control.request import ControlReply, ControlRequest, Listeners
from adsmock.mockserver.control.routes import EVENTS, HTML, JSON, ROUTES, Route
from adsmock.mockserver.control.run_list import RunList
from adsmock.mockserver.control.schema import InvalidValue, check, pointer, with_integers
from adsmock.mockserver.core.error import SetupError, StorageFull
from adsmock.mockserver.core.json_shape import (
    count_values,
    is_deeper,
    is_shallow,
    path_beyond,
)
from adsmock.mockserver.core.json_slices import parse
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.services.sandboxes.snapshot import SnapshotStore

PROBLEM = "application/problem+json"

_COMPILE_ATTEMPTS = 5

_LOG = logging.getLogger(__name__)

Answer = Callable[..., Response]
"""Answers a request: its arguments are the route, and by name the parameters of the path."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Folder for snapshots, who may call, and the URLs by which clients reach the mock."""

    snapshot_dir: Path | None = None
    access: AccessRules = field(default_factory=AccessRules)
    urls: dict[str, dict[str, str]] = field(default_factory=dict)
    listeners: Listeners | None = None
    pause: Callable[[float], object] | None = None
    """Waits between two reads of a followed journal; tests pass their own."""


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all requests to one control plane share."""

    snapshots: SnapshotStore
    streams: EventStreams
    runs: RunList


def create_application(runtime: Runtime, settings: Settings) -> Flask:
    """Return the application that controls one mock."""
    shared = _Shared(
        SnapshotStore(settings.snapshot_dir),
        EventStreams(settings.pause),
        RunList(runtime.sandboxes.source.monotonic),
    )
    answer = partial(_serve, runtime, settings, shared)
    return flask_application(answer, settings.access, runtime.limits)


def flask_application(answer: Answer, access: AccessRules, limits: Limits) -> Flask:
    """Return an application with one Flask rule for each row of the route table.

    ``answer`` gets the route and the parameters of the path; ``access`` says who may call.
    """
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = limits.control_body_bytes
    app.url_map.merge_slashes = False
    for route in ROUTES:
        _add_rule(app, route, answer)
    app.before_request(partial(_check_access, access))
    app.register_error_handler(SetupError, _refuse)
    app.register_error_handler(StorageFull, _refuse_full)
    app.register_error_handler(HTTPException, _refuse_http)
    app.register_error_handler(Exception, _fail)
    app.wsgi_app = partial(_with_terminated_input, app.wsgi_app)  # type: ignore[method-assign]  # the way that Flask documents for middleware
    return app


def _add_rule(app: Flask, route: Route, answer: Answer) -> None:
    """Add the rule of one route, again where the interpreter failed to compile it.

    Flask compiles each rule by way of ``ast``. CPython before 3.11.8 answers now and then with a
    SystemError when two threads do so at once (its issue 106905).
    """
    for attempt in range(_COMPILE_ATTEMPTS):
        try:
            app.add_url_rule(
                route.path.replace("{", "<").replace("}", ">"),
                endpoint=route.id,
                view_func=partial(answer, route),
                methods=[route.method],
                provide_automatic_options=False,
            )
        except SystemError:
            if attempt == _COMPILE_ATTEMPTS - 1:
                raise
        else:
            return


def _with_terminated_input(
    wsgi: Callable[..., Iterable[bytes]], environ: dict[str, Any], start: Callable[..., Any]
) -> Iterable[bytes]:
    """Mark the input as ending with the body, also for bodies without a Content-Length."""
    if "asgi.scope" in environ:
        environ["wsgi.input_terminated"] = True
    return wsgi(environ, start)


def _check_access(rules: AccessRules) -> None:
    check_caller(rules, request.endpoint or "", request.method, request.headers)


def _serve(
    runtime: Runtime,
    settings: Settings,
    shared: _Shared,
    route: Route,
    **path: str,
) -> Response:
    control_request = ControlRequest(
        runtime=runtime,
        route=route,
        path=path,
        query=read_query(route, request.args.to_dict(flat=True)),
        body=_read_body(route, runtime.limits),
        accept=request.headers.get("Accept", ""),
        resume=request.headers.get("Last-Event-ID", ""),
        urls=settings.urls,
        snapshots=shared.snapshots,
        streams=shared.streams,
        runs=shared.runs,
        listeners=settings.listeners,
    )
    if route.method == "GET":
        return respond(route, HANDLERS[route.id](control_request))
    return respond(route, _recorded(control_request))


def _recorded(control_request: ControlRequest) -> Any:
    """Carry out an operation that changes something, and record what it changed.

    Raises:
        StorageFull: the change could not be recorded.
    """
    route, data = control_request.route, control_request.runtime.data
    handler = HANDLERS[route.id]
    if data is None:
        return handler(control_request)
    if route.method != "DELETE":  # deleting needs little space, and makes some
        data.admit()
    try:
        return handler(control_request)
    finally:  # a refused operation may have generated ids
        data.track()
        sandbox = control_request.sandboxes.get(control_request.path.get("sandbox", ""))
        if sandbox is not None and sandbox.recorder is not None:
            sandbox.recorder.record_everything()


def _read_body(route: Route, limits: Limits) -> Any:
    """Return the validated body, ``{}`` for an optional body that is missing.

    Raises:
        SetupError: 415, another media type; 413, too many values; 400, the body is not JSON, is
            nested too deeply or is not valid.
    """
    raw = request.get_data(cache=False)
    if not route.body:
        if raw.strip() not in (b"", b"{}"):
            raise SetupError(f"{route.id} takes no body: send the request without one")
        return {}
    if not raw.strip() and not route.is_body_required:
        return {}
    if request.mimetype != JSON:
        raise SetupError(
            f'the Content-Type is "{request.mimetype}": send the body as application/json',
            status=415,
        )
    body = _parse(raw, limits)
    check(route.body, body)
    return with_integers(route.body, body)


def _parse(raw: bytes, limits: Limits) -> Any:
    most, levels = limits.control_json_values, limits.json_depth
    if len(raw) > most and count_values(raw) > most:
        raise SetupError(
            f"the body has more than {most} values: send it in several requests, or raise "
            "--max-control-json-values",
            status=413,
        )
    try:
        body = parse(raw)
    except orjson.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise SetupError(f"the body is not valid JSON: {reason}") from None
    if not is_shallow(raw, levels) and is_deeper(body, levels):
        path = path_beyond(body, levels) or []
        raise SetupError(
            f"the body is nested deeper than {levels} levels: flatten it, or raise "
            "--max-json-depth",
            pointer=pointer(*path),
        )
    return body


def respond(route: Route, value: Any) -> Response:
    """Return the response to a successful request with this value."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if value is None:
        return Response(status=route.success, headers=headers)
    if not isinstance(value, ControlReply):
        value = ControlReply(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))
    response = Response(value.body, status=route.success, headers=headers | value.headers)
    response.headers["Content-Type"] = (
        f"{value.type}; charset=utf-8" if value.type in {EVENTS, HTML} else value.type
    )
    return response


def _refuse(error: SetupError) -> Response:
    further: dict[str, Any] = {}
    if isinstance(error, InvalidValue) and len(error.errors) > 1:
        further["errors"] = [{"pointer": at, "detail": text} for at, text in error.errors]
    if nearest := getattr(error, "nearest", None):
        further["near"] = nearest
    response = _problem(error.status, error.detail, error.pointer, further)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _refuse_full(full: StorageFull) -> Response:
    return _problem(HTTPStatus.INSUFFICIENT_STORAGE, str(full), "", {})


def _refuse_http(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    detail = _DETAILS.get(status) or error.description or ""
    response = _problem(status, detail, "", {})
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


_DETAILS = {
    404: "no operation has this path: see GET /_mock/v1/openapi.json for the paths",
    405: "this path does not support this method: see the Allow header for the methods",
    413: "the body is too large: send it in several requests, or raise --max-control-body",
}


def _fail(error: Exception) -> Response:
    _LOG.error("the control plane failed", exc_info=error)
    return _problem(
        500,
        f"the mock failed with {type(error).__name__}: this is a bug, see the log of the server",
        "",
        {},
    )


def _problem(status: int, detail: str, pointer: str, further: dict[str, Any]) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "pointer": pointer,
    }
    return Response(orjson.dumps(body | further), status=status, content_type=PROBLEM)
