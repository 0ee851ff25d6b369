"""Integrations in three languages get the verdicts in their files."""

import pytest

from adsmock.harness.suite.case import load
from tests.conformance.examples import (
    differences,
    examples,
    judge,
    read,
    undecided,
    write,
)

pytestmark = pytest.mark.one_python

EXAMPLES = examples()


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_example_gets_exactly_the_written_verdicts(control, tmp_path, name):
    example = EXAMPLES[name]
    if example.missing:
        missing = ", ".join(example.missing)
        pytest.skip(f"THE EXAMPLE {name} IS NOT TESTED: {missing} is not installed")
    words = ("--cases", ",".join(example.quick), "--server", control)
    found, said = judge(example, tmp_path, *words, seconds=180)

    wanted = {case: example.cases[case] for case in example.quick}
    assert differences(found, wanted) == [], said
    if unsure := undecided(found, wanted):
        pytest.skip(f"NOT JUDGED, THE MACHINE WAS TOO NOISY: {name}: {'; '.join(unsure)}")


def test_every_example_states_what_it_gets():
    assert EXAMPLES.keys() >= {"python", "node", "shell", "unmodified-python", "unmodified-curl"}
    assert all(set(row.quick) <= set(row.cases) for row in EXAMPLES.values())


@pytest.mark.parametrize("name", EXAMPLES)
def test_written_verdicts_cover_every_check_of_the_suite(name):
    written = {case: set(row) - {"x.claim"} for case, row in EXAMPLES[name].cases.items()}

    assert written == {each.id: {row.id for row in each.checks} for each in load().values()}


def test_a_verdict_that_is_not_the_written_one_is_named():
    found = {"A01": {"A01.headers": "PASS", "x.claim": "PASS"}}
    wanted = {"A01": {"A01.headers": "FAIL"}}

    assert differences(found, found) == undecided(found, found) == []
    assert differences(found, wanted) == [
        "A01 A01.headers: PASS, written is FAIL",
        "A01 x.claim: PASS, written is nothing",
    ]


def test_a_verdict_that_noise_withheld_is_undecided_and_no_difference():
    found, wanted = {"T05": {"T05.jitter": "INCONCLUSIVE"}}, {"T05": {"T05.jitter": "PASS"}}

    assert differences(found, wanted) == []
    assert undecided(found, wanted) == ["T05 T05.jitter: INCONCLUSIVE, written is PASS"]
    assert undecided(wanted, found) == []
    assert differences(wanted, found) == ["T05 T05.jitter: PASS, written is INCONCLUSIVE"]
    assert differences(found, {}) == ["T05 T05.jitter: INCONCLUSIVE, written is nothing"]


def test_rewritten_verdicts_are_read_back(tmp_path):
    path = tmp_path / "expected.toml"
    path.write_text(EXAMPLES["node"].path.read_text("utf-8"), "utf-8")
    found = {"T01": {"T01.early": "FAIL"}, "A01": {"A01.headers": "PASS"}}
    write(path, found)

    assert read(path).cases == EXAMPLES["node"].cases | found
    assert read(path).quick == EXAMPLES["node"].quick
