"""The request and the reply of a control operation, as plain values without a web framework."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.control.event_stream import EventStreams
from adsmock.mockserver.control.routes import JSON, Route
from adsmock.mockserver.control.run_list import RunList
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.services.sandboxes.snapshot import SnapshotStore


class Listeners(Protocol):
    """Opens, lists and closes the listeners of a sandbox."""

    def open(self, sandbox: str, kind: Any, flaw: Any, region: str | None) -> dict[str, Any]:
        """Open a listener and return its address."""

    def rows(self, sandbox: str) -> list[dict[str, Any]]:
        """Return the listeners of one sandbox."""

    def close(self, sandbox: str) -> None:
        """Close the listeners of one sandbox."""


@dataclass(slots=True)
class ControlRequest:
    """One request: its route, path parameters, and validated query and body."""

    runtime: Runtime
    route: Route
    path: dict[str, str]
    query: dict[str, Any]
    body: Any
    accept: str
    resume: str
    """The ``Last-Event-ID`` of a client that reconnects."""
    urls: dict[str, dict[str, str]]
    """Base URLs by region, as clients of this server reach them."""
    snapshots: SnapshotStore
    streams: EventStreams
    runs: RunList
    listeners: Listeners | None = None
    """None for a server without sockets."""

    @property
    def sandboxes(self) -> Sandboxes:
        """The sandboxes of this process."""
        return self.runtime.sandboxes

    @property
    def contract_set(self) -> ContractSet:
        """All contracts."""
        return self.runtime.contract_set

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox that the path names.

        Raises:
            UnknownName: 404.
        """
        sandbox_id = self.path["sandbox"]
        sandbox = self.sandboxes.get(sandbox_id)
        if sandbox is None:
            known = [each.id for each in self.sandboxes.all()]
            raise UnknownName("sandbox", sandbox_id, known)
        return sandbox


@dataclass(slots=True)
class ControlReply:
    """A reply that is not JSON, or has headers of its own.

    ``body`` is text, bytes or an iterator of bytes for a stream.
    """

    body: str | bytes | Iterator[bytes]
    type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[ControlRequest], Any]
"""Returns a JSON value, a ``ControlReply``, or None for an operation without a reply body."""
