"""One request in, one reply out: the only place that touches the network.

A transport is one method, ``send(request) -> reply``. A stand-in for the network is a class with
that method and nothing else. Knows sockets, timeouts and how they break. Must not know tokens,
regions, retries or what a body means.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from http.client import IncompleteRead
from http.cookiejar import DefaultCookiePolicy
from ssl import SSLCertVerificationError
from typing import TYPE_CHECKING, Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import DecodeError, HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.util.ssl_match_hostname import CertificateError

from .clock import SystemClock
from .errors import Breakage, TransportError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .clock import Clock

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 60.0
"""Twice the 30 s within which 99 of 100 synchronous calls are documented to be answered."""

TOTAL_TIMEOUT = 120.0
"""Seconds from sending to the last byte: a body that drips keeps every single read in time."""

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Request:
    """What goes on the wire."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Reply:
    """What came back whole. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def json(self) -> Any:
        """The body as a JSON value; raises ValueError when it is none."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text, for messages; never raises."""
        return self.body.decode("utf-8", "replace")


class Transport(Protocol):
    """Whatever can carry a request."""

    def send(self, request: Request) -> Reply:
        """Return the whole reply to one request, sent once.

        Raises:
            TransportError: when no whole reply came.
        """
        ...


class RequestsTransport:
    """The network, through a connection pool.

    Sends each request exactly once: a library that quietly repeats a create makes two campaigns.
    Follows no redirect (credentials would travel with it), keeps no cookies, and asks the
    environment for proxies and CA bundles only when told to. TLS is always verified: by the
    public authorities, or by those in the file ``verify``.
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
        pace: float = 1.0,
    ) -> None:
        """Open nothing yet.

        Args:
            connect_timeout: seconds for a connection, of the machine's.
            read_timeout: seconds between two bytes, None for as long as it takes.
            connections: how many are kept.
            trust_environment: whether it may name proxies and certificates.
            verify: a file of authorities to trust instead of the public ones.
            proxy: the URL of a proxy for all requests.
            total_timeout: seconds from sending to the last byte.
            clock: tells when those are over.
            pace: how many seconds of the client's time pass in one of the machine's.
        """
        self._timeout = (connect_timeout, read_timeout and read_timeout / pace)
        self._total_timeout = total_timeout / pace
        self._clock = clock or SystemClock()
        self._session = requests.Session()
        self._session.trust_env = trust_environment
        self._session.verify = verify or True
        self._session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._session.headers["User-Agent"] = "adsmock-reference-client/0.1"
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        adapter = HTTPAdapter(pool_maxsize=connections, max_retries=0)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def send(self, request: Request) -> Reply:
        """Return the whole reply, or raise TransportError saying how it broke."""
        deadline = self._clock.now() + self._total_timeout
        try:
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
        except (requests.RequestException, HTTPError) as trouble:
            raise TransportError(breakage(trouble), type(trouble).__name__) from trouble
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status_code, headers, body)

    def _body(self, answer: requests.Response, deadline: float) -> bytes:
        """Return the whole body, read as it comes so that the deadline is seen between bytes."""
        parts: list[bytes] = []
        while part := answer.raw.read1(_CHUNK, decode_content=True):
            parts.append(part)
            if self._clock.now() > deadline:
                answer.close()
                raise TransportError("timeout", "the body came too slowly")
        return b"".join(parts)

    def close(self) -> None:
        """Close all pooled connections."""
        self._session.close()


def breakage(trouble: Exception) -> Breakage:
    """Say how a request broke, by the first telling error in the chain of its causes.

    Only ``connect`` and ``untrusted`` mean that the service cannot have seen the request. A
    certificate outweighs what wraps it: the library words it as a failure to connect.
    """
    causes = list(_causes(trouble))
    if any(isinstance(cause, SSLCertVerificationError | CertificateError) for cause in causes):
        return "untrusted"
    rows: tuple[tuple[type[BaseException], Breakage], ...] = (
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


def _causes(trouble: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it wraps: as argument, as ``reason``, as cause or context."""
    seen: set[int] = set()
    queue: list[Any] = [trouble]
    while queue:
        error = queue.pop(0)
        if not isinstance(error, BaseException) or id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        queue += [*error.args, getattr(error, "reason", None), error.__cause__, error.__context__]
