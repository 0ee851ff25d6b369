"""The control plane: ``/_mock/v1``, its dashboard, its client. Never faulted or journaled.

``create_control`` is the door for servers. This file imports no web framework, so that the
command ``adsmock ctl`` starts fast.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from adsmock.mockserver.control.request import Listeners
    from adsmock.mockserver.runtime import Runtime


def create_control(
    runtime: Runtime,
    *,
    urls: dict[str, dict[str, str]] | None = None,
    snapshot_dir: Path | str | None = None,
    hosts: tuple[str, ...] = (),
    allows_remote: bool = False,
    listeners: Listeners | None = None,
) -> Flask:
    """Return the Flask application of the control plane over ``world``.

    Args:
        runtime: the running mock.
        urls: base URLs by region (``ads``, ``lwa``), as clients reach them; without them those
            of the path prefixes of an application served in process.
        snapshot_dir: where snapshots are kept; in memory only without one.
        hosts: names beside loopback under which the control plane may be called.
        allows_remote: answer whatever the Host header says.
        listeners: opens listeners for one sandbox; without it there are none.
    """
    from adsmock.mockserver.control.application import Settings, create_application  # noqa: PLC0415 -- the command needs no Flask

    if urls is None:
        bases = {
            region: f"http://localhost/{region.lower()}" for region in runtime.contract_set.regions
        }
        urls = {region: {"ads": base, "lwa": base} for region, base in bases.items()}
    folder = None if snapshot_dir is None else Path(snapshot_dir)
    return create_application(runtime, Settings(folder, hosts, allows_remote, urls, listeners))
