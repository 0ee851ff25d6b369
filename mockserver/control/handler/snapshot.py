"""Snapshots of a sandbox: taken, listed, put back."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.suggest import nearest
from adsmock.mockserver.control.request import ControlRequest, Unknown
from adsmock.mockserver.services.sandboxes.snapshot import seal, unseal
from adsmock.mockserver.services.sandboxes.state import freeze, thaw


def list_all(ask: ControlRequest) -> Any:
    """Return a sandbox's snapshots by name."""
    sandbox_id = ask.sandbox.id
    found = [ask.shelf.find(sandbox_id, name) for name in ask.shelf.names(sandbox_id)]
    return {"snapshots": [kept.row() for kept in found if kept is not None]}


def create(ask: ControlRequest) -> Any:
    """Keep the sandbox as it stands; a snapshot of the same name is replaced."""
    kept = seal(ask.body["name"], freeze(ask.sandbox))
    ask.shelf.put(kept)
    return kept.row()


def restore(ask: ControlRequest) -> Any:
    """Put the sandbox back, its time too; the journal stays."""
    sandbox, name = ask.sandbox, ask.path["snapshot"]
    kept = ask.shelf.find(sandbox.id, name)
    if kept is None:
        raise Unknown(f"no snapshot {name}", nearest=nearest(name, ask.shelf.names(sandbox.id)))
    thaw(sandbox, unseal(kept.document), ask.contract_set, ask.sandboxes.source)
    return kept.row()
