"""Servers on a data directory, started again on what a killed one has left."""

from pathlib import Path

from adsmock.mockserver.control.application import Settings, create_application
from adsmock.mockserver.core.clock import TimeSource
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.services.durable.data_directory import DataDirectory
from tests.unit.mockserver.control.fixtures import URLS, ControlFixture
from tests.unit.mockserver.control.test_snapshot import fill
from tests.unit.mockserver.fixtures import (
    ServerFixture,
    campaign,
    contract_set,
    create_server,
    value,
)


def start(
    folder: Path,
    *,
    seed: int = 0,
    source: TimeSource | None = None,
    lines: list[str] | None = None,
    journal_bytes: int = 0,
) -> Runtime:
    """Return a runtime on a data directory; ``lines`` collects what it reports."""
    sandboxes = Sandboxes(seed=seed, source=source)
    data = DataDirectory(folder, (lines if lines is not None else []).append, journal_bytes)
    data.restore(sandboxes, contract_set())
    home = Runtime.build(sandboxes, contract_set(), "http://storage.test")
    home.data = data
    return home


def control_of(home: Runtime, sandbox_id: str = "t1") -> ControlFixture:
    """Return a control plane; the sandbox is created if it does not exist."""
    client = create_application(home, Settings(urls=URLS, pause=lambda _: None)).test_client()
    known = home.sandboxes.get(sandbox_id)
    server = ServerFixture(home, known) if known else create_server(home, sandbox_id)
    assert home.data is not None
    home.data.track()
    return ControlFixture(server, client)


def change_everything(control):
    """Change each part of a sandbox in calls of both planes; return a job."""
    job = fill(control)
    server = control.server
    made = value(server.call("/sp/campaigns", {"campaigns": [campaign("e"), campaign("f")]}))
    ids = [row["campaignId"] for row in made["campaigns"]["success"]]
    server.call("/sp/campaigns", {"campaigns": [{"campaignId": ids[0], "name": "g"}]}, method="PUT")
    server.call("/sp/campaigns/delete", {"campaignIdFilter": {"include": ids[1:]}})
    control.do("state.invent", {"campaigns": 1})
    control.do("tokens.revoke", {"kind": "access"})
    server.sign_in()
    control.do("scenarios.apply", {"name": "prime-day", "over": "PT10M"})
    control.do("faults.put", {"effect": {"kind": "latency", "latencyMs": 1}}, fault="late")
    for _ in range(3):
        server.call("/sp/campaigns/list", {})
    return job


def campaigns_of(control):
    return control.do("state.get")["profiles"][control.server.profile().id]["sp.campaigns"]
