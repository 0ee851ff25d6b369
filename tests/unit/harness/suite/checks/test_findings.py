"""Each check says exactly this of each sample journal, and changes its mind exactly there.

After an intended change: ``python -m tests.unit.harness.suite.checks.findings``, and read the
difference.
"""

import json

import pytest

from adsmock.harness.suite.checks import JUDGES
from tests.unit.harness.suite.checks.crossed import ROWS, crossed
from tests.unit.harness.suite.checks.edges import JOURNALS
from tests.unit.harness.suite.checks.findings import (
    CHECKS,
    FINDINGS,
    LIMITS,
    VARIED,
    described,
    limits,
    of_variation,
)
from tests.unit.harness.suite.checks.variations import WHOLE

pytestmark = pytest.mark.one_python

SAID = json.loads(FINDINGS.read_text("utf-8"))
AGAIN = "intended? python -m tests.unit.harness.suite.checks.findings; then read the difference"
FLIPS = json.loads(LIMITS.read_text("utf-8"))
CROSSED = json.loads(ROWS.read_text("utf-8"))
VARIATIONS = json.loads(VARIED.read_text("utf-8"))


@pytest.mark.parametrize("check", JOURNALS)
def test_check_says_the_same_as_before(check):
    for status, found in described(check).items():
        assert found == SAID.get(f"{check} {status}"), AGAIN


@pytest.mark.parametrize("check", JOURNALS)
def test_outcome_changes_at_the_same_limits_as_before(check):
    for status, found in limits(check).items():
        assert found == FLIPS.get(f"{check} {status}"), AGAIN


def test_every_limit_decides_a_journal():
    changes: dict[tuple[str, str], int] = {}
    for title, found in FLIPS.items():
        judge = CHECKS[title.split()[0]].judge
        for name, values in found.items():
            owner = judge if name.islower() else JUDGES[judge].__module__
            changes[owner, name] = changes.get((owner, name), 0) + len(values) - 1

    assert [limit for limit, count in changes.items() if not count] == [], (
        "add a journal to edges.py: with half or twice the limit its outcome is another"
    )


def test_report_without_a_recorded_body_has_an_unknown_type():
    found = of_variation("R09.daily", "PASS", "empty 0")

    assert found["says"].startswith("1 report of an unknown type for ")


@pytest.mark.parametrize("check", ["ST04.sums", "ST05.sums"])
def test_sums_without_the_task_that_asks_for_them_prove_nothing(check):
    assert of_variation(check, "PASS", "untasked")["outcome"] == "unproven"


def test_no_journal_is_missing_or_left_over():
    names = {f"{check} {status}" for check, records in JOURNALS.items() for status in records}

    assert SAID.keys() == FLIPS.keys() == names, AGAIN


@pytest.mark.parametrize("title", VARIATIONS)
def test_check_says_the_same_of_a_varied_journal(title):
    assert of_variation(*title.split(" ", 2)) == VARIATIONS[title], AGAIN


@pytest.mark.parametrize("title", CROSSED)
def test_check_of_all_work_says_the_same_of_the_journal_of_any_case(title):
    assert crossed(title) == CROSSED[title], AGAIN.replace("findings", "crossed")


@pytest.mark.parametrize("check", JOURNALS)
def test_check_answers_whatever_the_record_lacks(check):
    for status in JOURNALS[check]:
        for name in WHOLE:
            assert of_variation(check, status, name)["says"], (status, name)
