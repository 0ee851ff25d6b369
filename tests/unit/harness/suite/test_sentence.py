"""The sentence of a finding: a missing value is an error of the suite."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.checks.finding import SentenceError, holds, quote, unproven
from adsmock.harness.suite.judge import judge_case
from tests.unit.harness.suite.journal_rows import call, grant, met, record
from tests.unit.harness.suite.samples import SAMPLES


@pytest.mark.parametrize(
    "sentence",
    [
        "1 attempt at the token endpoint after ",
        "1 attempt at the token endpoint after",
        "1 attempt with waits of ; the limit is 5",
        "the first wait was None s",
        "the waits were nan s on average",
        "2 calls () were seen",
        "used:",
        "",
    ],
)
def test_sentence_with_a_missing_value_is_refused(sentence):
    with pytest.raises(SentenceError):
        unproven(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "2 of 3 items sent again: " + quote(["None", ' odd ; "name" ', "after"]),
        "all 3 calls succeeded",
    ],
)
def test_texts_of_the_client_are_no_missing_values(sentence):
    assert holds(sentence).sentence == sentence


def test_judge_that_renders_a_gap_is_an_error_of_the_suite(monkeypatch):
    monkeypatch.setitem(JUDGES, "retry_after_is_kept", lambda _view, **_: holds("the wait was"))
    found = judge_case(load()["T01"], SAMPLES["T01.early"]["PASS"]).verdicts[0]

    assert (found.status, "a value is missing" in found.sentence) == ("ERROR", True)


def test_token_endpoint_called_once_has_no_waits_to_list():
    fault = load()["A08"].faults[0].id
    failing = grant(1, status=503, fault=met(fault))
    found = {
        one.check: one.sentence
        for one in judge_case(load()["A08"], record("A08", failing)).verdicts
    }

    assert found["A08.waits"] == "the client did not call the failing token endpoint again"


def test_repeated_call_of_no_known_operation_is_named_by_its_path():
    old = call("", 1, 404, path="/v2/sp/campaigns"), call("", 9, 404, path="/v2/sp/campaigns")

    found = judge_case(load()["I04"], record("V01", *old)).verdicts[0]

    assert (found.status, "/v2/sp/campaigns got 404" in found.sentence) == ("FAIL", True)
