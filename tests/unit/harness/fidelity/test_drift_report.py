"""The files of a comparison: complete, valid, and free of values where they are given away."""

import json

import pytest

from adsmock.contracts import evidence, ledger
from adsmock.harness.fidelity import Comparison, Exchange, Pair, compare
from adsmock.harness.fidelity.report import CaptureFacts, write

SECRET = "Zanzibar Kettles"
FACTS = CaptureFacts("twin", "a test", 1_795_780_800.0, "ab" * 32)


def campaigns(**changes: object) -> dict[str, object]:
    row = {
        "campaignId": "123456789012345",
        "name": SECRET,
        "budget": {"budget": 71.25, "budgetType": "DAILY"},
        "startDate": "2026-01-01",
        "state": "ENABLED",
        "targetingType": "MANUAL",
        "dynamicBidding": {"strategy": "MANUAL"},
    }
    return {"campaigns": [row | changes], "totalResults": 1}


def exchange(body: object, status: int = 200, **changes: object) -> Exchange:
    media = {"content-type": "application/json"}
    plain = {"step": "s", "headers": media, "request": {}}
    return Exchange("POST", "h", "/sp/campaigns/list", status, body=body, **(plain | changes))


def found(service: object, mock: object, status: int = 200) -> Comparison:
    return compare([Pair(exchange(service, status), exchange(mock, status))])


@pytest.fixture
def report(tmp_path):
    comparison = found(campaigns(state="SLEEPING", extra=SECRET), campaigns())
    return write(comparison, FACTS, tmp_path), tmp_path


def test_the_report_says_what_differs_and_counts_the_ledger(report) -> None:
    document, folder = report

    assert document["verdict"] == "drift"
    assert {row["fact"] for row in document["drift"]} == {
        "sp.campaigns.fields.state",
        "sp.campaigns.operations.sp.campaigns.list",
    }
    totals = document["totals"]
    words = ("confirmed", "drift", "variation", "unchecked", "unseen")
    assert sum(totals[word] for word in words) == totals["ledger"] == len(ledger.rows())
    page = (folder / "drift.html").read_text("utf-8")
    assert "sp.campaigns.fields.state" in page
    assert "OpenAPI SponsoredProducts 3.0" in page


def test_no_file_contains_a_value_of_the_advertiser(report) -> None:
    _, folder = report

    for path in folder.iterdir():
        text = path.read_text("utf-8")
        assert SECRET not in text
        assert "71.25" not in text
        assert "123456789012345" not in text


def test_sarif_has_a_rule_for_each_ledger_row(report) -> None:
    _, folder = report
    run = json.loads((folder / "drift.sarif").read_text("utf-8"))["runs"][0]

    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert "sp.campaigns.fields.state" in rules
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] == "error"


def test_evidence_is_valid_and_holds_no_words_of_an_error(tmp_path) -> None:
    theirs = {"code": "INVALID_ARGUMENT", "message": f"Campaign {SECRET} is unknown"}
    mine = {"code": "INVALID_ARGUMENT", "message": "Bad Request"}

    write(found(theirs, mine, 400), FACTS, tmp_path)

    text = (tmp_path / "evidence.json").read_text("utf-8")
    assert SECRET not in text
    document = evidence.read(tmp_path / "evidence.json")
    assert [row["service"] for row in document["differences"]] == ["another text"]


def test_a_comparison_of_nothing_is_no_success(tmp_path) -> None:
    theirs, mine = exchange({}, 429), exchange(campaigns())

    document = write(compare([Pair(theirs, mine)]), FACTS, tmp_path)

    assert document["verdict"] == "nothing compared"
    assert document["unchecked"][0]["reason"] == "the service throttled the call"


@pytest.mark.parametrize(("status", "reason"), [(403, "may not"), (503, "failed with 503")])
def test_what_the_account_or_the_network_prevents_is_not_drift(status, reason) -> None:
    theirs, mine = exchange({"code": "x"}, status), exchange(campaigns())

    comparison = compare([Pair(theirs, mine)])

    assert comparison.drift == ()
    assert reason in comparison.unchecked[0].reason
