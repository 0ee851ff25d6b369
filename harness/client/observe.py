"""A transport that reports every exchange to observers, retries, tokens and downloads included.

An exchange has no headers and no bodies, so that it contains no secret.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from urllib.parse import urlsplit

from .api import Api, Operation
from .clock import Clock
from .errors import TransportError
from .settings import Settings
from .transport import Reply, Request, Transport


class Observer(Protocol):
    """Called after each exchange; its exceptions are logged."""

    def note(self, exchange: Exchange) -> None:
        """Record an exchange that has ended."""
        ...


LOGGER = logging.getLogger(__name__)

TOKEN, STORAGE, UNKNOWN = "lwa.token", "storage.get", "unknown"


REQUEST_ID_HEADERS = ("x-amzn-requestid", "x-amz-request-id", "x-amz-rid")
"""Which of them a reply has depends on the service behind the gateway (observed)."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its result.

    ``result`` is the status or the kind of transport error. ``weight`` is the cost of the call in
    its quota class. ``at`` is when it was sent, ``seconds`` how long it took.
    """

    region: str
    operation: str
    quota: str
    weight: int
    method: str
    result: str
    at: float
    seconds: float
    request_id: str = ""
    profile: str = ""


class RouteTable:
    """Maps URLs to regions and operations."""

    def __init__(self, api: Api, settings: Settings) -> None:
        self._token = api.token_path
        self._bases = sorted(
            (
                (base, region)
                for region, ends in settings.endpoints.items()
                for base in (ends.ads, ends.lwa)
            ),
            key=lambda row: -len(row[0]),
        )
        self._fixed: dict[tuple[str, str], Operation] = {}
        self._templates: dict[str, list[tuple[re.Pattern[str], Operation]]] = {}
        for operation in api.operations.values():
            method, path = operation.method, operation.path
            if "{" in path:
                self._templates.setdefault(method, []).append((_pattern(path), operation))
            else:
                self._fixed.setdefault((method, path), operation)

    def find(self, request: Request) -> tuple[str, str, Operation | None]:
        """Return region, operation id and, where it is known, the operation."""
        url = request.url
        for base, region in self._bases:
            if url.startswith(base + "/"):
                path = urlsplit(url.removeprefix(base)).path
                operation = self._operation(request.method, path)
                if operation is not None:
                    return region, operation.id, operation
                return region, TOKEN if path == self._token else UNKNOWN, None
        return "", STORAGE, None

    def _operation(self, method: str, path: str) -> Operation | None:
        if found := self._fixed.get((method, path)):
            return found
        rows = self._templates.get(method, ())
        return next((operation for pattern, operation in rows if pattern.fullmatch(path)), None)


class ObservedTransport:
    """Sends through the inner transport, and calls each observer with the exchange."""

    def __init__(
        self, inner: Transport, routes: RouteTable, clock: Clock, observers: Sequence[Observer]
    ) -> None:
        self._inner = inner
        self._routes_by_url = routes
        self._clock = clock
        self._observers = tuple(observers)

    def send(self, request: Request) -> Reply:
        """Return the reply of the inner transport; raises what it raises."""
        at = self._clock.now()
        try:
            reply = self._inner.send(request)
        except TransportError as error:
            self._notify(request, at, error.kind)
            raise
        names = (reply.headers.get(header) for header in REQUEST_ID_HEADERS)
        self._notify(request, at, str(reply.status), next(filter(None, names), ""))
        return reply

    def _notify(self, request: Request, at: float, result: str, request_id: str = "") -> None:
        region, name, operation = self._routes_by_url.find(request)
        exchange = Exchange(
            region=region,
            operation=name,
            quota=operation.quota if operation else ("lwa" if name == TOKEN else ""),
            weight=_weight(operation, request),
            method=request.method,
            result=result,
            at=at,
            seconds=self._clock.now() - at,
            request_id=request_id,
            profile=request.headers.get("Amazon-Advertising-API-Scope", ""),
        )
        for observer in self._observers:
            try:
                observer.note(exchange)
            except Exception:
                # An observer must not lose the caller a reply that has arrived.
                LOGGER.exception("observer failed")


def _weight(operation: Operation | None, request: Request) -> int:
    if operation is None:
        return 1
    # Most operations have one weight: their bodies need not be parsed again.
    body = json.loads(request.body) if operation.extended and request.body else None
    return operation.weight_of(body)


@cache
def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]*\})", path)
    return re.compile("".join("[^/]+" if part[:1] == "{" else re.escape(part) for part in parts))
