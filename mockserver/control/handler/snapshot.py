"""Snapshots of a sandbox: create, list, restore."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.services.sandboxes.snapshot import decode, encode
from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state


def list_all(request: ControlRequest) -> Any:
    """Return a sandbox's snapshots by name."""
    found = request.snapshots.readable(request.sandbox.id)
    return {"snapshots": [each.row() for each in found]}


def create(request: ControlRequest) -> Any:
    """Store the sandbox's state under a name; replace a snapshot of the same name."""
    kept = encode(request.body["name"], dump_state(request.sandbox))
    request.snapshots.put(kept)
    return kept.row()


def restore(request: ControlRequest) -> Any:
    """Restore the sandbox with its time; the journal stays."""
    sandbox, name = request.sandbox, request.path["snapshot"]
    kept = request.snapshots.find(sandbox.id, name)
    if kept is None:
        raise UnknownName("snapshot", name, request.snapshots.names(sandbox.id))
    restore_state(sandbox, decode(kept.document), request.contract_set, request.sandboxes.source)
    return kept.row()
