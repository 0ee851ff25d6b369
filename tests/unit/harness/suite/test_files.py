"""A file that nobody could have written is refused in the words of its user."""

import json

import pytest

from adsmock.harness.config_file import DocumentError, read
from adsmock.harness.suite import diff
from adsmock.harness.suite.drivers.line_process import InvalidReply, _reply
from adsmock.harness.volume.plan import PlanError, parse_plan

DEEP = "[" * 20_000 + "]" * 20_000


@pytest.mark.parametrize(
    ("name", "text"), [("a.toml", "a = " + DEEP), ("a.json", DEEP), ("a.yaml", DEEP)]
)
def test_a_document_that_is_nested_too_deep_is_refused(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(DocumentError, match=rf"{name}: is not "):
        read(path, "plan")


def test_a_document_of_one_line_is_read(tmp_path):
    rows = [{"id": name, "reason": "never called"} for name in ("V01", "V02", "V03")]
    path = tmp_path / "client.json"
    path.write_text(json.dumps({"name": "acme", "not_applicable": rows}))
    found = read(path, "manifest")
    assert found.values["not_applicable"] == rows
    assert set(found.record()["lines"].values()) == {1}


@pytest.mark.parametrize("zone", ["Europe/Berln", "Europe", "../zone", ""])
def test_a_plan_with_a_zone_that_is_none_is_refused(zone):
    group = {"name": "a", "region": "EU", "timezone": zone, "count": 1}
    with pytest.raises(PlanError, match="no time zone is called"):
        parse_plan({"name": "p", "advertisers": [group], "work": []})


def test_a_run_that_is_nested_too_deep_is_refused(tmp_path):
    path = tmp_path / "run.json"
    path.write_text(DEEP)
    with pytest.raises(diff.DiffError, match="not a run"):
        diff.read(path)


def test_a_reply_of_an_adapter_that_is_nested_too_deep_is_garbled():
    with pytest.raises(InvalidReply, match="invalid reply"):
        _reply(DEEP.encode())
