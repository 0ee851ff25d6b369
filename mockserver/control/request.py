"""What an operation of the control plane is given, and what it gives back.

Knows one request as plain values. Must not know a web framework.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.iso8601 import parse_utc
from adsmock.contracts.suggest import nearest
from adsmock.mockserver.control.event_stream import EventStreams
from adsmock.mockserver.control.routes import JSON, Route
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.services.sandboxes.snapshot import SnapshotStore


class UnknownName(SetupError):
    """A name that means nothing here; ``nearest`` lists similar known names."""

    def __init__(
        self, detail: str, *, nearest: list[str], status: int = 404, pointer: str = ""
    ) -> None:
        super().__init__(detail, status=status, pointer=pointer)
        self.nearest = nearest


class Listeners(Protocol):
    """Whoever opens and closes the listeners of a sandbox."""

    def open(self, sandbox: str, kind: Any, flaw: Any, region: str | None) -> dict[str, Any]:
        """Open one and return where it is."""

    def rows(self, sandbox: str) -> list[dict[str, Any]]:
        """Return those of one sandbox."""

    def close(self, sandbox: str) -> None:
        """Close those of one sandbox."""


@dataclass(slots=True)
class ControlRequest:
    """One request: its row of the table, the names in its path, its checked query and body."""

    runtime: Runtime
    route: Route
    path: dict[str, str]
    query: dict[str, Any]
    body: Any
    accept: str
    resume: str
    """The number a reconnecting reader of events had reached, as text."""
    urls: dict[str, dict[str, str]]
    """Base URLs by region, as clients of this server reach them."""
    snapshots: SnapshotStore
    streams: EventStreams
    listeners: Listeners | None = None
    """None where there are no sockets."""

    @property
    def sandboxes(self) -> Sandboxes:
        """The sandboxes of this process."""
        return self.runtime.sandboxes

    @property
    def contract_set(self) -> ContractSet:
        """Everything the contracts say."""
        return self.runtime.contract_set

    def shut_offs(self) -> list[tuple[str, float]]:
        """Return the deprecation calendar's dates, as (id, seconds since 1970)."""
        return [(row.id, parse_utc(row.shut_off)) for row in self.contract_set.deprecations]

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox that the path names.

        Raises:
            Unknown: 404; there is none of that id.
        """
        sandbox_id = self.path["sandbox"]
        sandbox = self.sandboxes.get(sandbox_id)
        if sandbox is None:
            known = [each.id for each in self.sandboxes.all()]
            raise UnknownName(f"no sandbox {sandbox_id}", nearest=nearest(sandbox_id, known))
        return sandbox


@dataclass(slots=True)
class ControlReply:
    """A reply that is not plain JSON with the row's own status.

    ``body`` is text, bytes or an iterator of bytes for a stream.
    """

    body: str | bytes | Iterator[bytes]
    type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[ControlRequest], Any]
"""Returns a JSON value, an ``Answer``, or None where the row promises no body."""
