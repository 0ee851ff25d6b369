"""Retired paths: as the real service after their day, alive and in the right shape before it."""

import re

import orjson
import pytest

from adsmock.contracts import retired_paths
from adsmock.contracts.cross_checks import ContractError
from adsmock.contracts.iso8601 import parse_utc
from adsmock.contracts.ledger import rows as ledger
from adsmock.contracts.loader import load
from adsmock.mockserver.services.generic.document import Document, escaped
from adsmock.mockserver.services.generic.retired import document
from adsmock.mockserver.services.generic.schema import Schemas
from tests.unit.mockserver.services.generic.fixtures import create_server

PAST = document(retired_paths.load())
SERVED = {re.sub(r"{\w*}", "{}", row.path) for row in load().operations.values()}
MEDIA = "application/vnd.spthemebasedbidrecommendation.v3+json"
ROWS = [row for row in load().deprecations if row.paths and not row.media_types]


def calls(row):
    """Yield method and path of each of a row's paths."""
    for text in row.paths:
        method, _, path = text.rpartition(" ")
        yield method or "GET", path


@pytest.fixture(scope="module")
def described():
    paths = {}
    for method, path in (call for row in ROWS for call in calls(row)):
        paths.setdefault(path, {})[method.lower()] = {"responses": {"200": {"description": ""}}}
    return Document("old.json", "old", {"openapi": "3.0.1", "paths": paths})


@pytest.fixture(scope="module")
def today():
    return create_server()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_retired_path_answers_as_the_calendar_says(row, today):
    refusal = load().refusal(row.dialect, row.kind)
    for method, path in calls(row):
        answer = today.call(re.sub(r"{\w+}", "7", path), b"", method, media="")
        assert answer.status == row.status
        said = orjson.loads(answer.body)
        assert (row.message or refusal.message) in said.values()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_described_path_is_alive_until_its_day(row, described):
    day = parse_utc(f"{row.shut_off}T00:00:00Z")
    alive, gone = create_server(described, start=day - 60), create_server(described, start=day + 1)
    alive.sandbox.throttle.quotas.clear()
    known = {(one.method, one.path) for one in load().operations.values()}
    for method, path in calls(row):
        plain = re.sub(r"{\w+}", "7", path)
        if (method, path) not in known:
            assert alive.call(plain, b"", method, media="").status == 200
        assert gone.call(plain, b"", method, media="").status == row.status


def shape(path):
    return re.sub(r"{\w*}", "{}", path)


def lived(row):
    """Yield method, path and status of what a row's paths did."""
    shapes = {shape(path) for _, path in calls(row)}
    for method, path, entry in PAST.operations():
        if shape(path) in shapes:
            yield method, path, int(next(iter(entry["responses"])))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_s_paths_are_alive_and_complete_until_their_day(row):
    day = parse_utc(f"{row.shut_off}T00:00:00Z")
    alive, gone = create_server(start=day - 60), create_server(start=day + 1)
    alive.sandbox.throttle.quotas.clear()
    schemas, paths = Schemas(PAST), {shape(path) for _, path in calls(row)} - SERVED
    for method, path, status in lived(row):
        plain = re.sub(r"{\w+}", "7", path)
        answer, again = (alive.call(plain, b"", method, media="") for _ in range(2))
        assert answer.status == status, (method, path, answer.body)
        assert answer.body == again.body
        if status == 307:
            assert answer.headers["Location"].startswith("http")
        else:
            where = f"#/paths/{escaped(path)}/{method.lower()}/responses/{status}"
            checker = schemas.checker(f"{where}/content/application~1json/schema", "writeOnly")
            assert checker.is_valid(orjson.loads(answer.body))
        assert gone.call(plain, b"", method, media="").status == row.status
        paths.discard(shape(path))
    assert all(path.endswith("{}") for path in paths), "every path lived, an action by its name"


def test_every_operation_of_the_past_is_one_of_a_row_and_none_of_a_contract():
    assert {path for row in ROWS for _, path, _ in lived(row)} == {*PAST.value["paths"]}
    known = {(row.method, shape(row.path)) for row in load().operations.values()}
    assert not known & {(method, shape(path)) for method, path, _ in PAST.operations()}


def test_a_write_of_the_past_repeats_the_ids_that_it_was_given():
    then = create_server(start=parse_utc("2020-01-01T00:00:00Z"))
    body = orjson.dumps([{"campaignId": 12, "state": "paused"}, {"campaignId": 13}])
    answer = then.call("/v2/sp/campaigns", body, "PUT", media="application/json")
    assert [row["campaignId"] for row in orjson.loads(answer.body)] == [12, 13]
    assert then.call("/v2/sp/campaigns", b"", "PATCH", media="").status == 405


def test_a_media_type_alone_can_be_retired():
    bids = next(row for row in load().deprecations if row.media_types)
    path = "/sp/targets/bid/recommendations"
    content = {"content": {MEDIA: {}}}
    entry = {"post": {"requestBody": content, "responses": {"200": content}}}
    old = Document("old.json", "old", {"openapi": "3.0.1", "paths": {path: entry}})
    day = parse_utc(f"{bids.shut_off}T00:00:00Z")
    assert create_server(old, start=day - 60).call(path, b"{}", "POST", media=MEDIA).status != 415
    assert create_server(old, start=day + 1).call(path, b"{}", "POST", media=MEDIA).status == 415


def test_the_ledger_tells_that_nothing_of_the_past_is_kept():
    mine = [row for row in ledger() if row.id.startswith("retired/types/past.")]
    assert {row.status for row in mine} == {"documented", "observed", "assumed"}
    assert any("nothing is kept" in row.says for row in mine)


@pytest.mark.parametrize("members", [{"a": "nobody"}, {"a": {"each": "nobody"}}])
def test_a_form_that_is_not_there_is_reported(members):
    (sheet,) = retired_paths.read().values()
    with pytest.raises(ContractError, match="nobody"):
        retired_paths.assemble({**sheet, "forms": {**sheet["forms"], "odd": members}})
