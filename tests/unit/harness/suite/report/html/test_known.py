"""The page shows what a baseline and a manifest say, and marks known failures."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from adsmock.harness.suite.report.html.document import render
from adsmock.harness.suite.report.html.header import page_view

Make = Callable[..., dict[str, Any]]


def listed(standing: str, status: str = "FAIL") -> dict[str, Any]:
    reason = "the <library> sleeps fixed"
    return {
        "standing": standing,
        "status": status,
        "reason": reason,
        "issue": None,
        "until": "2027-03-01",
        "place": "line 3 of baseline.toml",
    }


@pytest.fixture
def page(run: Make, case: Make, check: Make) -> Callable[..., Any]:
    def make(status: str, standing: str, code: int = 1, word: str = "non-conformant") -> Any:
        one = check("T01.early", status, "as seen", baseline=listed(standing))
        document = run([case("T01", status, [one])], code) | {"verdict": word}
        return page_view(document, []), render(document, [])

    return make


@pytest.mark.parametrize(
    ("status", "standing", "looked_at"),
    [
        ("FAIL", "expected", False),
        ("UNPROVEN", "expected", False),
        ("FAIL", "expired", True),
        ("PASS", "stale", True),
        ("FAIL", "unexpected", True),
        ("UNPROVEN", "open", True),
    ],
)
def test_known_failures_are_not_shown_first(page, status, standing, looked_at):
    view, text = page(status, standing)

    assert bool(view.findings) == looked_at
    assert view.cases[0].needs_review == looked_at
    assert "Baseline</span>" in text
    assert dict(view.facts)["Baseline"] == f"1 {standing}"


def test_reason_is_shown_and_escaped(page):
    _, text = page("FAIL", "expected")

    assert "the &lt;library&gt; sleeps fixed" in text
    assert "<library>" not in text


def test_run_that_needed_its_baseline_is_not_called_conformant(page):
    view, text = page("FAIL", "expected", 0, "as-expected")

    assert view.headline == "As expected"
    assert "1 known failure." in view.sentence
    assert "Conformant" not in text


def test_stale_baseline_is_the_verdict_when_nothing_else_broke(page):
    view, _ = page("PASS", "stale", word="outdated-baseline")

    assert view.headline == "Outdated baseline"
    assert view.sentence == (
        "The baseline is wrong: 1 stale. "
        "T01.early passes; remove its row at line 3 of baseline.toml."
    )


def test_manifest_is_shown_member_by_member(run, case, check):
    values = {
        "name": "acme-sync",
        "verbs": ["list", "create"],
        "retry": {"max_retries": 5},
        "not_applicable": [{"id": "X03", "reason": "it downloads nothing"}],
    }
    document = run([case("X03", "N/A", [check("X03.fresh", "N/A", "declared: nothing")])], 0)
    document["manifest"] = {"file": "ads-client.toml", "values": values, "lines": {}}
    view, text = page_view(document, []), render(document, [])

    assert view.manifest == (
        ("file", "ads-client.toml"),
        ("name", "acme-sync"),
        ("verbs", "list, create"),
        ("retry.max retries", "5"),
        ("n/a: X03", "it downloads nothing"),
    )
    assert "<summary>Manifest</summary>" in text
    assert re.search(r"<dt>n/a: X03</dt>\s*<dd>it downloads nothing</dd>", text)


def test_page_without_a_manifest_does_not_mention_one(run, case):
    assert "manifest declares" not in render(run([case("T01", "PASS", [])], 0), [])
