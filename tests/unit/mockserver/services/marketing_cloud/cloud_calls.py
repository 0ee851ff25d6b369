"""Calls of Marketing Cloud for one account, for tests without sockets."""

import csv
import io
from typing import Any

import jsonschema_rs

from adsmock.contracts.schema import form_body
from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.services.marketing_cloud.account import (
    ACCOUNT,
    MARKETPLACE,
    account_id,
    instances_of,
)
from adsmock.mockserver.services.marketing_cloud.start import SECONDS
from tests.unit.mockserver.fixtures import ServerFixture, contract_set, value
from tests.unit.mockserver.services.reporting import report_requests

QUERY = "SELECT campaign, SUM(impressions) AS shown FROM sponsored_ads_traffic GROUP BY campaign"
WEEK = {
    "timeWindowType": "EXPLICIT",
    "timeWindowStart": "2026-07-01T00:00:00",
    "timeWindowEnd": "2026-07-08T00:00:00",
    "timeWindowTimeZone": "America/Los_Angeles",
}


class Cloud:
    """One instance of an account, by default the standard one."""

    def __init__(self, server: ServerFixture, *, synthetic: bool = False) -> None:
        self.server = server
        self.profile = server.profile()
        self.instance = instances_of(server.sandbox, self.profile)[synthetic].id

    def headers(self, **changes: str | None) -> dict[str, str]:
        own = {
            ACCOUNT: account_id(self.server.sandbox, self.profile),
            MARKETPLACE: self.profile.marketplace_id,
            "Accept": "*/*",
            "Amazon-Advertising-API-Scope": None,
        } | changes
        return self.server.headers("application/json", **own)

    def send(self, method: str, path: str, body: Any = b"", **headers: str | None) -> Reply:
        where = f"/amc/reporting/{self.instance}/{path}"
        return self.server.send(method, where, body, self.headers(**headers))

    def ok(self, method: str, path: str, body: Any = b"") -> Any:
        """Return the value of a success, which fits the contract."""
        reply = self.send(method, path, body)
        assert reply.status == 200, reply.body
        entry = self.server.entries()[-1]
        contract = contract_set().by_name[entry.operation.rpartition(".")[0]]
        (found,) = (each for each in contract.operations if each.id == entry.operation)
        jsonschema_rs.validate(form_body(contract, found.gives), value(reply))
        return value(reply)

    def refused(self, status: int, method: str, path: str, body: Any = b"") -> str:
        """Return the text of a refusal."""
        reply = self.send(method, path, body)
        assert (reply.status, value(reply)["code"]) == (status, str(status)), reply.body
        return str(value(reply)["details"])

    def start(self, query: str = QUERY, **body: Any) -> dict[str, Any]:
        """Return a new execution; it has the week's window unless ``body`` names another."""
        asked = WEEK | {"workflow": {"sqlQuery": query}} | body
        made: dict[str, Any] = self.ok("POST", "workflowExecutions", asked)
        return made

    def get(self, execution: dict[str, Any]) -> dict[str, Any]:
        name = execution["workflowExecutionId"]
        found: dict[str, Any] = self.ok("GET", f"workflowExecutions/{name}")
        return found

    def cancel(self, execution: dict[str, Any]) -> None:
        path = f"workflowExecutions/{execution['workflowExecutionId']}"
        assert self.ok("PUT", path, {"status": "CANCELLED"}) == {}

    def files(self, execution: dict[str, Any]) -> list[bytes]:
        """Return the result and the metadata of an execution that has succeeded."""
        path = f"workflowExecutions/{execution['workflowExecutionId']}/downloadUrls"
        found = self.ok("GET", path)
        urls = [*found["downloadUrls"], *found["metadataDownloadUrls"]]
        return [report_requests.fetch(self.server, url).body for url in urls]

    def result(self, query: str = QUERY, **body: Any) -> list[dict[str, str]]:
        """Return the rows of a new execution, once it has succeeded."""
        execution = self.start(query, **body)
        self.server.sandbox.clock.advance(float(SECONDS))
        content = self.files(execution)[0].decode()
        return list(csv.DictReader(io.StringIO(content)))


def account(**request: Any) -> Cloud:
    """Return an account with a week of traffic, two days after its end."""
    made = Cloud(report_requests.account(**request))
    made.server.sandbox.clock.advance(2 * 86_400)
    return made
