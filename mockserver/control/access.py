"""Access to the control plane: for programs on this machine, not for web pages of other sites.

A web page can make a browser call loopback, from its own origin or with a host name that resolves
to loopback (DNS rebinding). The Origin and Host headers show both.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from adsmock.mockserver.core.error import SetupError


def check_caller(host: str, origin: str | None, hosts: tuple[str, ...]) -> None:
    """Check that a request names this machine.

    Args:
        host: the Host header.
        origin: the Origin header, which browsers add.
        hosts: host names that are allowed besides loopback.

    Raises:
        SetupError: 403; a header names another machine.
    """
    name = _host_name("//" + host)
    if not _is_local(name, hosts):
        raise SetupError(
            f'the Host header "{name}" does not name this machine: call the control plane by its '
            "loopback address, or start the server with --allow-remote-control",
            status=403,
        )
    if origin is not None and not _is_local(_host_name(origin), hosts):
        raise SetupError(
            f'the Origin header "{origin}" names another site, and only pages of this machine may '
            "call the control plane: call it from a program",
            status=403,
        )


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_local(name: str, hosts: tuple[str, ...]) -> bool:
    if name in ("localhost", *hosts):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
