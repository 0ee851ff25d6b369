"""Containers for tests: what an engine would be asked for. No engine is needed here."""

import shutil
import subprocess
from pathlib import Path

import pytest
from testcontainers.core import container

import adsmock.harness.integrations as package
from adsmock.harness.integrations.testcontainers import AdsmockContainer

FOLDER = Path(package.__file__).parent / "node"
STUB = """
export class AbstractStartedContainer {
  constructor(started) { this.started = started; }
  getHost() { return "localhost"; }
  getMappedPort(port) { return port + 1; }
}
export class GenericContainer {
  constructor(image) { this.asked = { image }; }
  withEnvironment(value) { this.asked.environment = value; }
  withWaitStrategy(value) { this.asked.wait = value; }
  withStartupTimeout(value) { this.asked.timeout = value; }
  withExposedPorts(...value) { this.asked.ports = value; }
  withCommand(value) { this.asked.command = value; }
  async start() { return this.asked; }
}
export const Wait = { forHttp: (path, port) => ({ forStatusCode: (code) => [path, port, code] }) };
"""
CALL = """
import { AdsmockContainer } from "./adsmock-container.mjs";
const mock = await new AdsmockContainer("image", ["--seed", "7"]).start();
const asked = mock.started;
const port = asked.ports[0].host;
if (asked.image !== "image" || asked.ports[0].container !== 9080 || asked.ports[1] !== 9090)
  throw new Error(JSON.stringify(asked));
if (asked.wait.join() !== "/_mock/v1/ready,9090,200") throw new Error(asked.wait);
if (!asked.command.join(" ").endsWith(`--public-url http://localhost:${port} --seed 7`))
  throw new Error(asked.command);
if (mock.mainUrl !== `http://localhost:${port}`) throw new Error(mock.mainUrl);
if (mock.controlUrl !== "http://localhost:9091") throw new Error(mock.controlUrl);
console.log("as expected");
"""


def test_the_python_container_serves_at_the_port_that_its_urls_name(monkeypatch):
    monkeypatch.setattr(container, "DockerClient", lambda: None)  # it would ask an engine
    mock = AdsmockContainer(options=["--seed", "7"])
    assert mock.ports["9080"] == mock.main_port
    assert "9090" in mock.ports
    assert mock._command[-4:] == ["--public-url", mock.main_url, "--seed", "7"]
    assert mock.env["ADSMOCK_CONTROL_TOKEN"] == mock.control_token
    strategy = mock._wait_strategy
    assert (strategy._port, strategy._path) == (9090, "/_mock/v1/ready")


def test_the_node_container_serves_at_the_port_that_its_urls_name(tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed here")
    library = tmp_path / "node_modules" / "testcontainers"
    library.mkdir(parents=True)
    (library / "index.mjs").write_text(STUB)
    (library / "package.json").write_text('{"type": "module", "exports": "./index.mjs"}')
    shutil.copy(FOLDER / "adsmock-container.mjs", tmp_path)
    (tmp_path / "call.mjs").write_text(CALL)
    done = subprocess.run(
        [node, "call.mjs"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "as expected\n"), done.stderr
