"""Mutants: TLS and secrets."""

from __future__ import annotations

import json
import ssl
import warnings
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import urllib3
from requests.adapters import HTTPAdapter

from adsmock.harness.client.call import Call
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply, Request, RequestsTransport
from adsmock.harness.mutants.mutant import mutant


class _NoVerifyTransport(RequestsTransport):
    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self._session.verify = False

    def send(self, request: Request) -> Reply:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        return super().send(request)


class _CustomTlsTransport(RequestsTransport):
    """Uses its own TLS settings for the connection pool."""

    def __init__(self, pool: dict[str, Any], **more: Any) -> None:
        super().__init__(**more)
        self._session.mount("https://", _Adapter(pool))


class _Adapter(HTTPAdapter):
    def __init__(self, pool: dict[str, Any]) -> None:
        self._pool = pool
        super().__init__(max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **more: Any
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, **more, **self._pool)


class _NoHostnameTransport(_CustomTlsTransport):
    def __init__(self, **more: Any) -> None:
        super().__init__({"assert_hostname": False}, **more)


class _OldTlsTransport(_CustomTlsTransport):
    def __init__(self, **more: Any) -> None:
        context = ssl.create_default_context()
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the old version is the defect
            context.minimum_version = ssl.TLSVersion.TLSv1
        super().__init__({"ssl_context": context}, **more)


class _TokenInQuerySender(Sender):
    def request(self, call: Call, token: str) -> Request:
        request = super().request(call, token)
        separator = "&" if "?" in request.url else "?"
        return replace(request, url=f"{request.url}{separator}{urlencode({'access_token': token})}")


class _RefreshTokenSender(Sender):
    _refresh_token = "a grant that belongs to the token endpoint"

    def request(self, call: Call, token: str) -> Request:
        request = super().request(call, token)
        if request.body is None:
            return request
        body = json.loads(request.body) | {"refresh_token": self._refresh_token}
        return replace(request, body=json.dumps(body).encode())


class _RedirectTransport(RequestsTransport):
    def send(self, request: Request) -> Reply:
        reply = super().send(request)
        target = reply.headers.get("location")
        if reply.status == HTTPStatus.TEMPORARY_REDIRECT and target:
            return super().send(replace(request, url=target))
        return reply


MUTANTS = (
    mutant(
        "noverify",
        "turns certificate verification off",
        "S01.refused S02.refused",
        _NoVerifyTransport,
    ),
    mutant(
        "nohostname",
        "verifies the authority of a certificate, but not its host name",
        "S02.refused",
        _NoHostnameTransport,
    ),
    mutant(
        "query", "sends its token in the query string", "I10.url S03.hidden", _TokenInQuerySender
    ),
    mutant(
        "grant-astray",
        "sends its refresh token to the API",
        "I10.url S03.hidden",
        _RefreshTokenSender,
    ),
    mutant(
        "follow-redirect",
        "follows redirects with its token, to other hosts and out of TLS",
        "S04.token S05.clear",
        _RedirectTransport,
    ),
    mutant("old-tls", "accepts TLS 1.0 and 1.1", "S06.modern S06.refused", _OldTlsTransport),
)
