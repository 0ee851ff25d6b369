"""The contract files load, and whatever they may not say stops the load."""

import copy
import json
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.contracts.loader import FOLDER, ContractError, assemble, load, read

FILES = read(FOLDER)
META = sorted((FOLDER / "meta").glob("*.schema.json"))
FREE = {
    "headers", "codes", "messages", "bodies", "body", "via", "kinds", "default", "defaults",
    "limits", "when", "members", "errors", "bid_strategies", "automatic_matches", "sources",
    "kinds_by", "messages_by",
}  # fmt: skip
"""Members whose value is a table: its keys are data, so any key is valid there."""


def objects(value, path=()):
    """Yield the path of every object whose keys are fixed by a meta-schema."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from objects(item, (*path, index))
    elif isinstance(value, dict):
        if not path or path[-1] not in FREE:
            yield path
        for key, item in value.items():
            if key not in {"body", "bodies", "default"}:
                yield from objects(item, (*path, key))


PLACES = [(name, path) for name, value in FILES.items() for path in objects(value)]


def changed(name, path, change):
    files = copy.deepcopy(FILES)
    target = files[name]
    for step in path:
        target = target[step]
    change(target)
    return files


def test_every_file_fits_its_meta_schema_and_its_neighbours():
    contract_set = load()
    assert len(contract_set.by_name) == sum("/" in name for name in FILES)
    described = [one["operations"] for name, one in FILES.items() if "/" in name]
    assert len(contract_set.operations) == sum(map(len, described))


def test_the_catalog_is_built_once():
    assert load() is load()


def test_a_record_cannot_be_changed():
    with pytest.raises(AttributeError):
        load().by_name["sp.campaigns"].name = "other"


@pytest.mark.parametrize("path", META, ids=lambda path: path.name)
def test_a_meta_schema_says_of_every_object_whether_it_is_open(path):
    schema = json.loads(path.read_text("utf-8"))
    assert jsonschema_rs.meta.is_valid(schema)
    assert list(open_objects(schema)) == []


def open_objects(schema, path=()):
    """Yield the path of every object schema that says nothing about further members."""
    if isinstance(schema, list):
        for item in schema:
            yield from open_objects(item, path)
    elif isinstance(schema, dict):
        named = "properties" in schema and schema.get("type") == "object"
        if named and "additionalProperties" not in schema:
            yield path
        for key, item in schema.items():
            if key not in {"if", "then", "else", "not", "enum", "const"}:
                yield from open_objects(item, (*path, key))


@pytest.mark.one_python
@settings(max_examples=120, deadline=None)
@given(place=st.sampled_from(PLACES), key=st.from_regex(r"zz[a-z]{1,6}", fullmatch=True))
def test_an_unknown_key_anywhere_stops_the_load(place, key):
    name, path = place
    with pytest.raises(ContractError) as caught:
        assemble(changed(name, path, lambda target: target.update({key: 1})))
    assert caught.value.file == name
    assert key in str(caught.value)


@pytest.mark.parametrize(
    ("name", "path", "change", "reason"),
    [
        ("sp/campaigns.v3.json", ("fields", 0), {"by": "nobody"}, "unknown source nobody"),
        ("sp/campaigns.v3.json", ("operations", 1), {"id": "sp.campaigns.create"}, "taken"),
        ("sp/advice.v3.json", ("operations", 1), {"gives": "other"}, "first version"),
        ("sp/campaigns.v3.json", ("operations", 0), {"path": "/sp/adGroups"}, "taken"),
        ("sp/campaigns.v3.json", ("operations", 0), {"quota": "sp.none"}, "unknown quota class"),
        ("sp/campaigns.v3.json", ("operations", 0), {"success": 200}, "200 is missing"),
        ("sp/campaigns.v3.json", (), {"dialect": "latin"}, "unknown dialect latin"),
        ("sp/campaigns.v3.json", (), {"selectors": ["xError"]}, "unknown item error xError"),
        ("sp/campaigns.v3.json", ("filters", 0), {"field": "nope"}, "unknown member nope"),
        ("sp/adGroups.v3.json", ("filters", 2), {"field": "^campaignId.nope"}, "^campaignId.nope"),
        ("sp/campaigns.v3.json", ("rules", 0), {"reason": "NOPE"}, "has no reason NOPE"),
        ("sp/campaigns.v3.json", ("identity",), {"selector": "x"}, "unknown filter x"),
        ("sp/campaigns.v3.json", (), {"name": "sp.adGroups"}, "taken"),
        ("exports/exports.v1.json", ("operations", 0), {"kind": "x"}, "unknown kind x"),
        ("marketplaces.json", ("marketplaces", 0), {"region": "SA"}, "unknown region SA"),
        ("dialects.json", ("dialects", 0, "codes"), {"nope": "X"}, "unknown kind nope"),
        ("dialects.json", ("dialects", 0, "via"), {"invalid": "x"}, "unknown dialect x"),
        (
            "dialects.json",
            ("dialects", 0, "via"),
            {"scopeMissing": "reporting", "tooLarge": "sp"},
            "sp passes tooLarge on again",
        ),
        ("deprecations.json", ("deprecations", 1), {"status": 410}, "not answered with 410"),
    ],
)
def test_a_reference_to_something_unknown_stops_the_load(name, path, change, reason):
    with pytest.raises(ContractError) as caught:
        assemble(changed(name, path, lambda target: target.update(change)))
    assert reason in caught.value.reason
    assert caught.value.file == name


def test_a_source_that_nothing_uses_stops_the_load():
    unused = {"status": "assumed", "source": "x"}
    with pytest.raises(ContractError, match="unused sources: unused"):
        assemble(changed("quotas.json", ("sources",), lambda target: target.update(unused=unused)))


def test_a_fact_without_a_source_stops_the_load():
    with pytest.raises(ContractError) as caught:
        assemble(changed("sp/keywords.v3.json", ("fields", 0), lambda target: target.pop("by")))
    assert caught.value.pointer == "/fields/0"


def test_a_file_without_a_meta_schema_stops_the_load():
    with pytest.raises(ContractError, match="no meta-schema"):
        assemble({**FILES, "stray.json": {}})


def test_a_file_that_is_not_json_is_named(tmp_path: Path):
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(ContractError, match=r"broken\.json"):
        read(tmp_path)
