"""Amounts of money: JSON numbers, exact to the digits of the wire, in accepted writes."""

import json
from typing import Any

import pytest

from adsmock.harness.suite.journal.number import WrittenNumber, as_written
from adsmock.harness.suite.verdict import Verdict
from tests.unit.harness.suite.journal_rows import batch, call, outcomes, record
from tests.unit.harness.suite.sample_data import listed, update
from tests.unit.harness.suite.test_samples import verdict_of

POINTER = "/campaigns/0/budget/budget"

TASK = {
    "resource": "sp.campaigns",
    "profile": "11",
    "items": [{"name": "Ten ten", "budget": {"budget": 10.1}}],
}

FAR = [
    listed(14, {"campaignId": "9", "budget": {"budget": 1000}}, region="FE"),
    update(15, {"campaignId": "9", "budget": {"budget": 1000}}, region="FE"),
]


def judged(budget: Any, **more: Any) -> Verdict:
    """Return the verdict on a campaign with this budget; the task says 10.1."""
    item = {"name": "Ten ten", "budget": {"budget": budget, "budgetType": "DAILY"}}
    facts = {"status": 207, "request": batch("campaigns", item), "chain": f"c{budget}"}
    made = call("sp.campaigns.create", 1, **(facts | more))
    rest = [listed(2), listed(3)]
    tasks = ({"verb": "create", "args": TASK},)
    return verdict_of("D03.amounts", record("D03", made, *rest, *FAR, tasks=tasks))


@pytest.mark.parametrize(
    ("budget", "status"),
    [(10.1, "PASS"), ("10.1", "FAIL"), (True, "FAIL"), (10.100000000000001, "FAIL")],
)
def test_amount_must_be_a_json_number_and_equal(budget, status):
    assert judged(budget).status == status


@pytest.mark.parametrize(
    ("written", "status"),
    [("10.0999999999999996447", "FAIL"), ("10.10000000000000000000", "PASS")],
)
def test_digits_of_the_wire_count(written, status):
    verdict = judged(10.1, inexact={POINTER: written})

    assert verdict.status == status
    assert written in verdict.sentence + " ".join(row.note for row in verdict.rows)


def created(at: float, *, is_refused: bool) -> dict[str, Any]:
    item = {"name": "Ten ten", "budget": {"budget": 10.1, "budgetType": "DAILY"}}
    refused = {0: "duplicateValueError"} if is_refused else {}
    reply = outcomes("campaigns", {} if is_refused else {0: "1"}, refused)
    request = batch("campaigns", item)
    return call("sp.campaigns.create", at, 207, request=request, reply=reply, chain="c10.1")


@pytest.mark.parametrize(("first", "status"), [(False, "PASS"), (True, "FAIL")])
def test_duplicate_of_an_accepted_create_is_accepted(first, status):
    calls = (created(1, is_refused=first), created(2, is_refused=True))
    tasks = ({"verb": "create", "args": TASK},)

    found = verdict_of(
        "D03.amounts", record("D03", *calls, listed(3), listed(4), *FAR, tasks=tasks)
    )

    assert found.status == status


def test_refused_write_is_no_exact_amount():
    verdict = judged(10.1, status=400)

    assert verdict.status == "FAIL"
    assert "the write was not accepted (400)" in verdict.sentence


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (outcomes("campaigns", {0: "1"}), "PASS"),
        (outcomes("campaigns", {}, {0: "rangeError"}), "FAIL"),
    ],
)
def test_item_that_the_answer_refuses_is_not_accepted(reply, status):
    assert judged(10.1, reply=reply).status == status


def test_written_number_keeps_its_digits_and_is_a_number():
    body = {"a/b": [{"~": 10.1}, 2]}
    found = as_written(
        body, {"/a~1b/0/~0": "10.0999999999999996447", "/a~1b/7": "1.5", "/x/y": "2"}
    )
    number = found["a/b"][0]["~"]

    assert isinstance(number, WrittenNumber)
    assert (f"{number}", number + 0, json.dumps(number)) == ("10.0999999999999996447", 10.1, "10.1")
    assert type(body["a/b"][0]["~"]) is float


@pytest.mark.parametrize(
    ("bid", "status"),
    [
        (0.69, "PASS"),
        (1234567.89, "PASS"),
        (WrittenNumber("0.690000000000000000"), "PASS"),
        (0.6930000000000001, "FAIL"),
        (19.989999999999995, "FAIL"),
        (0.1 + 0.2, "FAIL"),
    ],
)
def test_digits_of_a_calculation_without_rounding_show_without_a_task(bid, status):
    items = {"keywords": [{"keywordId": "5", "bid": bid}]}
    raised = call("sp.keywords.update", 1, 207, request=items)
    found = record("D03", raised, listed(2), listed(3), *FAR, tasks=())

    assert verdict_of("D03.rounded", found).status == status
