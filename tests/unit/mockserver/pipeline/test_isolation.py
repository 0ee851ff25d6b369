"""Another sandbox is never visible: tokens, scopes, ids, exports, URLs, page tokens."""

from urllib.parse import urlsplit

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.mockserver.core.call import Call
from adsmock.mockserver.pipeline import serve
from tests.unit.mockserver.fixtures import (
    ENDPOINTS,
    EXPORT,
    campaign,
    create_server,
    ids,
    runtime,
    value,
)

PROBES = 10_000


@pytest.fixture(scope="module")
def pair():
    """Two neighbours that hold entities, a page token and a finished export each."""
    home = runtime()
    return tuple(_furnished(create_server(home, name)) for name in ("mine", "theirs"))


def _furnished(server):
    server.owned = ids(
        server.call("/sp/campaigns", {"campaigns": [campaign(f"{n}") for n in range(3)]})
    )
    server.page = value(server.call("/sp/campaigns/list", {"maxResults": 1}))["nextToken"]
    server.export = value(server.call("/campaigns/export", {}, media=EXPORT))["exportId"]
    server.sandbox.clock.advance(60)
    done = value(server.call(f"/exports/{server.export}", b"", "GET", media=EXPORT))
    server.url = done["url"]
    return server


@pytest.mark.one_python
@settings(max_examples=PROBES // 10, deadline=None)
@given(data=st.data())
def test_probes_of_a_neighbour_leak_nothing(pair, data):
    mine, theirs = pair
    before = len(theirs.sandbox.journal)
    secrets = [*theirs.owned, theirs.export, *theirs.sandbox.profiles]
    for _ in range(10):
        probe = data.draw(st.sampled_from(list(PROBE_KINDS)))
        region = data.draw(st.sampled_from(sorted(ENDPOINTS)))
        reply = PROBE_KINDS[probe](mine, theirs, ENDPOINTS[region], data.draw)
        text = reply.body.decode("utf-8", "replace")
        assert not any(secret in text for secret in secrets if secret not in probe), probe
    assert len(theirs.sandbox.journal) == before


def _scope(mine, theirs, endpoint, draw):
    scope = draw(st.sampled_from(sorted(theirs.sandbox.profiles)))
    headers = mine.headers(Amazon_Advertising_API_Scope=scope)
    reply = mine.send("POST", "/sp/campaigns/list", b"{}", headers, endpoint)
    assert reply.status == 401
    reply.body = reply.body.replace(scope.encode(), b"")
    return reply


def _ids(mine, theirs, endpoint, draw):
    wanted = draw(st.lists(st.sampled_from(theirs.owned), min_size=1, max_size=3))
    body = {"campaignIdFilter": {"include": wanted}}
    reply = mine.send("POST", "/sp/campaigns/list", orjson.dumps(body), mine.headers(), endpoint)
    assert reply.status != 200 or value(reply)["totalResults"] == 0
    return reply


def _write(mine, theirs, endpoint, draw):
    victim = draw(st.sampled_from(theirs.owned))
    body = {"campaigns": [{"campaignId": victim, "state": "PAUSED"}]}
    reply = mine.send("PUT", "/sp/campaigns", orjson.dumps(body), mine.headers(), endpoint)
    if reply.status == 207:
        assert value(reply)["campaigns"]["success"] == []
    reply.body = reply.body.replace(victim.encode(), b"")
    return reply


def _archive(mine, theirs, endpoint, draw):
    victim = draw(st.sampled_from(theirs.owned))
    body = {"campaignIdFilter": {"include": [victim]}}
    reply = mine.send("POST", "/sp/campaigns/delete", orjson.dumps(body), mine.headers(), endpoint)
    if reply.status == 207:
        assert value(reply)["campaigns"]["success"] == []
    reply.body = reply.body.replace(victim.encode(), b"")
    return reply


def _page(mine, theirs, endpoint, _draw):
    headers = mine.headers()
    reply = mine.send(
        "POST", "/sp/campaigns/list", orjson.dumps({"nextToken": theirs.page}), headers, endpoint
    )
    assert reply.status in {400, 401}
    return reply


def _export(mine, theirs, endpoint, _draw):
    headers = mine.headers(EXPORT)
    reply = mine.send("GET", f"/exports/{theirs.export}", b"", headers, endpoint)
    assert reply.status in {401, 404}
    return reply


def _url(mine, theirs, endpoint, draw):
    target = urlsplit(theirs.url)
    place = draw(st.integers(0, len(target.query) - 1))
    other = draw(st.sampled_from("AZaz09-_"))
    query = target.query[:place] + other + target.query[place + 1 :]
    if query == target.query or place < target.query.index("Signature=") + 10:
        query = ""
    call = Call("GET", f"/_storage{target.path}", query, {}, b"", endpoint, 0.0)
    reply = serve(call, mine.runtime).reply
    assert reply.status == 403
    return reply


def _token(mine, theirs, endpoint, draw):
    place = draw(st.integers(5, len(theirs.token) - 1))
    other = draw(st.sampled_from("AZaz09-_"))
    bent = theirs.token[:place] + other + theirs.token[place + 1 :]
    headers = mine.headers(Authorization=f"Bearer {bent}")
    if bent == theirs.token:
        headers = mine.headers(Authorization=f"Bearer {bent[:-1]}")
    reply = mine.send("POST", "/sp/campaigns/list", b"{}", headers, endpoint)
    assert reply.status == 401
    return reply


PROBE_KINDS = {
    "scope": _scope,
    "ids": _ids,
    "write": _write,
    "archive": _archive,
    "page": _page,
    "export": _export,
    "url": _url,
    "token": _token,
}
