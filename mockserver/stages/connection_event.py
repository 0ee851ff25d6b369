"""Journal entries of connections that have carried no call yet.

A handshake is attributed by its listener, because nothing else is known before it ends. Shared
listeners record only failed handshakes, in the orphan journal.
"""

from __future__ import annotations

from adsmock.mockserver.core.connection_event import ConnectionEvent
from adsmock.mockserver.core.journal import Entry, Journal
from adsmock.mockserver.core.sandbox import Sandbox

HANDSHAKE = "tls.handshake"
REFUSED_HOST = "proxy.refused"


def journal_connection(
    event: ConnectionEvent, sandbox: Sandbox | None, orphans: Journal, now: float
) -> None:
    """Record how a connection began, in its sandbox's journal or in the orphan journal.

    ``now`` is the sandbox's time at ``event.at``; the entry starts and ends at once.
    """
    if sandbox is None and event.version:
        return
    journal = orphans if sandbox is None else sandbox.journal
    entry = Entry(
        event.method,
        "",
        event.at,
        sandbox=sandbox.id if sandbox else None,
        via="port" if sandbox else "none",
        region=event.endpoint.region,
        host=event.host,
        port=event.endpoint.port,
        tls=not event.host,
        connection=sandbox.connection(event.connection) if sandbox else event.connection,
        operation=REFUSED_HOST if event.host else HANDSHAKE,
        request=_handshake(event),
        status=event.status,
        ended="complete" if event.version or event.status else "closed",
        t_send=event.at,
        t_end=event.at,
        c_arrive=now,
        c_send=now,
    )
    journal.open(entry)
    journal.close(entry)


def _handshake(event: ConnectionEvent) -> dict[str, str] | None:
    """Return the result of a handshake, None for a refused host."""
    if event.host:
        return None
    details = {"flaw": event.flaw, "version": event.version, "error": event.error}
    return {name: value for name, value in details.items() if value}
