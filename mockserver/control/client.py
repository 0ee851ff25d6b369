"""The control plane as a Python call: ``Control(url).call("clock.advance", {"seconds": 60})``.

    ControlError        the call failed
    ├─ Refused          the server refused it: ``status`` and ``problem`` say why
    └─ Unreachable      no server answers at that address

Needs only the standard library.
"""

from __future__ import annotations

import json
import os
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from adsmock.contracts.suggest import did_you_mean
from adsmock.mockserver.control.routes import BY_ID, JSON, Route

DEFAULT_URL = "http://127.0.0.1:9090"


DEFAULT_SANDBOX = "default"

_TIMEOUT = 120.0
"""Seconds to wait for a reply: a large state takes some time."""


def shown_url(url: str) -> str:
    """Return a control URL for a start message: with what ``adsmock ctl`` needs to find it."""
    hint = f"  (for adsmock ctl: export ADSMOCK_CONTROL={url})" if url != DEFAULT_URL else ""
    return url + hint


class ControlError(Exception):
    """The call failed; the text is one line."""


class Unreachable(ControlError):
    """No server answers at that address."""


class Refused(ControlError):
    """The server refused the call."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        at = f" (at {problem['pointer']})" if problem.get("pointer") else ""
        super().__init__(f"{status} {problem.get('detail', '')}{at}")
        self.status = status
        self.problem = problem


class Control:
    """A client of one control plane.

    ``url`` and ``token`` default to the variables ADSMOCK_CONTROL and ADSMOCK_CONTROL_TOKEN.
    """

    def __init__(self, url: str | None = None, token: str | None = None) -> None:
        self._token = token or os.environ.get("ADSMOCK_CONTROL_TOKEN") or ""
        self.url = (url or os.environ.get("ADSMOCK_CONTROL") or DEFAULT_URL).rstrip("/")
        # The environment's proxies do not lead to this machine.
        self._opener = build_opener(ProxyHandler({}))

    def call(self, operation: str, /, data: Any = None, **names: object) -> Any:
        """Carry out an operation and return its reply: a JSON value, text, or None.

        Args:
            operation: an operation id, such as ``faults.create``.
            data: the body.
            names: path and query parameters; ``sandbox`` defaults to ``default``.

        Raises:
            Refused: the server refused it.
            Unreachable: no server answers.
            ValueError: the operation or a parameter is unknown, or a path parameter is missing.
        """
        route = route_of(operation)
        if urlsplit(self.url).scheme not in {"http", "https"}:
            raise ValueError(
                f'"{self.url}" is not an http or https URL: use one such as {DEFAULT_URL}'
            )
        body = None if data is None else json.dumps(data).encode()
        request = Request(  # noqa: S310 -- checked above
            self.url + target_of(route, names), data=body, method=route.method
        )
        request.add_header("Accept", JSON)
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        if body is not None:
            request.add_header("Content-Type", JSON)
        return self._send(request)

    def _send(self, request: Request) -> Any:
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as reply:
                return value_of(reply.headers.get_content_type(), reply.read())
        except HTTPError as error:
            with error:
                raise Refused(error.code, problem_of(error.read())) from None
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise Unreachable(
                f"no mock answers at {self.url} ({reason}): start one with 'adsmock serve', or set "
                "ADSMOCK_CONTROL to the control URL that it printed"
            ) from None


def route_of(operation: str) -> Route:
    """Return the route of an operation.

    Raises:
        ValueError: the operation is unknown.
    """
    route = BY_ID.get(operation)
    if route is None:
        raise ValueError(f'unknown operation "{operation}": {did_you_mean(operation, BY_ID)}')
    return route


def target_of(route: Route, names: dict[str, object]) -> str:
    """Return the path and query of a request.

    Raises:
        ValueError: a parameter is unknown, or a path parameter is missing.
    """
    left = {"sandbox": DEFAULT_SANDBOX} | {k: v for k, v in names.items() if v is not None}
    path = route.path
    for name in route.parameters:
        if name not in left:
            raise ValueError(f"{route.id} needs the parameter {name}: pass {name}=...")
        path = path.replace("{" + name + "}", quote(str(left.pop(name)), safe=""))
    known = {query.name for query in route.query}
    for name in left.keys() - known - {"sandbox"}:
        advice = did_you_mean(name, known | set(route.parameters))
        raise ValueError(f'{route.id} has no parameter "{name}": {advice}')
    query = urlencode({name: value for name, value in left.items() if name in known})
    return f"{path}?{query}" if query else path


def value_of(kind: str, raw: bytes) -> Any:
    """Return a reply's JSON value or text, None without a body."""
    if not raw:
        return None
    return json.loads(raw) if kind == JSON else raw.decode()


def problem_of(raw: bytes) -> dict[str, Any]:
    """Return the problem details of a refusal."""
    try:
        problem = json.loads(raw)
    except ValueError:
        problem = None
    if isinstance(problem, dict) and "detail" in problem:
        return problem
    return {"detail": "this server is not the mock's control plane: check the URL"}
