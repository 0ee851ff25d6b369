"""results.sarif as code scanning wants it: rules, results, each on a line of the manifest."""

import json

import pytest
from msgspec.structs import replace

from adsmock.harness.config_file import read
from adsmock.harness.suite import baseline
from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import RunRecord
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import folder, run_json, sarif
from tests.unit.harness.suite.small_run import small_run

MANIFEST = """\
name = "acme-sync"
workers = 4

[retry]
max_delay_seconds = 60
max_retries = 5
"""

LEVELS = {"FAIL": "error", "WARN": "warning", "UNPROVEN": "note", "INCONCLUSIVE": "note"}


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "ads-client.toml"
    path.write_text(MANIFEST)
    return read(path, "manifest").record()


def judged(status, manifest, rows=None):
    record = small_run(status)
    listing = None if rows is None else {"file": "b", "values": {"expect": rows}, "lines": {}}
    meta = replace(record.meta, manifest=manifest, baseline=listing, date="2026-11-24")
    return baseline.settle(judge_run(RunRecord(meta, record.cases), load()))


def results(status, manifest, rows=None):
    run = run_json.render(judged(status, manifest, rows))
    return run, sarif.render(run)["runs"][0]


@pytest.mark.parametrize("status", ["PASS", "FAIL", "UNPROVEN"])
def test_document_has_what_the_schema_requires(status, manifest):
    run = run_json.render(judged(status, manifest))
    document = sarif.render(run)
    (only,) = document["runs"]
    rules = only["tool"]["driver"]["rules"]

    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-schema-2.1.0.json")
    assert only["tool"]["driver"]["name"] == "adsmock"
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
    assert json.loads(json.dumps(document)) == document


@pytest.mark.parametrize("status", ["PASS", "FAIL", "UNPROVEN"])
def test_every_result_names_its_rule_and_a_line_of_the_manifest(status, manifest):
    run, only = results(status, manifest)
    rules = only["tool"]["driver"]["rules"]

    for result in only["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["partialFingerprints"]
        (place,) = result["locations"]
        physical = place["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == manifest["file"]
        assert 1 <= physical["region"]["startLine"] <= len(MANIFEST.splitlines())
    wanted = [
        (check["id"], LEVELS[check["status"]])
        for case in run["cases"]
        for check in case["checks"]
        if check["status"] in LEVELS
        and (check["severity"] == "MUST" or check["status"] in {"FAIL", "WARN"})
    ]
    assert [(one["ruleId"], one["level"]) for one in only["results"]] == wanted
    assert bool(wanted) == (status != "PASS")


def test_result_points_to_its_line_of_the_manifest(manifest):
    _, only = results("FAIL", manifest)
    lines = {
        one["ruleId"]: one["locations"][0]["physicalLocation"]["region"]["startLine"]
        for one in only["results"]
    }

    assert lines["T01.early"] == 6
    assert lines["A01.headers"] == 2
    assert lines["V01.stops"] == 1


def test_failure_that_a_baseline_expects_is_suppressed_with_its_reason(manifest):
    rows = [{"check": "T01.early", "expect": "fail", "reason": "soon"}]
    _, only = results("FAIL", manifest, rows)
    found = {one["ruleId"]: one.get("suppressions") for one in only["results"]}

    assert found["T01.early"] == [{"kind": "external", "justification": "soon"}]
    assert found["E02.once"] is None


def test_error_of_ours_is_a_notification_and_no_result(manifest):
    record = judged("PASS", manifest).record
    broken = replace(record.cases[0], failure="no disk")
    run = judge_run(RunRecord(record.meta, (broken, *record.cases[1:])), load())
    only = sarif.render(run_json.render(run))["runs"][0]

    assert only["results"] == []
    assert only["invocations"][0]["executionSuccessful"] is False
    assert "no disk" in only["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_without_a_manifest_there_is_no_file(manifest, tmp_path):
    with_one = folder.write(judged("FAIL", manifest), tmp_path / "r")
    assert with_one[folder.SARIF].exists()

    without = folder.write(judge_run(small_run("FAIL"), load()), tmp_path / "r")
    assert folder.SARIF not in without
    assert not (tmp_path / "r" / folder.SARIF).exists()


def test_result_about_which_nothing_is_declared_points_to_the_start_command(tmp_path):
    path = tmp_path / "ads-client.toml"
    path.write_text('name = "a"\n\n[start]\ncommand = "sh sync.sh"\n')
    _, only = results("FAIL", read(path, "manifest").record())
    places = [one["locations"][0]["physicalLocation"]["region"] for one in only["results"]]

    assert places
    assert {one["startLine"] for one in places} == {4}
