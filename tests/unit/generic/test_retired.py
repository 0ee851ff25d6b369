"""Retired paths: as the real service after their day, as alive before it where one is described."""

import re

import orjson
import pytest

from contracts.loader import load
from mockserver.core.clock import parse_iso
from mockserver.services.generic.document import Document
from tests.unit.generic.stand import desk

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
    return desk()


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
    day = parse_iso(f"{row.shut_off}T00:00:00Z")
    alive, gone = desk(described, start=day - 60), desk(described, start=day + 1)
    alive.sandbox.throttle.quotas.clear()
    known = {(one.method, one.path) for one in load().operations.values()}
    for method, path in calls(row):
        plain = re.sub(r"{\w+}", "7", path)
        if (method, path) not in known:
            assert alive.call(plain, b"", method, media="").status == 200
        assert gone.call(plain, b"", method, media="").status == row.status
