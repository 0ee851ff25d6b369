"""The first search of a large table: who makes the index, what is answered until it is there."""

from time import process_time

import pytest

from tests.unit.mockserver.services.sandbox_fixture import SandboxFixture, campaign

LARGE = 400
MATCH = pytest.mark.parametrize("match", ["BROAD_MATCH", "EXACT_MATCH"])


def fleet(count: int) -> SandboxFixture:
    fixture = SandboxFixture()
    fixture.create("sp.campaigns", [campaign(f"Campaign {number}") for number in range(count)])
    return fixture


def crowd(monkeypatch) -> tuple[SandboxFixture, list]:
    """Return a stage with a table that counts as large, and what its worker has yet to do."""
    monkeypatch.setattr("adsmock.mockserver.core.text_index.LARGE", LARGE)
    fixture, held = fleet(LARGE), []
    fixture.sandbox.worker = held.append
    return fixture, held


@MATCH
def test_the_first_search_of_a_large_table_leaves_the_index_to_the_worker(monkeypatch, match):
    fixture, held = crowd(monkeypatch)
    asked = {"nameFilter": {"include": ["Campaign 12"], "queryTermMatchType": match}}

    def found():
        return [row["name"] for row in fixture.rows("sp.campaigns", asked)]

    before = [found(), found()]
    (make,) = held  # asked for once, and nobody waits for it
    fixture.create("sp.campaigns", [campaign("Other Campaign 12")])
    meanwhile = found()
    make()
    fixture.create("sp.campaigns", [campaign("campaign 12 again")])
    fixture.create("sp.campaigns", [campaign("late")])
    after = found()

    assert before[0] == before[1]
    if match == "EXACT_MATCH":
        assert before[0] == meanwhile == after == ["Campaign 12"]
    else:
        names = ["Campaign 12", *(f"Campaign 12{digit}" for digit in range(10))]
        assert before[0] == names
        assert meanwhile == [*names, "Other Campaign 12"]
        assert after == [*names, "Other Campaign 12", "campaign 12 again"]


@MATCH
def test_a_search_without_an_index_costs_a_fraction_of_making_one(monkeypatch, match):
    fixture, held = fleet(20), []
    fixture.sandbox.worker = held.append
    table = fixture.sandbox.store.table(fixture.profiles["US"].id, "sp.campaigns")
    entity = table.all()[0]
    for number in range(20_000):
        table.put(entity._replace(id=f"x{number}", seq=100 + number, key=number))
    asked = {"nameFilter": {"include": ["nobody"], "queryTermMatchType": match}}
    searches = []
    for _ in range(5):
        begun = process_time()
        fixture.listing("sp.campaigns", asked)
        searches.append(process_time() - begun)
    begun = process_time()
    held[0]()
    assert min(searches[1:]) < (process_time() - begun) / 2
