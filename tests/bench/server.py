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
from statistics import median
from typing import Any

import requests

from mockserver.core.clock import monotonic
from tests.bench.load import create_body

MEDIA = "application/vnd.spCampaign.v3+json"
PROFILES = 60
SERVE = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--announce", "json"]


@dataclass(frozen=True)
class Target:
    """A server to be loaded: its port, what each call must carry, how to empty its store."""

    name: str
    port: int
    headers: dict[str, str]
    profiles: tuple[str, ...]
    reset_url: str
    reset_body: Any
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time the server has taken, 0.0 where it cannot be read."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.exists():
            return 0.0
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

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
        headers = self.headers | {"Amazon-Advertising-API-Scope": self.profiles[0]}
        for number in range(size // 100):
            body = create_body("fill", number, 100)
            url = f"http://127.0.0.1:{self.port}/sp/campaigns"
            answer = requests.post(url, data=body, headers=headers, timeout=60)
            assert answer.status_code == 207, answer.text


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
        yield Target("bare ASGI", port, _headers("none", "none"), ("1",), reset, {}, pid)


@contextlib.contextmanager
def ours() -> Iterator[Target]:
    with _process([*SERVE, "--journal", "lean"]) as (line, _):
        yield _prepared(json.loads(line))


def _prepared(where: dict[str, Any]) -> Target:
    base = f"{where['control']}/_mock/v1/sandboxes"
    endless = {"rate": 1_000_000, "burst": 1_000_000}
    wanted = {
        "id": "bench",
        "quotas": {"sp.read": endless, "sp.write": endless},
        "profiles": [{"region": "NA", "country": "US", "type": "seller"}] * PROFILES,
    }
    made = requests.post(base, json=wanted, timeout=30)
    assert made.status_code == 201, made.text
    sandbox = made.json()
    urls, client = where["regions"]["NA"], sandbox["client"]
    form = {
        "grant_type": "refresh_token",
        "refresh_token": client["refreshToken"],
        "client_id": client["clientId"],
        "client_secret": client["clientSecret"],
    }
    token = requests.post(f"{urls['lwa']}/auth/o2/token", data=form, timeout=30).json()
    return Target(
        "adsmock",
        int(urls["ads"].rsplit(":", 1)[1]),
        _headers(token["access_token"], client["clientId"]),
        tuple(profile["profileId"] for profile in sandbox["profiles"]),
        f"{base}/bench/reset",
        {"scope": ["state", "journal"]},
        where["pid"],
    )


def _headers(token: str, client: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Amazon-Advertising-API-ClientId": client,
        "Content-Type": MEDIA,
        "Accept": MEDIA,
        "Prefer": "return=representation",
    }


def measure_start(times: int = 5) -> float:
    """Return the median seconds from starting the process to its announcement."""
    took = []
    for _ in range(times):
        begun = monotonic()
        with _process(SERVE) as (line, _):
            took.append(monotonic() - begun)
            assert line.startswith("{")
    return median(took)
