"""Integrations in three languages get the verdicts that are written beside them."""

import pytest

from tests.conformance.examples import differences, examples, judge, read, write

EXAMPLES = examples()


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize("name", EXAMPLES)
def test_example_gets_exactly_the_written_verdicts(control, tmp_path, name):
    example = EXAMPLES[name]
    if example.missing:
        missing = ", ".join(example.missing)
        pytest.skip(f"THE EXAMPLE {name} IS NOT TESTED: {missing} is not installed")
    words = ("--cases", ",".join(example.quick), "--server", control)
    found, said = judge(example, tmp_path, *words, seconds=180)

    assert differences(found, {case: example.cases[case] for case in example.quick}) == [], said


def test_every_example_states_what_it_gets():
    assert EXAMPLES.keys() >= {"python", "node", "shell", "unmodified-python", "unmodified-curl"}
    assert all(set(row.quick) <= set(row.cases) for row in EXAMPLES.values())


def test_a_verdict_that_is_not_the_written_one_is_named():
    found = {"A01": {"A01.headers": "PASS", "x.claim": "PASS"}}
    wanted = {"A01": {"A01.headers": "FAIL"}}

    assert differences(found, found) == []
    assert differences(found, {"A01": {"A01.headers": "WARN|PASS", "x.claim": "PASS"}}) == []
    assert differences(found, wanted) == [
        "A01 A01.headers: PASS, written is FAIL",
        "A01 x.claim: PASS, written is nothing",
    ]


def test_verdicts_written_anew_are_read_back(tmp_path):
    path = tmp_path / "expected.toml"
    path.write_text(EXAMPLES["node"].path.read_text("utf-8"), "utf-8")
    found = {"T01": {"T01.early": "FAIL"}, "A01": {"A01.headers": "PASS"}}
    write(path, found)

    assert read(path).cases == found
    assert read(path).quick == EXAMPLES["node"].quick
