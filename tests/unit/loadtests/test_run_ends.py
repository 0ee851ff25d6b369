"""Runs of a program with its own work that reported a failure are counted, and are no deaths."""

from dataclasses import replace

import pytest

from adsmock.loadtests.page import render
from adsmock.loadtests.report import closing
from adsmock.loadtests.verdict import gaps, measures
from tests.unit.loadtests.outcome import SETTINGS, outcome, report


def ended(succeeded=0, failed=0, died=0):
    seen = outcome(audited=180, died=died)
    seen.counters.add("did", "writes", times=12)
    counts = {"started": succeeded + failed + died, "ended": succeeded, "failed": failed}
    for event, times in (counts | {"died": died}).items():
        seen.counters.add("copy", event, times=times)
    seen.counters.add("failure", "exit code 1; see copy-1.log", times=failed)
    return seen


def shown(seen):
    ours = {"program": {"kind": "observed"}, "behavior_title": "1 copy of `x`"}
    return replace(report(seen), settings=SETTINGS | ours)


def test_one_reported_failure_of_seven_runs_is_no_death_and_misses_no_threshold():
    found = shown(ended(succeeded=6, failed=1))
    text = "\n".join(closing(found))
    assert found.status == "within"
    assert "7 started, 6 ended with exit code 0, 1 reported a failure, 0 died" in text
    assert "1 times: exit code 1; see copy-1.log" in text
    assert found.statement.endswith("; 1 of 7 ended runs reported a failure")
    page = render(found)
    assert "7 starts, 6 runs ended with exit code 0, 1 reported a failure, 0 deaths" in page
    assert "1 reported failures: exit code 1; see copy-1.log" in page


@pytest.mark.parametrize(
    ("ends", "part", "status"),
    [
        ({"succeeded": 1, "failed": 1}, None, "within"),
        ({"succeeded": 2, "failed": 2}, 0.5, "within"),
        ({"succeeded": 2, "failed": 3}, 0.6, "missed"),
        ({"failed": 2}, None, "incomplete"),
        ({"failed": 3}, 1.0, "missed"),
        ({}, None, "within"),
    ],
)
def test_a_program_that_mostly_fails_misses_a_threshold_and_one_without_success_proves_nothing(
    ends, part, status
):
    seen = ended(**ends)
    assert measures(seen).get("failed_runs") == part
    found = shown(seen)
    assert found.status == status
    is_limit = any(
        "reported a failure" in each.why for each in found.limits if each.name != "nothing"
    )
    assert is_limit == (status == "missed")


def test_without_a_success_the_gap_says_what_is_unproven_and_where_to_look():
    (gap,) = gaps(ended(failed=2))
    assert gap.startswith("each of 2 runs that ended reported a failure by its exit code: its work")
    assert gap.endswith("see copy-1.log")
    assert gaps(ended(succeeded=1, failed=2)) == []
    assert gaps(ended(failed=1, died=1)) == []
