"""A client of the asset library: upload, register, look, search."""

from functools import cache
from itertools import count
from urllib.parse import urlsplit

from adsmock.mockserver.core.call import Endpoint
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import value

NUMBERS = count()
STORAGE = Endpoint("storage", 2, "NA", storage=True)
JSON = "application/json"
home = cache(fixtures.runtime)


def create_server(**request):
    return fixtures.create_server(home(), f"assets{next(NUMBERS)}", **request)


def png(width=600, height=300, size=64):
    head = b"\x89PNG\r\n\x1a\n" + bytes(8) + width.to_bytes(4) + height.to_bytes(4)
    return head + bytes(size - len(head))


def jpeg(width, height):
    table = b"\xff\xdb\x00\x04ab"
    frame = b"\xff\xc2\x00\x0b\x08" + height.to_bytes(2) + width.to_bytes(2)
    return b"\xff\xd8" + table + frame + bytes(8)


def location(own, name="logo.png"):
    return value(own.call("/assets/upload", {"filename": name}, media=JSON))["url"]


def put(own, url, content, media="image/png", **headers):
    target = urlsplit(url)
    path = f"/_storage{target.path}?{target.query}"
    return own.send("PUT", path, content, {"Content-Type": media} | headers, STORAGE)


def upload(own, content=None, name="logo.png", media="image/png"):
    url = location(own, name)
    assert put(own, url, png() if content is None else content, media).status == 200
    return url


def register(own, url, **changes):
    body = {"url": url, "name": "logo", "assetType": "IMAGE", "assetSubTypeList": ["LOGO"]}
    return own.call("/assets/register", body | changes, media=JSON)


def registered(own, content=None, **changes):
    reply = register(own, upload(own, content), **changes)
    assert reply.status == 200, reply.body
    return value(reply)["assetId"]


def look(own, asset_id, version=""):
    query = f"?assetId={asset_id}" + (f"&version={version}" if version else "")
    return value(own.call(f"/assets{query}", b"", "GET", media=JSON))


def latest(own, asset_id):
    return look(own, asset_id)["assetVersionList"][-1]


def search(own, **body):
    return value(own.call("/assets/search", body, media=JSON))


def names(page):
    return [row["name"] for row in page["assetList"]]
