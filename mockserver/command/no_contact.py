"""Why a program made no call, for ``exec``: what its connections show, and what to look at."""

from __future__ import annotations

from collections.abc import Iterable

from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.stages.connection_event import HANDSHAKE, REFUSED_HOST

_OWN_STORE = (
    "It did not trust the mock's certificate: give it the file in SSL_CERT_FILE, or let it name no "
    "certificates of its own"
)
_CREDENTIALS = "It must read its credentials from CLIENT_ID, CLIENT_SECRET and REFRESH_TOKEN"
_NO_CONNECTION = (
    f"{_CREDENTIALS}, and call the addresses in ADS_NA and LWA_NA, or Amazon's hosts through "
    "HTTPS_PROXY"
)


def reason(orphans: Iterable[Entry]) -> str:
    """Return that a program made no call, with the reason that its connections show.

    Args:
        orphans: entries of the orphan journal: failed handshakes and refused hosts.
    """
    entries = list(orphans)
    hosts = sorted({entry.host for entry in entries if entry.operation == REFUSED_HOST})
    found = "the program made no call to the mock."
    if any(entry.operation == HANDSHAKE for entry in entries):
        return f"{found} {_OWN_STORE}"
    if hosts:
        return f"{found} It called other hosts, which were refused: {', '.join(hosts)}"
    return f"{found} {_NO_CONNECTION}"


def of_nobody(calls: int) -> str:
    """Return that no call of a program, which made some, had credentials of the mock."""
    found = "its only call" if calls == 1 else f"none of its {calls} calls"
    verb = "names no client of the mock" if calls == 1 else "names a client of the mock"
    return f"the program reached the mock, but {found} {verb}. {_CREDENTIALS}"
