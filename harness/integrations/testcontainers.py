"""The mock as a container in tests: ``with AdsmockContainer() as mock: ...``.

Needs the extra ``testcontainers`` and an engine such as Docker or Podman. The main port of the
container gets the same number on this machine as its address in URLs, so that the addresses of
exports work too.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from typing import Any
from urllib.request import Request, urlopen

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

MAIN_PORT = 9080
CONTROL_PORT = 9090
READY = "/_mock/v1/ready"
_SANDBOXES = "/_mock/v1/sandboxes"
_TOKEN = "testcontainers-control"
_SECONDS = 60


class AdsmockContainer(DockerContainer):
    """A mock that is ready when the container has started.

    ``options`` are further options of ``adsmock serve``; ``port`` is the port on this machine, by
    default a free one.
    """

    def __init__(
        self, image: str = "adsmock", *, options: Sequence[str] = (), port: int | None = None
    ) -> None:
        super().__init__(image)
        self.main_port = port or _free_port()
        self.with_bind_ports(MAIN_PORT, self.main_port)
        self.with_exposed_ports(CONTROL_PORT)
        self.with_env("ADSMOCK_CONTROL_TOKEN", _TOKEN)
        self.with_command(
            [
                *("serve", "--host", "0.0.0.0", "--allow-remote-control"),  # noqa: S104 -- inside the container
                *("--stop-seconds", "1", "--public-url", self.main_url, *options),
            ]
        )
        wait = HttpWaitStrategy(CONTROL_PORT, READY).for_status_code(200)
        self.waiting_for(wait.with_startup_timeout(_SECONDS))

    @property
    def main_url(self) -> str:
        """The base URL of all regions, which are below it: /na, /eu, /fe."""
        return f"http://localhost:{self.main_port}"

    @property
    def control_url(self) -> str:
        """The control plane, whose token is ``control_token``."""
        host, port = self.get_container_host_ip(), self.get_exposed_port(CONTROL_PORT)
        return f"http://{host}:{port}"

    @property
    def control_token(self) -> str:
        """The token that callers of the control plane send."""
        return _TOKEN

    def create_sandbox(self, **request: Any) -> dict[str, Any]:
        """Create a sandbox and return its credentials, profiles and URLs.

        Args:
            request: members of the control plane's ``SandboxRequest``, such as ``seed``.

        Raises:
            urllib.error.HTTPError: the mock refuses the request.
        """
        call = Request(  # noqa: S310 -- the URL of our own container
            self.control_url + _SANDBOXES,
            json.dumps(request).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {_TOKEN}"},
        )
        with urlopen(call, timeout=_SECONDS) as reply:  # noqa: S310 -- as above
            made: dict[str, Any] = json.loads(reply.read())
        return made


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
