"""Calls into a pipeline of this process: the cost of an operation without sockets."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from adsmock.mockserver.app import Settings, build_runtime
from adsmock.mockserver.core.call import Call, Endpoint
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.pipeline import serve
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox
from tests.bench.load import create_body

MEDIA = "application/vnd.spCampaign.v3+json"
ENDPOINT = Endpoint("x", 1, "NA")
BATCH = 1_000


@dataclass(frozen=True)
class Cost:
    """Microseconds of processor time a call: the median and the 99th of so many."""

    p50: float
    p99: float


class InProcessServer:
    """A runtime of its own with one sandbox that has unlimited quotas."""

    def __init__(self, journal: str = "lean") -> None:
        self.runtime = build_runtime(Settings(journal=journal), "", None)
        self.sandbox = self.add("bench")
        self.headers = self._headers(self.sandbox)

    def add(self, name: str) -> Sandbox:
        """Return one more sandbox."""
        wanted = SandboxRequest(id=name, choices={"entityLimits": "unlimited"})
        sandbox = make_sandbox(self.runtime.sandboxes, self.runtime.contract_set, wanted)
        for quota in sandbox.throttle.quotas.values():
            quota.rate = quota.burst = 1e9
        return sandbox

    def _headers(self, sandbox: Sandbox) -> dict[str, str]:
        who = sandbox.credentials
        form = {
            "grant_type": "refresh_token",
            "refresh_token": who.refresh_token,
            "client_id": who.client_id,
            "client_secret": who.client_secret,
        }
        self.form = urlencode(form).encode()
        self.form_headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = self._serve("/auth/o2/token", self.form, self.form_headers)
        return {
            "host": "x",
            "authorization": f"Bearer {json.loads(answer)['access_token']}",
            "amazon-advertising-api-clientid": who.client_id,
            "amazon-advertising-api-scope": next(iter(sandbox.profiles)),
            "content-type": MEDIA,
            "accept": MEDIA,
            "prefer": "return=representation",
        }

    def _serve(
        self, path: str, body: bytes, headers: dict[str, str], method: str = "POST"
    ) -> bytes:
        begun = monotonic()
        exchange = serve(Call(method, path, "", headers, body, ENDPOINT, begun, 1), self.runtime)
        exchange.close("complete", begun, begun, len(exchange.reply.body))
        assert exchange.reply.status < 300, exchange.reply.body
        return exchange.reply.body

    def list(self, body: bytes) -> bytes:
        """Return a page of campaigns that is rendered again: no cached page is used."""
        for table in self.sandbox.store.tables().values():
            table.pages.forget()
        return self.post("/sp/campaigns/list", body)

    def post(self, path: str, body: bytes, method: str = "POST") -> bytes:
        """Return the body of the answer to a call of the API."""
        return self._serve(path, body, self.headers, method)

    def token(self) -> bytes:
        """Return the reply that contains a new token."""
        return self._serve("/auth/o2/token", self.form, self.form_headers)

    def fill(self, count: int, prefix: str = "fill") -> None:
        """Create so many campaigns in the first profile."""
        for number in range(count // BATCH):
            self.post("/sp/campaigns", create_body(f"{prefix}{number}", number, BATCH))


def timed(calls: Iterator[Callable[[], object]]) -> Cost:
    """Return the processor time of the calls; other processes do not count."""
    took = []
    for call in calls:
        begun = time.process_time()
        call()
        took.append(time.process_time() - begun)
    took.sort()
    return Cost(took[len(took) // 2] * 1e6, took[len(took) * 99 // 100] * 1e6)


def resident() -> float:
    """Return the resident megabytes of this process, 0.0 where they cannot be read."""
    path = Path("/proc/self/status")
    if not path.exists():
        return 0.0
    rows = path.read_text().splitlines()
    return int(next(row.split()[1] for row in rows if row.startswith("VmRSS"))) / 1024
