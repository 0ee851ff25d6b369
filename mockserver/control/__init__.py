"""The control plane: ``/_mock/v1``, its dashboard and its client. Never faulted or journaled.

Servers call ``create_control``. This package imports Flask only there, so that ``adsmock ctl``
starts fast.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from adsmock.mockserver.control.access import AccessRules

if TYPE_CHECKING:
    from flask import Flask

    from adsmock.mockserver.control.direct_advance import DirectAdvance
    from adsmock.mockserver.control.request import Listeners
    from adsmock.mockserver.runtime import Runtime


def create_control(
    runtime: Runtime,
    *,
    urls: dict[str, dict[str, str]] | None = None,
    snapshot_dir: Path | str | None = None,
    access: AccessRules | None = None,
    listeners: Listeners | None = None,
) -> Flask:
    """Return the Flask application that controls ``runtime``.

    Args:
        runtime: the running mock.
        urls: base URLs by region (``ads``, ``lwa``), as clients reach them; by default the path
            prefixes of an application served in process.
        snapshot_dir: folder for snapshots; by default they are kept in memory.
        access: who may call; by default programs on this machine.
        listeners: opens listeners for one sandbox; None for a server without sockets.
    """
    from adsmock.mockserver.control.application import Settings, create_application  # noqa: PLC0415 -- the command needs no Flask

    if urls is None:
        bases = {
            region: f"http://localhost/{region.lower()}" for region in runtime.contract_set.regions
        }
        urls = {region: {"ads": base, "lwa": base} for region, base in bases.items()}
    folder = None if snapshot_dir is None else Path(snapshot_dir)
    return create_application(runtime, Settings(folder, access or AccessRules(), urls, listeners))


def create_direct(runtime: Runtime, access: AccessRules) -> DirectAdvance:
    """Return what answers the most frequent operation of ``runtime`` on its event loop."""
    from adsmock.mockserver.control.direct_advance import DirectAdvance  # noqa: PLC0415 -- as above

    return DirectAdvance(runtime, access)
