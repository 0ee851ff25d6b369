"""The yardstick: bare ASGI callables on uvicorn that do the same JSON work and nothing else.

``POST /sp/campaigns`` parses ten campaigns, stores each as rendered bytes and answers 207 with
them; ``POST /sp/campaigns/list`` answers the first hundred stored. No checks, no state but the
dictionary, no journal. Run as a program: prints its port, serves until it is stopped.
"""

from __future__ import annotations

import socket
import sys
from itertools import count, islice

import orjson
import uvicorn

STORE: dict[str, bytes] = {}
IDS = count(100_000_000_000_000)

JSON = (b"content-type", b"application/vnd.spCampaign.v3+json")


async def _body(receive) -> bytes:
    message = await receive()
    body = message["body"]
    while message["more_body"]:
        message = await receive()
        body += message["body"]
    return body


async def create(receive) -> tuple[int, bytes]:
    rows = []
    for index, item in enumerate(orjson.loads(await _body(receive))["campaigns"]):
        name = item["campaignId"] = str(next(IDS))
        raw = STORE[name] = bytes(bytearray(orjson.dumps(item)))
        rows.append(b'{"campaign":%b,"campaignId":"%b","index":%d}' % (raw, name.encode(), index))
    return 207, b'{"campaigns":{"error":[],"success":[' + b",".join(rows) + b"]}}"


async def list_all(receive) -> tuple[int, bytes]:
    size = orjson.loads(await _body(receive))["maxResults"]
    page = b",".join(islice(STORE.values(), size))
    return 200, b'{"campaigns":[' + page + b'],"totalResults":%d}' % len(STORE)


async def reset(receive) -> tuple[int, bytes]:
    await _body(receive)
    STORE.clear()
    return 200, b"{}"


async def hello(receive) -> tuple[int, bytes]:
    return 404, b'{"code":"NOT_FOUND"}'


ROUTES = {"/sp/campaigns": create, "/sp/campaigns/list": list_all, "/reset": reset}


async def app(scope, receive, send) -> None:
    status, body = await ROUTES.get(scope["path"], hello)(receive)
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
