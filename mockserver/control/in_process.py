"""Control-plane calls to a mock of this process, before its ports answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adsmock.mockserver.control.client import (
    Refused,
    problem_of,
    route_of,
    target_of,
    value_of,
)

if TYPE_CHECKING:
    from flask import Flask

FIRST_ERROR = 400
"""The lowest status of a refusal."""


class InProcessControl:
    """The calls of ``Control``, without a socket."""

    def __init__(self, application: Flask, token: str = "") -> None:
        self._client = application.test_client()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, operation: str, /, data: Any = None, **names: object) -> Any:
        """Carry out an operation and return its reply: a JSON value, text, or None.

        Raises:
            Refused: the mock refused it.
            ValueError: the operation or a parameter is unknown, or a path parameter is missing.
        """
        route = route_of(operation)
        reply = self._client.open(
            target_of(route, names), method=route.method, json=data, headers=self._headers
        )
        raw = reply.get_data()
        if reply.status_code >= FIRST_ERROR:
            raise Refused(reply.status_code, problem_of(raw))
        return value_of(reply.mimetype or "", raw)
