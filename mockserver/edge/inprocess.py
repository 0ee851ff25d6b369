"""The pipeline inside a Flask application, without sockets.

There is no connection here: a fault that breaks it raises, and a fault that takes time answers at
once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import flask

from adsmock.mockserver.core.call import Call, Endpoint, Reply
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.edge.asgi import Answer
from adsmock.mockserver.edge.wsgi import WsgiApplication

CONTROL_PREFIX = "/_mock"

_ENDPOINT = Endpoint("app")


def create_application(answer: Answer, control: flask.Flask, limits: Limits) -> flask.Flask:
    """Return a Flask application that answers calls, with ``control`` under ``/_mock``."""
    app = flask.Flask("adsmock", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True  # wire faults reach the caller as exceptions

    @app.before_request  # before Flask's routing: the pipeline handles every path and method
    def data_plane() -> flask.Response:
        return _answer(answer, limits)

    app.wsgi_app = _fork(app.wsgi_app, control.wsgi_app)  # type: ignore[method-assign, assignment]  # Flask documents wrapping it so
    return app


def _fork(data: WsgiApplication, control: WsgiApplication) -> WsgiApplication:
    """Route the control prefix to the control plane and the rest to the data plane."""

    def choose(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        is_control = path == CONTROL_PREFIX or path.startswith(CONTROL_PREFIX + "/")
        return (control if is_control else data)(environ, start)

    return choose


def _answer(answer: Answer, limits: Limits) -> flask.Response:
    call = _call(flask.request)
    is_too_large = len(call.body) > limits.body_bytes
    exchange = answer.refuse(call, 413) if is_too_large else answer.serve(call)
    reply = exchange.reply
    t_send = monotonic()
    if reply.fault is not None:
        broken = reply.fault.send_in_process(reply)
        if broken is not None:
            exchange.close(broken.ended, t_send, monotonic(), 0)
            raise broken.error
    exchange.close("complete", t_send, monotonic(), len(reply.body))
    return _response(reply)


def _call(request: flask.Request) -> Call:
    headers: dict[str, str] = {name.lower(): value for name, value in request.headers}
    path = request.environ.get("PATH_INFO", "/")
    return Call(
        request.method,
        path.encode("latin-1").decode("utf-8", "replace"),
        request.query_string.decode("latin-1"),
        headers,
        request.get_data(cache=False),
        _ENDPOINT,
        monotonic(),
    )


def _response(reply: Reply) -> flask.Response:
    response = flask.Response(reply.body, reply.status, content_type=reply.content_type)
    for name, value in reply.all_headers().items():
        response.headers[name] = value
    return response
