"""Lists that read many entities: the same pages, at the caller's choice from another thread."""

import orjson
import pytest

from adsmock.mockserver.core.call import Call
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.core.text_index import LARGE
from adsmock.mockserver.pipeline import serve
from adsmock.mockserver.services.unified.query import RENDERED_AT_ONCE
from tests.unit.mockserver.fixtures import ENDPOINTS, campaign, create_server

BROAD = {"nameFilter": {"include": ["c-77"]}, "stateFilter": {"include": ["ENABLED"]}}
MANY = {"nameFilter": {"include": [f"-{n}9" for n in range(20)]}}
STATES = {"stateFilter": {"include": ["ENABLED", "PAUSED"]}}


@pytest.fixture(scope="module")
def server():
    server = create_server()
    server.sandbox.choices["entityLimits"] = "unlimited"
    for number in range(8):
        states = ("ENABLED", "PAUSED")
        rows = [campaign(f"c-{number}{each}", state=states[each % 3 == 0]) for each in range(1_000)]
        assert server.call("/sp/campaigns", {"campaigns": rows}).status == 207
    return server


def exchange(server, body, *, can_wait):
    headers = {name.lower(): value for name, value in server.headers().items()}
    call = Call("POST", "/sp/campaigns/list", "", headers, orjson.dumps(body), ENDPOINTS["NA"],
                monotonic(), can_wait=can_wait)  # fmt: skip
    return serve(call, server.runtime)


def expected(server, body):
    """Return the names that a plain reading finds."""
    table = server.sandbox.store.table(server.profile().id, "sp.campaigns")
    rows = [orjson.loads(entity.body) for entity in table.all()]
    words = [each.lower() for each in body.get("nameFilter", {"include": [""]})["include"]]
    states = body.get("stateFilter", {"include": ["ENABLED", "PAUSED"]})["include"]
    return [
        row["name"]
        for row in rows
        if row["state"] in states and any(word in row["name"].lower() for word in words)
    ]


@pytest.mark.parametrize("body", [BROAD, MANY, MANY | STATES, STATES, {}])
@pytest.mark.parametrize("can_wait", [True, False])
@pytest.mark.parametrize("is_indexed", [True, False])
def test_a_page_is_the_same_however_it_is_made(server, body, can_wait, is_indexed):
    pending = []
    server.sandbox.worker = (lambda make: make()) if is_indexed else pending.append
    for table in server.sandbox.store.tables().values():
        table._further.clear()
        table.pages.forget()
    for _ in range(2):  # the second time an index may be there
        found = exchange(server, body, can_wait=can_wait)
        reply = found.reply
        if reply.later is not None:
            assert can_wait
            assert reply.body == b""
            reply.later()
        page = orjson.loads(reply.body)
        names = expected(server, body)
        assert page["totalResults"] == len(names)
        assert [row["name"] for row in page["campaigns"]] == names[: len(page["campaigns"])]
        assert found.entry.status == 200
        assert found.entry.reply is None or found.entry.reply == reply.body
        assert (found.entry.reply is None) == (len(reply.body) > 65_536)


def test_a_wide_filter_looks_up_no_ids_on_the_loop(server, monkeypatch):
    server.sandbox.worker = lambda _: None
    table = server.sandbox.store.table(server.profile().id, "sp.campaigns")
    table._further.clear()
    table.pages.forget()
    looked_up = []
    page = Table.page
    monkeypatch.setattr(Table, "page", lambda *given: looked_up.append(given[1]) or page(*given))
    found = exchange(server, BROAD, can_wait=True)
    assert looked_up == []
    name = "c-77 that is created while the list is read"
    assert server.call("/sp/campaigns", {"campaigns": [campaign(name)]}).status == 207
    found.reply.later()
    names = [each for each in expected(server, BROAD) if each != name]
    assert [row["name"] for row in orjson.loads(found.reply.body)["campaigns"]] == names


def test_a_search_without_an_index_is_made_later_and_with_one_at_once(server):
    pending = []
    server.sandbox.worker = pending.append
    for table in server.sandbox.store.tables().values():
        table._further.clear()
        table.pages.forget()
    assert len(server.sandbox.store.table(server.profile().id, "sp.campaigns")) > LARGE
    assert exchange(server, BROAD, can_wait=True).reply.later is not None
    for make in pending:
        make()
    assert exchange(server, BROAD, can_wait=True).reply.later is None


def test_a_defect_in_late_work_is_a_500_that_is_logged(server, caplog, monkeypatch):
    server.sandbox.worker = lambda _: None
    for table in server.sandbox.store.tables().values():
        table._further.clear()
        table.pages.forget()
    found = exchange(server, BROAD, can_wait=True)
    monkeypatch.setattr(
        "adsmock.mockserver.services.verbs.list_by_body._select_page", lambda *_: 1 / 0
    )
    found.reply.later()
    assert (found.reply.status, found.entry.status) == (500, 500)
    assert "ZeroDivisionError" in caplog.text


def test_a_page_that_a_fault_may_edit_is_made_at_once(server):
    server.sandbox.worker = lambda _: None
    for table in server.sandbox.store.tables().values():
        table._further.clear()
        table.pages.forget()
    server.plan("latency", effect={"latency": 0.1})
    try:
        assert exchange(server, BROAD, can_wait=True).reply.later is None
    finally:
        server.sandbox.faults.clear()


def test_a_large_unified_page_is_rendered_in_another_thread_and_is_the_same(server):
    pages = []
    for can_wait in (False, True):
        headers = {name.lower(): value for name, value in server.headers().items()}
        headers |= {"content-type": "application/json", "accept": "application/json"}
        body = orjson.dumps({"adProductFilter": {"include": ["SPONSORED_PRODUCTS"]}})
        call = Call("POST", "/adsApi/v1/query/campaigns", "", headers, body, ENDPOINTS["NA"],
                    monotonic(), can_wait=can_wait)  # fmt: skip
        reply = serve(call, server.runtime).reply
        assert (reply.later is not None) == can_wait
        if reply.later is not None:
            assert reply.body == b""
            reply.later()
        assert reply.status == 200
        pages.append(orjson.loads(reply.body))
    assert pages[0] == pages[1]
    assert len(pages[0]["campaigns"]) > RENDERED_AT_ONCE
