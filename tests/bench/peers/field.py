"""The peers: their equivalents of create10 and list100, and how each is started."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import requests

from adsmock.contracts.openapi import document
from tests.bench.load import create_body
from tests.bench.peers.peer import HERE, HOME, PATHS, STATUS, Asked, Peer, free_port
from tests.bench.server import MEDIA

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
