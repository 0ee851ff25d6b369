"""Every operation of every one of Amazon's documents is served: by a contract, or generically."""

import http.client
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from adsmock.contracts.loader import load
from adsmock.mockserver.app import Mock
from adsmock.mockserver.command.fidelity import run
from adsmock.mockserver.control.client import Control
from adsmock.mockserver.core.seeded_random import integer
from adsmock.mockserver.services.generic.coverage import coverage, totals
from adsmock.mockserver.services.generic.document import read
from adsmock.mockserver.services.generic.value_generator import ValueGenerator
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox

ORACLE = Path(__file__).parents[2].parent / "shared" / "openapi"
FILES = sorted(map(str, ORACLE.glob("*.json")))
EARLY = 1_577_880_000.0  # 2020-01-01: nothing is retired yet
pytestmark = pytest.mark.skipif(not FILES, reason=f"NOT CHECKED: no documents under {ORACLE}")


@cache
def documents():
    return [read(file) for file in FILES]


class DocumentServer:
    """A client of a sandbox without quotas, long before anything was retired."""

    def __init__(self, mock):
        wanted = SandboxRequest(
            id="early", seed=5, journal="full", clock_mode="frozen", clock_start=EARLY
        )
        self.sandbox = make_sandbox(mock.runtime.sandboxes, mock.runtime.contract_set, wanted)
        self.sandbox.throttle.quotas.clear()
        self.wire = http.client.HTTPConnection(urlsplit(mock.urls["NA"]["ads"]).netloc, timeout=60)
        own = self.sandbox.credentials
        form = (
            f"grant_type=refresh_token&refresh_token={own.refresh_token}"
            f"&client_id={own.client_id}&client_secret={own.client_secret}"
        )
        media = {"Content-Type": "application/x-www-form-urlencoded"}
        token = json.loads(self.call("POST", "/auth/o2/token", form, media)[2])["access_token"]
        self.headers = {
            "Authorization": f"Bearer {token}",
            "Amazon-Advertising-API-ClientId": own.client_id,
            "Amazon-Advertising-API-Scope": next(iter(self.sandbox.profiles)),
        }

    def call(self, method, path, body, headers):
        self.wire.request(method, path, body, headers)
        reply = self.wire.getresponse()
        return reply.status, reply.getheader("Content-Type"), reply.read()


@pytest.fixture(scope="module")
def mock():
    with Mock(port=0, openapi=tuple(FILES)) as mock:
        yield mock


@pytest.fixture(scope="module")
def server(mock):
    server = DocumentServer(mock)
    yield server
    server.wire.close()


def generic(mock):
    return [
        (row, word)
        for contract in mock.runtime.contract_set.by_name.values()
        if contract.shape == "generic"
        for row in contract.operations
        for word in contract.extra["described"][row.id]
    ]


def bodies(word):
    """Return a body for each media type that the word takes, valid or not needed to be."""
    for media, pointer in word.requests.items():
        if "json" not in media or not pointer:
            yield media, b"--x--"
            continue
        checker = word.schemas.checker(pointer, "readOnly")
        for attempt in range(8):
            seed = (pointer, attempt)
            value = ValueGenerator(word.schemas, seed, attempt).generate(word.schemas.node(pointer))
            if checker.is_valid(value):
                yield media, orjson.dumps(value)
                break
        else:
            raise AssertionError(f"no body for {pointer}")
    if not word.requests:
        yield "", b""


@cache
def checks(mock, row, media):
    """Return the checks of an operation's reply: of each document."""
    (contract,) = [
        one for one in mock.runtime.contract_set.by_name.values() if row in one.operations
    ]
    return [
        word.schemas.checker(pointer, "writeOnly").is_valid
        for word in contract.extra["described"][row.id]
        if (pointer := word.replies.get(media))
    ]


def test_a_generic_reply_fits_its_document_and_is_marked(mock, server):
    problems = []
    for row, word in generic(mock):
        path = re.sub(r"\{\w+\}", lambda _: str(100 + integer(900, "id")), row.path)
        for sent, body in bodies(word):
            for media, pointer in (word.replies or {"": ""}).items():
                headers = server.headers | {"Accept": media or "*/*"}
                headers |= {"Content-Type": sent} if sent else {}
                status, kind, reply = server.call(row.method, path, body, headers)
                entry = list(server.sandbox.journal.rows())[-1]
                fits = not pointer or any(
                    one(orjson.loads(reply)) for one in checks(mock, row, media)
                )
                right = (status, entry.generic, entry.operation) == (word.status, True, row.id)
                if not (fits and right and (not pointer or "*" in media or kind == media)):
                    problems.append((row.id, sent, media, status, kind, reply[:200]))
    assert problems == []


def test_a_body_of_the_wrong_kind_is_refused_by_every_operation_that_describes_one(mock, server):
    wrong = []
    for row, word in generic(mock):
        media = next(iter(word.requests), "")
        pointer = word.requests.get(media)
        if (
            "json" not in media
            or not pointer
            or word.schemas.checker(pointer, "readOnly").is_valid("text")
        ):
            continue
        path = re.sub(r"\{\w+\}", "7", row.path)
        headers = server.headers | {"Content-Type": media, "Accept": "*/*"}
        status, _, reply = server.call(row.method, path, b'"text"', headers)
        if status != 400 or set(json.loads(reply)) != {"code", "details"}:
            wrong.append((row.id, status, reply[:200]))
    assert wrong == []


def test_the_control_plane_lists_what_is_generic(mock):
    rows = Control(mock.control_url).call("service.fidelity", status="observed")["generic"]
    assert {row["operation"] for row in rows} == {row.id for row, _ in generic(mock)}


def test_nothing_of_the_documents_is_unserved():
    rows = coverage(load(), documents())
    counted = totals(rows)
    assert [line for row in rows for line in row.unserved] == []
    assert counted["operations"] == counted["stateful"] + counted["generic"] == 375


def test_the_command_prints_the_coverage(capsys):
    arguments = type("Arguments", (), {"openapi": FILES, "json": False, "status": None})
    assert run(arguments) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(r"all +375 operations: +\d+ stateful, +\d+ generic, +0 unserved", last)
