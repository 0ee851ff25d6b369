"""Who may speak to the control plane: programs on this machine, not pages in a browser.

A page of another site can make a browser call loopback: with a name that resolves there (DNS
rebinding), or from its own origin. Both show in headers. Knows these two headers. Must not know
operations.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from adsmock.mockserver.core.error import SetupError


def check_caller(host: str, origin: str | None, hosts: tuple[str, ...]) -> None:
    """Let a request pass that names this machine.

    Args:
        host: the Host header.
        origin: the Origin header, which browsers add.
        hosts: names that are allowed beside loopback.

    Raises:
        SetupError: 403; the header names another machine.
    """
    name = _name("//" + host)
    if not _is_near(name, hosts):
        raise SetupError(
            f'the Host header "{name}" does not name this machine; call the control plane by its '
            "loopback address, or start the server with --allow-remote-control",
            status=403,
        )
    if origin is not None and not _is_near(_name(origin), hosts):
        raise SetupError("pages of other sites may not call the control plane", status=403)


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_near(name: str, hosts: tuple[str, ...]) -> bool:
    if name in ("localhost", *hosts):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
