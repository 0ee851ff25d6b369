"""The two servers under load, each a process of its own on the same interpreter."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from adsmock.mockserver.core.clock import monotonic
from tests.bench import bare as bare_asgi
from tests.bench.load import FORM, create_body

MEDIA = "application/vnd.spCampaign.v3+json"
PROFILES = 60
SERVE = [sys.executable, "-m", "adsmock.mockserver", "serve", "--port", "0", "--announce", "json"]


@dataclass(frozen=True)
class Target:
    """A server to be loaded: its port, what each call must carry, how to empty its store.

    ``form`` is what its token endpoint takes.
    """

    name: str
    port: int
    headers: dict[str, str]
    profiles: tuple[str, ...]
    reset_url: str
    reset_body: Any
    pid: int
    form: str = ""

    def cpu_seconds(self) -> float:
        """Return the processor time the server has taken, 0.0 where it cannot be read.

        The scheduler counts nanoseconds where the usual counters have hundredths of a second.
        """
        return cpu_seconds(self.pid)

    def memory(self) -> float:
        """Return the resident megabytes of the server, 0.0 where they cannot be read."""
        path = Path(f"/proc/{self.pid}/statm")
        if not path.exists():
            return 0.0
        return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def reset(self) -> None:
        answer = requests.post(self.reset_url, json=self.reset_body, timeout=60)
        assert answer.status_code < 300, answer.text

    def fill(self, size: int) -> None:
        """Create ``size`` campaigns in the first profile."""
        for number in range(size // 100):
            self.create(create_body("fill", number, 100))

    def first_ids(self, size: int) -> tuple[str, ...]:
        """Return the ids of the first campaigns of the first profile."""
        return tuple(row["campaignId"] for row in json.loads(self.page(size))["campaigns"])

    def create(self, body: bytes) -> bytes:
        """Create campaigns in the first profile; return the reply's body."""
        answer = self._post("/sp/campaigns", body)
        assert answer.status_code == 207, answer.text
        return answer.content

    def page(self, size: int) -> bytes:
        """Return the body of the first page of the first profile's campaigns."""
        return self._post("/sp/campaigns/list", b'{"maxResults":%d}' % size).content

    def _post(self, path: str, body: bytes) -> requests.Response:
        headers = self.headers | {"Amazon-Advertising-API-Scope": self.profiles[0]}
        url = f"http://127.0.0.1:{self.port}{path}"
        return requests.post(url, data=body, headers=headers, timeout=60)


@contextlib.contextmanager
def _process(words: list[str]) -> Iterator[tuple[str, int]]:
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline(), process.pid
        finally:
            process.terminate()


@contextlib.contextmanager
def bare() -> Iterator[Target]:
    with _process([sys.executable, "-m", "tests.bench.bare"]) as (line, pid):
        port = int(line)
        reset = f"http://127.0.0.1:{port}/reset"
        form = _form("none", "none", bare_asgi.SECRET)
        yield Target("bare ASGI", port, _headers("none", "none"), ("1",), reset, {}, pid, form)


@contextlib.contextmanager
def ours(*options: str) -> Iterator[Target]:
    with _process([*SERVE, "--journal", "lean", *options]) as (line, _):
        yield _prepared(json.loads(line))


def _prepared(where: dict[str, Any]) -> Target:
    base = f"{where['control']}/_mock/v1/sandboxes"
    endless = {"rate": 1_000_000, "burst": 1_000_000}
    wanted = {
        "id": "bench",
        "quotas": dict.fromkeys(("lwa", "sp.read", "sp.write"), endless),
        "profiles": [{"region": "NA", "country": "US", "type": "seller"}] * PROFILES,
    }
    made = requests.post(base, json=wanted, timeout=120)
    assert made.status_code == 201, made.text
    sandbox = made.json()
    urls, client = where["regions"]["NA"], sandbox["client"]
    form = _form(client["refreshToken"], client["clientId"], client["clientSecret"])
    url = f"{urls['lwa']}/auth/o2/token"
    token = requests.post(url, data=form, headers=FORM, timeout=120).json()
    return Target(
        "adsmock",
        int(urls["ads"].rsplit(":", 1)[1]),
        _headers(token["access_token"], client["clientId"]),
        tuple(profile["profileId"] for profile in sandbox["profiles"]),
        f"{base}/bench/reset",
        {"scope": ["state", "journal"]},
        where["pid"],
        form,
    )


def _form(refresh_token: str, client_id: str, client_secret: str) -> str:
    return urlencode(
        {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": client_id,
            "client_secret": client_secret,
        }
    )


def _headers(token: str, client: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Amazon-Advertising-API-ClientId": client,
        "Content-Type": MEDIA,
        "Accept": MEDIA,
        "Prefer": "return=representation",
    }


def measure_start(times: int = 7) -> tuple[float, float]:
    """Return the seconds from starting the process until it says that it is ready, and its
    processor's: the least of so many, for whatever else a machine does only adds to them."""
    took, cpu = [], []
    for _ in range(times):
        begun = monotonic()
        with _process(SERVE) as (line, pid):
            where = json.loads(line)["control"]
            answer = requests.get(f"{where}/_mock/v1/ready", timeout=120)
            took.append(monotonic() - begun)
            cpu.append(cpu_seconds(pid))
            assert answer.json()["status"] == "ready", answer.text
    return min(took), min(cpu)


def cpu_seconds(pid: int) -> float:
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in threads) / 1e9
