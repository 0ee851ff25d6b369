"""Snapshots of a sandbox: taken, listed, put back."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.suggest import nearest
from adsmock.mockserver.control.request import ControlRequest, UnknownName
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
    """Keep the sandbox as it stands; a snapshot of the same name is replaced."""
    kept = encode(request.body["name"], dump_state(request.sandbox))
    request.snapshots.put(kept)
    return kept.row()


def restore(request: ControlRequest) -> Any:
    """Put the sandbox back, its time too; the journal stays."""
    sandbox, name = request.sandbox, request.path["snapshot"]
    kept = request.snapshots.find(sandbox.id, name)
    if kept is None:
        raise UnknownName(
            f"no snapshot {name}", nearest=nearest(name, request.snapshots.names(sandbox.id))
        )
    restore_state(sandbox, decode(kept.document), request.contract_set, request.sandboxes.source)
    return kept.row()
