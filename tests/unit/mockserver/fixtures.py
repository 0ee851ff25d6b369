"""A runtime in memory and a client that calls it without sockets."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from adsmock.contracts.loader import load
from adsmock.mockserver.core.call import Call, Endpoint, Reply
from adsmock.mockserver.core.fault import FaultRule, Match, When
from adsmock.mockserver.core.sandbox import Profile, QuotaSetting, Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.pipeline import serve
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.services.faults.registry import kinds
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox

NOON = 1_782_907_200.0  # 2026-07-01T12:00:00Z
FORM = "application/x-www-form-urlencoded"
CAMPAIGN = "application/vnd.spCampaign.v3+json"
EXPORT = "application/vnd.campaignsexport.v1+json"
ENDPOINTS = {region: Endpoint(region, 1, region) for region in ("NA", "EU", "FE")}


@cache
def contract_set():
    return load()


def runtime() -> Runtime:
    return Runtime.build(Sandboxes(), contract_set(), "http://storage.test")


def campaign(name: str = "Shoes", **changes: Any) -> dict[str, Any]:
    plain = {
        "name": name,
        "targetingType": "MANUAL",
        "state": "ENABLED",
        "budget": {"budget": 10.0, "budgetType": "DAILY"},
    }
    return plain | changes


@dataclass
class ServerFixture:
    """One sandbox on a frozen clock, with a client that holds its credentials."""

    runtime: Runtime
    sandbox: Sandbox
    token: str = ""
    endpoint: Endpoint = field(default_factory=lambda: ENDPOINTS["NA"])

    def profile(self, region: str = "NA") -> Profile:
        return next(each for each in self.sandbox.profiles.values() if each.region == region)

    def send(
        self,
        method: str,
        path: str,
        body: Any = b"",
        headers: dict[str, str] | None = None,
        endpoint: Endpoint | None = None,
    ) -> Reply:
        target = urlsplit(path)
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        call = Call(method, target.path, target.query, lower, raw, endpoint or self.endpoint, 0.0)
        exchange = serve(call, self.runtime)
        exchange.close("complete", 0.0, 0.0, len(exchange.reply.body))
        exchange.reply.headers = exchange.reply.all_headers()
        return exchange.reply

    def headers(self, media: str = CAMPAIGN, **changes: str | None) -> dict[str, str]:
        plain = {
            "Authorization": f"Bearer {self.token}",
            "Amazon-Advertising-API-ClientId": self.sandbox.credentials.client_id,
            "Amazon-Advertising-API-Scope": self.profile().id,
            "Content-Type": media,
            "Accept": media,
        }
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        return {name: value for name, value in (plain | named).items() if value is not None}

    def call(self, path: str, body: Any = b"{}", method: str = "POST", **changes: Any) -> Reply:
        return self.send(method, path, body, self.headers(**changes))

    def grant(self, **changes: str) -> Reply:
        own = self.sandbox.credentials
        form = {
            "grant_type": "refresh_token",
            "refresh_token": own.refresh_token,
            "client_id": own.client_id,
            "client_secret": own.client_secret,
        } | changes
        return self.send("POST", "/auth/o2/token", urlencode(form).encode(), {"Content-Type": FORM})

    def sign_in(self) -> None:
        self.token = orjson.loads(self.grant().body)["access_token"]

    def plan(self, kind: str, **rest: Any) -> None:
        effect = kinds()[kind](**rest.pop("effect", {}))
        self.sandbox.faults.add(FaultRule(kind, rest.pop("match", Match()), When(**rest), effect))

    def entries(self) -> list[Any]:
        return list(self.sandbox.journal.rows())


def create_server(
    own: Runtime | None = None, sandbox_id: str = "t1", **request: Any
) -> ServerFixture:
    """Return a signed-in client of a new sandbox with unlimited quotas."""
    home = own or runtime()
    quotas = {name: QuotaSetting(1e9, 1e9) for name in home.contract_set.quotas}
    plain = {
        "id": sandbox_id,
        "clock_mode": "frozen",
        "clock_start": NOON,
        "journal": "full",
        "token_lifetime": 1e9,
        "quotas": quotas,
    }
    made = ServerFixture(
        home, make_sandbox(home.sandboxes, home.contract_set, SandboxRequest(**(plain | request)))
    )
    made.sign_in()
    return made


def value(reply: Reply) -> Any:
    return orjson.loads(reply.body)


def ids(reply: Reply) -> Iterable[str]:
    return [row["campaignId"] for row in value(reply)["campaigns"]["success"]]
