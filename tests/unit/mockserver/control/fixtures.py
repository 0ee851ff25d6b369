"""A control plane in memory: operations by id, replies checked against their schemas."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from adsmock.mockserver.control.application import Settings, create_application
from adsmock.mockserver.control.routes import BY_ID, JSON
from adsmock.mockserver.control.schema import check
from tests.unit.mockserver.fixtures import ServerFixture, create_server

URLS = {
    region: {"ads": f"http://{region}", "lwa": f"http://{region}"} for region in ["NA", "EU", "FE"]
}


@dataclass
class ControlFixture:
    server: ServerFixture
    client: FlaskClient

    @property
    def sandbox(self):
        return self.server.sandbox

    def another(self, sandbox_id: str, **request: Any) -> "ControlFixture":
        """Return a client of the same control plane with a new sandbox."""
        return ControlFixture(
            create_server(self.server.runtime, sandbox_id, **request), self.client
        )

    def send(
        self, operation: str, body: Any = None, query: Any = None, headers: Any = None, **names: str
    ) -> TestResponse:
        route = BY_ID[operation]
        path = route.path
        for name in route.parameters:
            path = path.replace("{" + name + "}", names.get(name, self.sandbox.id))
        return self.client.open(
            path, method=route.method, json=body, query_string=query, headers=headers
        )

    def do(self, operation: str, body: Any = None, query: Any = None, **names: str) -> Any:
        """Carry out an operation that must succeed, and return its reply."""
        route = BY_ID[operation]
        reply = self.send(operation, body, query, **names)
        assert reply.status_code == route.success, reply.get_data(as_text=True)
        if route.type != JSON:
            return reply.get_data(as_text=True)
        if not route.reply:
            assert reply.data == b""
            return None
        value = reply.get_json()
        check(route.reply, value)
        return value

    def refuse(
        self, operation: str, body: Any = None, query: Any = None, headers: Any = None, **names: str
    ) -> Any:
        """Carry out an operation that must be refused, and return the problem."""
        reply = self.send(operation, body, query, headers, **names)
        return problem(reply)


def problem(reply: TestResponse) -> Any:
    assert reply.content_type == "application/problem+json", reply.get_data(as_text=True)
    value = reply.get_json()
    check("Problem", value)
    assert value["status"] == reply.status_code
    return value


def make_control(snapshot_dir: Path | None = None, **request: Any) -> ControlFixture:
    home = create_server(**request)
    settings = Settings(snapshot_dir=snapshot_dir, urls=URLS, pause=lambda _: None)
    return ControlFixture(home, create_application(home.runtime, settings).test_client())
