"""Alert rules and board name only metrics and labels that exist, and each alert can fire."""

import json
import re

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from adsmock.harness.client import Extensions, Meter
from adsmock.harness.volume.monitoring import FOLDER
from adsmock.mockserver.app import Mock
from tests.wire.account import AccountFixture

METRIC = re.compile(r"\b(?:adsclient|adsmock)_[a-z_]+")
GROUPED = re.compile(r"\bby \(([^)]*)\)")
SELECTED = re.compile(r"(\w+)=~?\"")
SHOWN = re.compile(r"\{\{\s*\$labels\.(\w+)|\{\{(\w+)\}\}")


@pytest.fixture(scope="module")
def samples():
    """Labels by sample name, as client and mock give them after a little work."""
    meter = Meter()
    with Mock(port=0) as mock:
        account = AccountFixture(mock)
        account.control.call(
            "throttle.put",
            {"quotas": {"sp.read": {"rate": 1, "burst": 1}}},
            sandbox=account.made["id"],
        )
        with account.another(extensions=Extensions(observers=[meter])) as client:
            for _ in range(3):
                client.list("sp.campaigns", account.profile)
        text = requests.get(f"{mock.control_url}/_mock/v1/metrics", timeout=60).text
    found = {}
    for printed in (meter.exposition(), text):
        for family in text_string_to_metric_families(printed):
            for sample in family.samples:
                found.setdefault(sample.name, set()).update(sample.labels)
    return found


def rules():
    groups = YAML(typ="safe", pure=True).load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def targets():
    board = json.loads((FOLDER / "board.json").read_text("utf-8"))
    return [(panel, target) for panel in board["panels"] for target in panel["targets"]]


def labels_of(expression):
    grouped = {one.strip() for each in GROUPED.findall(expression) for one in each.split(",")}
    return grouped | set(SELECTED.findall(expression))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_names_metrics_and_labels_that_exist(rule, samples):
    names = METRIC.findall(rule["expr"])
    assert names
    assert set(names) <= set(samples)
    known = set().union(*(samples[name] for name in names))
    shown = {a or b for text in rule["annotations"].values() for a, b in SHOWN.findall(text)}
    assert labels_of(rule["expr"]) | shown <= known


@pytest.mark.parametrize("panel_and_target", targets(), ids=lambda both: both[0]["title"])
def test_a_panel_names_metrics_and_labels_that_exist(panel_and_target, samples):
    _, target = panel_and_target
    names = METRIC.findall(target["expr"])
    assert names
    assert set(names) <= set(samples)
    known = set().union(*(samples[name] for name in names))
    shown = {a or b for a, b in SHOWN.findall(target["legendFormat"])}
    assert labels_of(target["expr"]) | shown <= known


def test_a_name_that_does_not_exist_would_be_found(samples):
    assert "adsclient_calls" not in samples
    assert METRIC.findall("rate(adsclient_nothing_total[5m])") == ["adsclient_nothing_total"]


def test_every_alert_says_what_to_look_at():
    assert all(rule["annotations"]["summary"] for rule in rules())
    assert len({rule["alert"] for rule in rules()}) == len(rules())
