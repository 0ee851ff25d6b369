"""Peers on the same machine: how each is started, and what stands for create10 and list100 there.

They do less than the mock does: each row says what. A peer that is not installed is named, not
measured; ``make peers`` installs all that a registry brings.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from contracts.openapi import document
from mockserver.core.clock import monotonic
from tests.bench.load import create_body
from tests.bench.server import MEDIA

HERE = Path(__file__).parent
HOME = Path(__file__).parents[3] / ".bench"
"""Where ``make peers`` puts them."""

PATHS = {"create10": "/sp/campaigns", "list100": "/sp/campaigns/list"}
STATUS = {"create10": 207, "list100": 200}
PATIENCE = 60.0


HEADERS = {
    "Content-Type": MEDIA,
    "Accept": MEDIA,
    "Authorization": "Bearer none",
    "Amazon-Advertising-API-ClientId": "none",
    "Amazon-Advertising-API-Scope": "1",
    "Prefer": "return=representation",
}


@dataclass(frozen=True)
class Asked:
    """One fixed request."""

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=HEADERS.copy)


@dataclass(frozen=True)
class Running:
    """A peer that serves: its port and process, seconds it took to start, what to ask of it."""

    name: str
    does: str
    port: int
    pid: int
    started: float
    asked: dict[str, Asked]

    def memory(self) -> float:
        """Return the resident megabytes of the process and its children, 0.0 where unknown."""
        return sum(_resident(pid) for pid in (self.pid, *_children(self.pid)))


@dataclass(frozen=True)
class Peer:
    """How a peer is started: ``words`` from port, folder and the replies it is to give."""

    name: str
    does: str
    needs: tuple[Path | str, ...]
    words: Callable[[int, Path, dict[str, bytes]], list[str]]
    ready: Callable[[str], None] | None = None
    asked: dict[str, Asked] = field(
        default_factory=lambda: {
            "create10": Asked(PATHS["create10"], create_body("peer", 0)),
            "list100": Asked(PATHS["list100"], b'{"maxResults":100}'),
        }
    )

    def missing(self) -> str:
        """Return what is not installed, nothing when all is there."""
        for each in self.needs:
            found = each.exists() if isinstance(each, Path) else shutil.which(each)
            if not found:
                return str(each.name if isinstance(each, Path) else each)
        return ""

    @contextlib.contextmanager
    def started(self, replies: dict[str, bytes]) -> Iterator[Running]:
        """Give the peer on a free port; ``replies`` are what the canned ones answer, by kind."""
        port, begun = free_port(), monotonic()
        with tempfile.TemporaryDirectory() as folder:
            words = self.words(port, Path(folder), replies)
            with _process(words, folder) as process:
                _wait(port, process)
                took = monotonic() - begun
                if self.ready is not None:
                    self.ready(f"http://127.0.0.1:{port}")
                yield Running(self.name, self.does, port, process.pid, took, self.asked)


@contextlib.contextmanager
def _process(words: list[str], folder: str) -> Iterator[subprocess.Popen[bytes]]:
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, cwd=folder, **silent) as process:
        try:
            yield process
        finally:
            for pid in _children(process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 15)
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    begun = monotonic()
    while monotonic() - begun < PATIENCE:
        if process.poll() is not None:
            raise SystemExit(f"bench: {process.args} ended before it served")
        with contextlib.suppress(OSError):
            requests.get(f"http://127.0.0.1:{port}/", timeout=5)
            return
    raise SystemExit(f"bench: {process.args} does not serve")


def _children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *_children(child)]
    return found


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


AWS = {
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260701/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0",
}


def _aws(operation: str, value: dict[str, Any]) -> Asked:
    target = f"DynamoDB_20120810.{operation}"
    return Asked("/", json.dumps(value).encode(), AWS | {"X-Amz-Target": target})


def _row(number: int) -> dict[str, Any]:
    item = json.loads(create_body("peer", number, 1))["campaigns"][0]
    return {"id": {"S": f"c{number:03d}"}, "campaign": {"S": json.dumps(item)}}


def _fill_table(base: str) -> None:
    """Make the table and put a hundred campaigns into it."""
    key = {"AttributeName": "id"}
    table = {
        "TableName": "campaigns",
        "KeySchema": [key | {"KeyType": "HASH"}],
        "AttributeDefinitions": [key | {"AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    calls = [_aws("CreateTable", table)]
    calls += [_aws("PutItem", {"TableName": "campaigns", "Item": _row(n)}) for n in range(100)]
    for call in calls:
        answer = requests.post(base, data=call.body, headers=call.headers, timeout=30)
        assert answer.status_code == 200, answer.text


def _moto(port: int, folder: Path, replies: dict[str, bytes]) -> list[str]:
    del folder, replies
    return [str(HOME / "venv/bin/moto_server"), "-H", "127.0.0.1", "-p", str(port)]


def _fill_twin(base: str) -> None:
    for number in range(10):
        body = create_body("fill", number, 100)
        answer = requests.post(
            base + PATHS["create10"],
            data=body,
            headers={"Content-Type": "application/json"},
            timeout=30,
        )
        assert answer.status_code == 207, answer.text


def _twin(port: int, folder: Path, replies: dict[str, bytes]) -> list[str]:
    del folder, replies
    return [str(HOME / "venv/bin/python"), str(HERE / "twin.py"), str(port)]


def _prism(port: int, folder: Path, replies: dict[str, bytes]) -> list[str]:
    whole = document()
    for kind, path in PATHS.items():
        answer = whole["paths"][path]["post"]["responses"][str(STATUS[kind])]["content"]
        for media in answer.values():
            media["example"] = json.loads(replies[kind])
    whole["paths"] = {path: {"post": whole["paths"][path]["post"]} for path in PATHS.values()}
    for item in whole["paths"].values():
        item["post"].pop("security", None)
    file = folder / "ads.json"
    file.write_text(json.dumps(whole))
    program = HOME / "node_modules/.bin/prism"
    return [str(program), "mock", "-h", "127.0.0.1", "-p", str(port), "-v", "silent", str(file)]


def _mountebank(port: int, folder: Path, replies: dict[str, bytes]) -> list[str]:
    stubs = [
        {
            "predicates": [{"equals": {"path": path}}],
            "responses": [
                {
                    "is": {
                        "statusCode": STATUS[kind],
                        "headers": {"Content-Type": MEDIA},
                        "body": replies[kind].decode(),
                    }
                }
            ],
        }
        for kind, path in PATHS.items()
    ]
    imposter = {"port": port, "host": "127.0.0.1", "protocol": "http", "stubs": stubs}
    file = folder / "imposters.json"
    file.write_text(json.dumps({"imposters": [imposter]}))
    program = [str(HOME / "node_modules/.bin/mb"), "--configfile", str(file), "--nologfile"]
    return [*program, "--localOnly", "--port", str(free_port()), "--loglevel", "error"]


def _wiremock(port: int, folder: Path, replies: dict[str, bytes]) -> list[str]:
    for name in ("mappings", "__files"):
        (folder / name).mkdir()
    for kind, path in PATHS.items():
        (folder / "__files" / f"{kind}.json").write_bytes(replies[kind])
        answer = {
            "status": STATUS[kind],
            "bodyFileName": f"{kind}.json",
            "headers": {"Content-Type": MEDIA},
        }
        mapping = {"request": {"method": "POST", "urlPath": path}, "response": answer}
        (folder / "mappings" / f"{kind}.json").write_text(json.dumps(mapping))
    (jar,) = (HOME / "node_modules/wiremock").glob("build/*.jar")
    quiet = ["--disable-banner", "--no-request-journal", "--bind-address", "127.0.0.1"]
    return ["java", "-jar", str(jar), "--port", str(port), "--root-dir", str(folder), *quiet]


PEERS = (
    Peer(
        "FastAPI twin",
        "stateful, types checked by pydantic; no token, quota, uniqueness, journal",
        (HOME / "venv/bin/uvicorn",),
        _twin,
        _fill_twin,
        {
            kind: Asked(PATHS[kind], body, {"Content-Type": "application/json"})
            for kind, body in (
                ("create10", create_body("peer", 0)),
                ("list100", b'{"maxResults":100}'),
            )
        },
    ),
    Peer(
        "moto server",
        "DynamoDB: BatchWriteItem of 10, Scan of 100",
        (HOME / "venv/bin/moto_server",),
        _moto,
        _fill_table,
        {
            "create10": _aws(
                "BatchWriteItem",
                {
                    "RequestItems": {
                        "campaigns": [{"PutRequest": {"Item": _row(n)}} for n in range(10)]
                    }
                },
            ),
            "list100": _aws("Scan", {"TableName": "campaigns", "Limit": 100}),
        },
    ),
    Peer(
        "Prism",
        "stateless, validates the request, answers an example",
        ("node", HOME / "node_modules/.bin/prism"),
        _prism,
    ),
    Peer(
        "mountebank",
        "stateless, canned answers",
        ("node", HOME / "node_modules/.bin/mb"),
        _mountebank,
    ),
    Peer(
        "WireMock",
        "stateless, canned answers; uses both cores",
        ("java", HOME / "node_modules/wiremock"),
        _wiremock,
    ),
)
