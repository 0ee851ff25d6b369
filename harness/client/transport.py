"""The network: one request in, one reply out.

A transport has one method, ``send(request) -> reply``; any class with it can replace the network.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from http.client import IncompleteRead
from http.cookiejar import DefaultCookiePolicy
from ssl import SSLCertVerificationError
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import DecodeError, HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.util.ssl_match_hostname import CertificateError

from .clock import Clock, SystemClock
from .errors import TransportError, TransportErrorKind

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 60.0
"""Twice the 30 s within which 99 of 100 synchronous calls are documented to be answered."""

TOTAL_TIMEOUT = 120.0
"""Seconds from sending to the last byte: a slow body may stay within the timeout of each read."""

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Request:
    """A request before it is sent."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Reply:
    """A complete reply. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def json(self) -> Any:
        """The body as a JSON value; raises ValueError if it is not JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text, for messages; never raises."""
        return self.body.decode("utf-8", "replace")


class Transport(Protocol):
    """Anything that can send a request."""

    def send(self, request: Request) -> Reply:
        """Return the complete reply to one request, sent once.

        Raises:
            TransportError: no complete reply was received.
        """
        ...


class RequestsTransport:
    """The network, through a connection pool of requests.

    Sends each request exactly once: a library that silently repeats a create makes two campaigns.
    Follows no redirects, which would take the credentials with them, and keeps no cookies. Takes
    proxies and CA bundles from the environment only with ``trust_environment``. TLS certificates
    are always verified, by the public authorities or by those in the file ``verify``.
    """

    def __init__(
        self,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float | None = READ_TIMEOUT,
        connections: int = 32,
        trust_environment: bool = False,
        verify: str | None = None,
        proxy: str | None = None,
        total_timeout: float = TOTAL_TIMEOUT,
        clock: Clock | None = None,
        speed: float = 1.0,
        calling: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Prepare the pool; connections are opened later.

        Args:
            connect_timeout: seconds to connect, in the machine's time.
            read_timeout: seconds between two bytes, None for no limit.
            connections: how many connections are kept.
            trust_environment: whether environment variables may name proxies and certificates.
            verify: a file of certificate authorities to trust instead of the public ones.
            proxy: the URL of a proxy for all requests.
            total_timeout: seconds from sending to the last byte.
            clock: the clock of ``total_timeout``.
            speed: seconds of the client's clock in one second of the machine.
            calling: entered while a call is in progress.
        """
        self._timeout = (connect_timeout, read_timeout and read_timeout / speed)
        self._total_timeout = total_timeout / speed
        self._clock = clock or SystemClock()
        self._calling = calling
        self._session = _session(connections)
        self._session.trust_env = trust_environment
        self._session.verify = verify or True
        self._session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._session.headers["User-Agent"] = "adsmock-reference-client/0.1"
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))

    def send(self, request: Request) -> Reply:
        """Return the complete reply, or raise TransportError."""
        deadline = self._clock.now() + self._total_timeout
        try:
            with self._calling():
                answer = self._session.request(
                    request.method,
                    request.url,
                    data=request.body,
                    headers=dict(request.headers),
                    timeout=self._timeout,
                    allow_redirects=False,
                    stream=True,
                )
                body = self._body(answer, deadline)
        except (requests.RequestException, HTTPError) as error:
            raise TransportError(error_kind(error), type(error).__name__) from error
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status_code, headers, body)

    def _body(self, answer: requests.Response, deadline: float) -> bytes:
        """Return the body, with a check of the deadline after each read."""
        parts: list[bytes] = []
        while part := answer.raw.read1(_CHUNK, decode_content=True):
            parts.append(part)
            if self._clock.now() > deadline:
                answer.close()
                raise TransportError("timeout", "the body was not complete at the deadline")
        return b"".join(parts)

    def close(self) -> None:
        """Close all pooled connections."""
        self._session.close()


def _session(connections: int) -> requests.Session:
    """Return a session that keeps this many connections and sends each request once."""
    session = requests.Session()
    adapter = HTTPAdapter(pool_maxsize=connections, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def error_kind(error: Exception) -> TransportErrorKind:
    """Return how a request failed, by the first known error in the chain of its causes.

    Only with ``connect`` and ``untrusted`` the service cannot have received the request. A
    certificate error has priority: the library wraps it in a connection error.
    """
    causes = list(_causes(error))
    if any(isinstance(cause, SSLCertVerificationError | CertificateError) for cause in causes):
        return "untrusted"
    rows: tuple[tuple[type[BaseException], TransportErrorKind], ...] = (
        (requests.ConnectTimeout, "connect"),
        (NewConnectionError, "connect"),
        (requests.exceptions.SSLError, "connect"),
        (requests.ReadTimeout, "timeout"),
        (ReadTimeoutError, "timeout"),
        (IncompleteRead, "truncated"),
        (DecodeError, "truncated"),
    )
    for cause in causes:
        for kind, word in rows:
            if isinstance(cause, kind):
                return word
    return "reset"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it wraps: arguments, ``reason``, cause and context."""
    seen: set[int] = set()
    queue: list[Any] = [error]
    while queue:
        cause = queue.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        queue += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]
