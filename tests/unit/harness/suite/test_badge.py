"""The badge says what was held, that nobody certified it, with which suite and when."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import RunRecord
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import badge, run_json
from adsmock.harness.suite.verdict import EXIT
from tests.unit.harness.suite.small_run import small_run


def badge_of(status, **facts):
    record = small_run(status)
    dated = RunRecord(replace(record.meta, date="2026-11-24", **facts), record.cases)
    return badge.render(run_json.render(judge_run(dated, load())))


def test_badge_of_a_conformant_run():
    found = badge_of("PASS")
    version = run_json.version("adsmock")
    held, _, rest = found["message"].partition(" MUST")

    assert found["schemaVersion"] == 1
    assert found["label"] == "adsmock core, self-tested"
    assert held.partition("/")[0] == held.partition("/")[2] != "0"
    assert rest == f" · {version} · 2026-11-24"
    assert (found["color"], found["isError"]) == ("brightgreen", False)


def test_badge_of_a_broken_client_is_red():
    found = badge_of("FAIL")

    assert found["color"] == "red"
    assert found["message"].startswith("0/")


def test_badge_of_a_selection_names_no_profile():
    assert badge_of("PASS", filtered=True)["label"] == "adsmock selection, self-tested"


def test_badge_never_mentions_amazon_or_certificates():
    words = str(badge_of("PASS")).lower()

    assert "amazon" not in words
    assert "certif" not in words


def test_badge_counts_absent_checks_separately():
    rows = [{"id": "T01", "reason": "it never waits"}]
    manifest = {"file": "a", "values": {"name": "a", "not_applicable": rows}, "lines": {}}

    assert "N/A" in badge_of("UNPROVEN", manifest=manifest)["message"]


@pytest.mark.parametrize("word", EXIT)
def test_every_word_has_a_color(word):
    assert word in badge.COLORS
