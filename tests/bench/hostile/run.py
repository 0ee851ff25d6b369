"""The corpus against one server, while a bystander calls: waits, memory, and replies of 5xx."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import requests

from adsmock.contracts.loader import load
from adsmock.mockserver.core.clock import monotonic
from tests.bench.aim import Aim
from tests.bench.hostile.attacker import CAMPAIGN, Attacker, request
from tests.bench.hostile.bystander import GAP
from tests.bench.hostile.corpus import CORPUS, campaigns

STORED = 200_000
WORST_MS, P99_MS = 250.0, 50.0
GROWTH_MB = 1_024.0
"""Ceiling of what the process may grow by over the whole corpus."""
LEAST_WAITS = 200
"""Waits of the bystander that one attack is judged by: about a second of calls."""
PLANNED = {503}
SERVE = [sys.executable, "-m", "adsmock.mockserver", "serve", "--port", "0", "--announce", "json"]


@dataclass
class Outcome:
    """What one attack did: waits in milliseconds, megabytes afterwards, statuses, seconds.

    ``work`` are the milliseconds that the server worked during each wait: what the wait would have
    been on a quiet machine. Other programs make waits longer, but not this.
    """

    name: str
    waits: list[float]
    work: list[float]
    memory: float
    seconds: float
    statuses: list[int] = field(default_factory=list)

    @property
    def worst(self) -> float:
        return max(self.waits, default=0.0)

    @property
    def p99(self) -> float:
        return _p99(self.waits)

    @property
    def worst_work(self) -> float:
        return max(self.work, default=0.0)

    @property
    def p99_work(self) -> float:
        return _p99(self.work)

    @property
    def unplanned(self) -> int:
        return sum(status >= 500 and status not in PLANNED for status in self.statuses)

    def line(self) -> str:
        statuses = " ".join(map(str, sorted(set(self.statuses)))) or "-"
        return (
            f"{self.name:<40}{self.seconds:>8.2f}{self.worst:>9.1f}{self.p99:>8.1f}"
            f"{self.worst_work:>9.1f}{self.p99_work:>8.1f}{self.memory:>8.0f}  {statuses}"
        )


def _p99(values: list[float]) -> float:
    ranked = sorted(values)
    return ranked[len(ranked) * 99 // 100] if ranked else 0.0


HEADING = (
    f"{'attack':<40}{'s':>8}{'worst ms':>9}{'p99 ms':>8}{'worst*':>9}{'p99*':>8}{'MB':>8}  replies"
)


class Rehearsal:
    """A server with a bystander and an attacker, each in its own sandbox."""

    def __init__(self, stored: int = STORED) -> None:
        self._stack = contextlib.ExitStack()
        self._stored = stored

    def __enter__(self) -> Self:
        log = tempfile.NamedTemporaryFile("w+", suffix=".log", delete=False)
        self._log = Path(self._stack.enter_context(log).name)
        server = self._start([*SERVE, "--journal", "full"], stderr=log)
        self.where = json.loads(server.stdout.readline())
        self.pid = self.where["pid"]
        self.attacker = self._attacker(self._client("attacker"))
        self._fill()
        self._bystander = self._watch(self._client("bystander"))
        return self

    def __exit__(self, *_: object) -> None:
        self.attacker.let_go()
        self._stack.close()

    @property
    def tracebacks(self) -> int:
        """How many the server has logged."""
        return self._log.read_text().count("Traceback")

    def attack(self, name: str) -> Outcome:
        """Carry out one attack and return what it did."""
        self._waits()
        begun = monotonic()
        CORPUS[name](self.attacker)
        seconds = monotonic() - begun
        waits = self._waits(LEAST_WAITS)
        self.attacker.let_go()
        statuses, self.attacker.statuses = self.attacker.statuses, []
        return Outcome(name, *waits, memory(self.pid), seconds, statuses)

    def calm(self, seconds: float) -> Outcome:
        """Return the bystander's waits without any attack."""
        self._waits()
        waits = self._waits(int(seconds / GAP / 2))
        return Outcome("(no attack)", *waits, memory(self.pid), seconds)

    def _waits(self, least: int = 0) -> tuple[list[float], list[float]]:
        """Return at least so many waits since the last time, and the server's work in each."""
        assert self._bystander.stdin is not None
        assert self._bystander.stdout is not None
        waits: list[float] = []
        work: list[float] = []
        while not waits or len(waits) < least:
            self._bystander.stdin.write("\n")
            self._bystander.stdin.flush()
            for waited, worked in json.loads(self._bystander.stdout.readline()):
                waits.append(waited * 1e3)
                work.append(worked * 1e3)
        return waits, work

    def _start(self, words: list[str], **rest: Any) -> subprocess.Popen[str]:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, **rest)
        self._stack.enter_context(process)
        self._stack.callback(process.terminate)
        return process

    def _client(self, name: str) -> dict[str, Any]:
        endless = {"rate": 1_000_000, "burst": 1_000_000}
        control = f"{self.where['control']}/_mock/v1/sandboxes"
        wanted = {
            "id": name,
            "journal": "full",
            "choices": {"entityLimits": "unlimited"},
            "tokenLifetime": 86_400,
        }
        made = requests.post(control, json=wanted, timeout=60).json()
        quotas = dict.fromkeys(load().quotas, endless)
        requests.put(f"{control}/{name}/throttle", json={"quotas": quotas}, timeout=60)
        return dict(made)

    def _headers(self, made: dict[str, Any]) -> dict[str, str]:
        client = made["client"]
        form = {
            "grant_type": "refresh_token",
            "client_id": client["clientId"],
            "client_secret": client["clientSecret"],
            "refresh_token": client["refreshToken"],
        }
        url = f"{self.where['main']}/auth/o2/token"
        token = requests.post(url, data=urlencode(form), timeout=60, headers={
            "Content-Type": "application/x-www-form-urlencoded"}).json()  # fmt: skip
        return {
            "Authorization": f"Bearer {token['access_token']}",
            "Amazon-Advertising-API-ClientId": client["clientId"],
            "Amazon-Advertising-API-Scope": made["profiles"][0]["profileId"],
            "Content-Type": CAMPAIGN,
            "Accept": CAMPAIGN,
        }

    def _attacker(self, made: dict[str, Any]) -> Attacker:
        ports = [int(self.where[name].rsplit(":", 1)[1]) for name in ("main", "control")]
        self._profile = made["profiles"][0]["profileId"]
        return Attacker(*ports, "attacker", self._headers(made))

    def _fill(self) -> None:
        """Store the entities that heavy work needs."""
        rows = campaigns("big", self._stored)["campaigns"]
        body = {"profiles": {self._profile: {"sp.campaigns": rows}}}
        url = f"{self.where['control']}/_mock/v1/sandboxes/attacker/state"
        answer = requests.put(url, json=body, timeout=600)
        assert answer.status_code == 200, answer.text[:500]

    def _watch(self, made: dict[str, Any]) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "tests.bench.hostile.bystander"]
        process = self._start(words, stdin=subprocess.PIPE)
        headers = self._headers(made) | {"Connection": "keep-alive"}
        raw = request("POST", "/sp/campaigns/list", b"{}", headers).decode("latin-1")
        assert process.stdin is not None
        row = {"port": self.attacker.data, "raw": raw, "pid": self.pid}
        process.stdin.write(json.dumps(row) + "\n")
        process.stdin.flush()
        return process


def memory(pid: int) -> float:
    """Return the resident megabytes of a process, 0.0 where they cannot be read."""
    path = Path(f"/proc/{pid}/statm")
    if not path.exists():
        return 0.0
    return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(names: list[str], stored: int = STORED) -> Iterator[tuple[str, Outcome | None]]:
    """Yield a line for each attack with its outcome, then what the log says."""
    with Rehearsal(stored) as rehearsal:
        calm = rehearsal.calm(2.0)
        yield "* what the server itself worked during a wait: the wait on a quiet machine", None
        yield HEADING, None
        yield calm.line(), calm
        for name in names:
            outcome = rehearsal.attack(name)
            yield outcome.line(), outcome
        yield f"tracebacks in the log: {rehearsal.tracebacks}", None


def aims(outcomes: list[Outcome]) -> list[Aim]:
    """Return the targets; the first outcome is that without an attack."""
    calm, *attacks = outcomes
    worst_work = max(one.p99_work for one in attacks)
    grown = max(one.memory for one in attacks) - calm.memory
    return [
        Aim("bystander's worst wait", max(one.worst for one in attacks), WORST_MS, " ms"),
        Aim("bystander's worst p99", max(one.p99 for one in attacks), P99_MS, " ms"),
        Aim("worst p99 of the server's work in a wait", worst_work, P99_MS, " ms"),
        Aim("growth of the process", grown, GROWTH_MB, " MB"),
        Aim("unplanned replies of 5xx", sum(one.unplanned for one in attacks), 0),
    ]


def lines() -> tuple[list[str], list[Aim]]:
    """Return the figures of the whole corpus, and its targets."""
    rows = list(measure(list(CORPUS)))
    outcomes = [outcome for _, outcome in rows if outcome is not None]
    heading = f"{len(CORPUS)} hostile and heavy requests, load {os.getloadavg()[0]:.1f} at the end"
    return [heading, *(line for line, _ in rows)], aims(outcomes)
