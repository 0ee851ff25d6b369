"""Retry-After of a list: another page size is the same work, another filter is not."""

import pytest

from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.sample_read import T01_KEPT
from tests.unit.harness.suite.test_samples import verdict_of


@pytest.mark.parametrize(("arrival", "status"), [(9.5, "FAIL"), (12.1, "PASS")])
def test_same_list_with_another_page_size_is_a_retry(arrival, status):
    fault, body = met("wait-3"), {"nameFilter": {"include": ["x"]}}
    throttled = call(
        "sp.campaigns.list",
        9,
        429,
        retryAfter="3",
        fault=fault,
        chain="a",
        request=body | {"maxResults": 100},
    )
    again = call("sp.campaigns.list", arrival, chain="b", request=body | {"maxResults": 99})

    assert verdict_of("T01.early", record("T01", *T01_KEPT, throttled, again)).status == status


def test_other_list_is_no_retry():
    throttled = call(
        "sp.campaigns.list",
        9,
        429,
        retryAfter="3",
        fault=met("wait-3"),
        chain="a",
        request={"nameFilter": {"include": ["x"]}, "maxResults": 100},
    )
    other = {"nameFilter": {"include": ["y"]}, "maxResults": 100}
    again = call("sp.campaigns.list", 9.5, chain="b", request=other)

    assert verdict_of("T01.early", record("T01", *T01_KEPT, throttled, again)).status == "PASS"


def test_last_evidence_is_the_call_that_the_sentence_is_about():
    early = [
        row
        for number, wait in enumerate([1.0, 0.5, 2.0])
        for row in (
            call("sp.ads.list", 9 + 9 * number, 429, retryAfter="3", chain=f"c{number}"),
            call("sp.ads.list", 9 + 9 * number + wait, chain=f"c{number}"),
        )
    ]
    found = verdict_of("T01.early", record("T01", *T01_KEPT, *early))

    assert "came 0.50 s after" in found.sentence
    assert found.rows[-1].note.endswith("2.50 s too early")


@pytest.mark.parametrize(("arrival", "status"), [(9.1, "PASS"), (9.4, "FAIL")])
def test_a_call_that_was_on_its_way_when_the_refusal_left_is_no_retry(arrival, status):
    slow = {"took": 0.3, "retryAfter": "3", "fault": met("wait-3"), "chain": "a"}
    refused = call("sp.ads.list", 9, 429, **slow)
    other = call("sp.ads.list", arrival, chain="a")

    assert verdict_of("T01.early", record("T01", *T01_KEPT, refused, other)).status == status


@pytest.mark.parametrize(("status", "verdict"), [(429, "FAIL"), (503, "N/A")])
def test_invariant_leaves_a_503_to_e05(status, verdict):
    """The API documents Retry-After for a 429 only, so ignoring that of a 503 is no MUST."""
    asked = call("sp.campaigns.list", 0, status, retryAfter="3")
    found = record("I05", asked, call("sp.campaigns.list", 1))

    assert verdict_of("I05.early", found).status == verdict
