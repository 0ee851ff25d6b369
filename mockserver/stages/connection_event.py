"""What the journal shall say of a connection that has carried no call yet.

A handshake is attributed by the listener alone, for nothing else is known before it ends. On
listeners that are everybody's only broken handshakes are written down, and they belong to
nobody. Must not decide anything.
"""

from __future__ import annotations

from adsmock.mockserver.core.connection_event import ConnectionEvent
from adsmock.mockserver.core.journal import Entry, Journal
from adsmock.mockserver.core.sandbox import Sandbox

HANDSHAKE = "tls.handshake"
STRANGER = "proxy.refused"


def note_knock(
    knock: ConnectionEvent, sandbox: Sandbox | None, orphans: Journal, now: float
) -> None:
    """Write down how a connection began, in its sandbox's journal or in the orphan one.

    ``now`` is the sandbox's time; the entry ends with its beginning.
    """
    if sandbox is None and knock.version:
        return
    journal = orphans if sandbox is None else sandbox.journal
    entry = Entry(
        knock.method,
        "",
        knock.arrived,
        sandbox=sandbox.id if sandbox else None,
        via="port" if sandbox else "none",
        region=knock.door.region,
        host=knock.host,
        port=knock.door.port,
        tls=not knock.host,
        connection=sandbox.connection(knock.connection) if sandbox else knock.connection,
        operation=STRANGER if knock.host else HANDSHAKE,
        request=_story(knock),
        status=knock.status,
        ended="complete" if knock.version or knock.status else "closed",
        t_send=knock.arrived,
        t_end=knock.arrived,
        c_arrive=now,
        c_send=now,
    )
    journal.open(entry)
    journal.close(entry)


def _story(knock: ConnectionEvent) -> dict[str, str] | None:
    """Return what a handshake came to; a refusal is told by its host and status."""
    if knock.host:
        return None
    told = {"flaw": knock.flaw, "version": knock.version, "error": knock.error}
    return {name: value for name, value in told.items() if value}
