"""Access to the control plane: programs with its token, or on this machine; no other web pages.

A web page can make a browser call this machine, from its own origin or with a host name that
resolves to this machine (DNS rebinding). The Origin and Host headers show both.
"""

from __future__ import annotations

from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import SetupError

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers

CLIENT_HEADER = "X-Adsmock-Control"
"""A header that a page of another origin may send only with a permission that it never gets."""

OPEN_OPERATIONS = frozenset(
    {"service.health", "service.ready", "service.dashboard", "service.dashboard-file"}
)
"""Operations without a token: health checks, and the page that asks for one. They show no state."""

_SAFE = frozenset({"GET", "HEAD"})
_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Who may call: ``token`` is empty where none is needed.

    ``hosts`` are allowed host names besides loopback. With ``allows_remote`` every address and
    every name without a dot is allowed too: no web site can own one.
    """

    token: str = ""
    hosts: tuple[str, ...] = ()
    allows_remote: bool = False


def token_for(given: str, *, is_remote: bool) -> str:
    """Return the control token: the given one, or a new one where remote callers need one."""
    return given or (seeded_random.unpredictable(_TOKEN_BYTES) if is_remote else "")


def check_caller(rules: AccessRules, operation: str, method: str, headers: Headers) -> None:
    """Check that a request may call an operation.

    Raises:
        SetupError: 403, a header names another machine or site; 401, the token is missing or wrong.
    """
    host, origin = headers.get("Host"), headers.get("Origin")
    name = _host_name(f"//{host}")
    if host is not None and not _is_allowed(name, rules):  # only old programs send none
        raise SetupError(
            f'the Host header "{name}" does not name this machine: call the control plane by its '
            "loopback address, or start the server with --allow-remote-control and "
            f"--control-host {name or 'NAME'}",
            status=403,
        )
    if origin and origin.partition("://")[2] != host:
        _check_origin(origin, method, headers)
    if rules.token and operation not in OPEN_OPERATIONS:
        _check_token(rules.token, headers.get("Authorization", ""))


def _check_origin(origin: str, method: str, headers: Headers) -> None:
    if not _is_loopback(_host_name(origin)):
        raise SetupError(
            f'the Origin header "{origin}" names another site, and only pages of this machine may '
            "call the control plane: call it from a program",
            status=403,
        )
    if method not in _SAFE and CLIENT_HEADER not in headers:
        raise SetupError(
            f'the request comes from the page {origin}: add the header "{CLIENT_HEADER}: 1", or '
            "call the control plane from a program",
            status=403,
        )


def _check_token(token: str, authorization: str) -> None:
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "bearer" and compare_digest(given.strip().encode(), token.encode()):
        return
    problem = "the control token is wrong" if authorization else "the control token is missing"
    raise SetupError(
        f'{problem}: send "Authorization: Bearer TOKEN", or set ADSMOCK_CONTROL_TOKEN for adsmock '
        "commands; the server printed the token when it started",
        status=401,
    )


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_allowed(name: str, rules: AccessRules) -> bool:
    if _is_loopback(name) or name in rules.hosts:
        return True
    return rules.allows_remote and bool(name) and ("." not in name or _is_address(name))


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
