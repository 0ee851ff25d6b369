"""The yardstick: bare ASGI callables on uvicorn that do the same JSON work and nothing else.

``POST /sp/campaigns`` parses campaigns, looks at their members with simple checks, adds two
default members, stores each as rendered bytes and answers 207 with them; ``PUT`` changes stored
ones; the list answers the first so many; the token endpoint compares a secret. No state but the
dictionary, no journal, no quota, no fault, no contract. Replies carry what a client needs: type and
length, besides the Date and Server of uvicorn. Run as a program: prints its port, serves until it
is stopped.
"""

from __future__ import annotations

import socket
import sys
from itertools import count, islice
from urllib.parse import parse_qsl

import orjson
import uvicorn

STORE: dict[str, bytes] = {}
IDS = count(100_000_000_000_000)
SECRET = "a secret of the bench"

JSON = (b"content-type", b"application/vnd.spCampaign.v3+json")
STATES = {"ENABLED", "PAUSED"}
LONGEST_NAME = 128
DEFAULTS = {"marketplaceBudgetAllocation": "MANUAL", "offAmazonSettings": {}}
"""What the mock adds to the bench's campaigns, so that both answer with bodies of the same size."""


async def _body(receive) -> bytes:
    message = await receive()
    body = message["body"]
    while message["more_body"]:
        message = await receive()
        body += message["body"]
    return body


def is_compliant(item: dict) -> bool:
    """Return whether a campaign is valid, as a simple mock would check it."""
    budget = item["budget"]
    return (
        isinstance(item["name"], str)
        and 1 <= len(item["name"]) <= LONGEST_NAME
        and item["state"] in STATES
        and item["targetingType"] in {"MANUAL", "AUTO"}
        and budget["budgetType"] == "DAILY"
        and 1 <= budget["budget"] <= 1_000_000
        and ("endDate" not in item or item["startDate"] <= item["endDate"])
    )


def _answer(items, outcome) -> tuple[int, bytes]:
    """Return a 207 with the campaigns that ``outcome`` let pass and stored."""
    rows, errors = [], []
    for index, item in enumerate(items):
        name = outcome(item)
        if name is None:
            errors.append(b'{"index":%d}' % index)
            continue
        raw = STORE[name] = bytes(bytearray(orjson.dumps(item)))
        rows.append(b'{"campaign":%b,"campaignId":"%b","index":%d}' % (raw, name.encode(), index))
    parts = (b",".join(errors), b",".join(rows))
    return 207, b'{"campaigns":{"error":[%b],"success":[%b]}}' % parts


def _created(item) -> str | None:
    if not is_compliant(item):
        return None
    item.update(DEFAULTS)
    item["campaignId"] = name = str(next(IDS))
    return name


def _changed(item) -> str | None:
    name = item["campaignId"]
    stored = STORE.get(name)
    if stored is None:
        return None
    given = item.copy()
    item.update(orjson.loads(stored))
    item.update(given)
    return name if is_compliant(item) else None


async def create(receive) -> tuple[int, bytes]:
    return _answer(orjson.loads(await _body(receive))["campaigns"], _created)


async def change(receive) -> tuple[int, bytes]:
    return _answer(orjson.loads(await _body(receive))["campaigns"], _changed)


async def list_all(receive) -> tuple[int, bytes]:
    size = orjson.loads(await _body(receive))["maxResults"]
    page = b",".join(islice(STORE.values(), size))
    return 200, b'{"campaigns":[' + page + b'],"totalResults":%d}' % len(STORE)


async def token(receive) -> tuple[int, bytes]:
    form = dict(parse_qsl((await _body(receive)).decode()))
    if form["grant_type"] != "refresh_token" or form["client_secret"] != SECRET:
        return 401, b'{"error":"invalid_client"}'
    fresh = {
        "access_token": f"Atza|{next(IDS)}",
        "refresh_token": form["refresh_token"],
        "token_type": "bearer",
        "expires_in": 3600,
    }
    return 200, orjson.dumps(fresh)


async def reset(receive) -> tuple[int, bytes]:
    await _body(receive)
    STORE.clear()
    return 200, b"{}"


async def hello(receive) -> tuple[int, bytes]:
    return 404, b'{"code":"NOT_FOUND"}'


ROUTES = {
    ("POST", "/sp/campaigns"): create,
    ("PUT", "/sp/campaigns"): change,
    ("POST", "/sp/campaigns/list"): list_all,
    ("POST", "/auth/o2/token"): token,
    ("POST", "/reset"): reset,
}


async def app(scope, receive, send) -> None:
    status, body = await ROUTES.get((scope["method"], scope["path"]), hello)(receive)
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [JSON, length]})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_level="error",
        proxy_headers=False,
    )
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main()
