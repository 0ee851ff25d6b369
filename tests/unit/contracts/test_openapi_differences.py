"""Compare every contract with Amazon's own document; a difference is named, or fails."""

import copy
import json
from functools import cache
from pathlib import Path

import pytest

from adsmock.contracts.loader import FOLDER, assemble, load, read
from tests.unit.contracts.openapi_differences import (
    differences,
    matches,
    places_of,
    stale,
    uncovered,
    unexplained,
)

ORACLE = Path(__file__).parents[3].parent / "shared" / "openapi"
FILES = read(FOLDER)
CONTRACTS = load()
OMISSIONS = FILES["omissions.json"]["omissions"]
COMPARED = sorted(name for name, one in CONTRACTS.by_name.items() if one.document)
DOCUMENTS = sorted({CONTRACTS.by_name[name].document for name in COMPARED})


@cache
def document(name):
    path = ORACLE / name
    if not path.is_file():
        pytest.skip(f"NOT CHECKED against Amazon's document: {path} is not here")
    return json.loads(path.read_text("utf-8"))


def mutated(file, change):
    files = copy.deepcopy(FILES)
    change(files[file])
    return assemble(files), files


def named(name, files=FILES):
    """Return the differences that the file of a contract names."""
    (file,) = [each for each in files.values() if each.get("name") == name]
    return [one for row in file.get("differences", []) for one in places_of(row)]


def compared(contract_set, name):
    contract = contract_set.by_name[name]
    return differences(contract_set, contract, document(contract.document))


def places(mutant, name):
    contract_set, files = mutant
    found = unexplained(named(name, files), compared(contract_set, name))
    return [row.where for row in found]


@pytest.mark.parametrize("name", COMPARED)
def test_a_contract_differs_from_the_document_only_where_it_says_so(name):
    found = unexplained(named(name), compared(CONTRACTS, name))
    assert [f"{x.where}: {x.ours!r} / {x.theirs!r}" for x in found] == []


@pytest.mark.parametrize("name", COMPARED)
def test_every_named_difference_exists(name):
    assert stale(named(name), compared(CONTRACTS, name)) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_operation_of_a_document_is_described_or_left_out_by_name(name):
    assert uncovered(CONTRACTS, name, document(name), OMISSIONS) == ([], [])


def drop(key, name):
    def change(file):
        file[key] = [row for row in file[key] if row.get("name") != name]

    return change


def put(steps, /, **values):
    def change(file):
        target = file
        for step in steps:
            found = [x for x in target if isinstance(x, dict) and x.get("name") == step]
            target = found[0] if isinstance(target, list) and found else target[step]
        target.update(values)

    return change


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (drop("fields", "siteRestrictions"), "create/request/campaigns/[]/siteRestrictions#member"),
        (put(["fields", "name"], create="optional"), "create/request/campaigns/[]/name#required"),
        (put(["fields", "name"], type="integer"), "create/request/campaigns/[]/name#type"),
        (put(["fields", "name"], max_length=9), "update/request/campaigns/[]/name#maxLength"),
        (put(["fields", "endDate"], nullable=[]), "create/request/campaigns/[]/endDate#nullable"),
        (put(["fields", "state"], read_enum=[]), "list/200/campaigns/[]/state#enum"),
        (put(["fields", "budget", "fields", "budget"], type="string"),
         "create/request/campaigns/[]/budget/budget#type"),
        (put(["filters", "portfolioIdFilter"], max_items=99),
         "list/request/portfolioIdFilter/include#maxItems"),
        (put(["operations", 0], statuses=[207, 400, 401, 403, 415, 429, 500, 404]),
         "create/404#member"),
        (put(["operations", 0], statuses=[207, 400]), "create/500#member"),
        (put(["operations", 0], request="application/json"), "create/request#media"),
        (put(["operations", 0], reply="application/json"), "create/207#media"),
        (put(["operations", 0], success=200, statuses=[200, 400]), "create#success"),
        (put(["operations", 0], prefer=False), "create/parameter/header.Prefer#member"),
        (put(["operations", 0], path="/sp/campaign"), "create#operation"),
        (put(["operations", 0], scope=False),
         "create/parameter/header.Amazon-Advertising-API-Scope#member"),
        (put([], representation="entity"), "create/207/campaigns/success/[]/entity#member"),
        (put([], batch_maximum=10), "create/request/campaigns#maxItems"),
        (put(["extended", "servingStatus"], read_enum=["OTHER"]),
         "list/200/campaigns/[]/extendedData/servingStatus#enum"),
    ],
)  # fmt: skip
def test_a_wrong_contract_is_caught(change, place):
    mutant = mutated("sp/campaigns.v3.json", change)
    assert place in places(mutant, "sp.campaigns")


def test_an_operation_that_the_contract_lacks_is_caught():
    mutant = mutated("sp/campaigns.v3.json", lambda file: file["operations"].pop(1))
    assert "put:sp.campaigns#operation" in places(mutant, "sp.campaigns")


def test_a_missing_item_error_is_caught():
    mutant = mutated("sp/keywords.v3.json", lambda file: file["selectors"].remove("localeError"))
    wanted = "create/207/keywords/error/[]/errors/[]/errorValue/localeError#member"
    assert wanted in places(mutant, "sp.keywords")


def test_a_named_difference_that_matches_nothing_is_caught():
    row = {"where": "create/request/campaigns/[]/name#minLength", "why": "x", "by": "spec"}
    contract_set, files = mutated(
        "sp/campaigns.v3.json", lambda file: file["differences"].append(row)
    )
    found = compared(contract_set, "sp.campaigns")
    assert stale(named("sp.campaigns", files), found) == [row["where"]]


def test_an_operation_that_nothing_names_is_caught():
    kept = [row for row in OMISSIONS if "/sp/v1/events" not in places_of(row)]
    name = "SponsoredProducts.json"
    assert uncovered(CONTRACTS, name, document(name), kept) == (["/sp/v1/events"], [])


@pytest.mark.parametrize(
    ("pattern", "where", "held"),
    [
        ("create/request/a#type", "create/request/a#type", True),
        ("*/request/a#type", "update/request/a#type", True),
        ("create/request/a#*", "create/request/a#type", True),
        ("*/request/a#type", "create/request/a#enum", False),
        ("*/a#type", "create/request/a#type", False),
        ("create/[]/a#type", "create/[]/a#type", True),
    ],
)
def test_a_pattern_covers_one_segment_per_star(pattern, where, held):
    assert matches(pattern, where) is held
