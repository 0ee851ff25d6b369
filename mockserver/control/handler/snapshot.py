"""Snapshots of a sandbox: create, list, restore."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.services.sandboxes.snapshot import decode, encode
from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state


def list_all(request: ControlRequest) -> Any:
    """Return a sandbox's snapshots by name."""
    sandbox_id = request.sandbox.id
    found = [
        request.snapshots.find(sandbox_id, name) for name in request.snapshots.names(sandbox_id)
    ]
    return {"snapshots": [kept.row() for kept in found if kept is not None]}


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
