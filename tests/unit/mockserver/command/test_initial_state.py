"""The options for what a mock contains at its start."""

import argparse
import json

import pytest

from adsmock.mockserver.command.initial_state import add_state_flags, control_calls
from adsmock.mockserver.control.client import ControlError


@pytest.fixture
def parse():
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_state_flags(parser.add_argument)
    return lambda *words: control_calls(parser.parse_args(words))


def test_without_options_there_is_nothing_to_do(parse):
    assert parse() == []


def test_state_comes_before_demo_data_and_a_scenario(parse, tmp_path):
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"profiles": {}}))
    assert parse("--scenario", "region-dark", "--invent", "3", "--state", str(path)) == [
        ("state.put", {"profiles": {}}),
        ("state.invent", {"campaigns": 3}),
        ("scenarios.apply", {"name": "region-dark"}),
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--scenario", "region-drak"], "did you mean region-dark"),
        (["--over", "0m"], "use 90s, 2m, 1h or PT2M"),
        (["--over", "soon"], "use 90s, 2m, 1h or PT2M"),
        (["--invent", "0"], "use 1 to 1000"),
        (["--invent", "many"], "use 1 to 1000"),
        (["--state", "missing.json"], "missing.json: No such file"),
    ],
)
def test_a_wrong_value_is_refused_before_the_start(parse, words, message):
    with pytest.raises(argparse.ArgumentError, match=message):
        parse(*words)


@pytest.mark.parametrize(
    ("text", "message"), [("{", "not valid JSON"), ("[]", "not a JSON object")]
)
def test_a_state_file_is_a_json_object(parse, tmp_path, text, message):
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(argparse.ArgumentError, match=message):
        parse("--state", str(path))


@pytest.mark.parametrize(("text", "over"), [("2m", "PT2M"), ("90s", "PT90S"), ("PT1H", "PT1H")])
def test_a_scenario_is_scaled(parse, text, over):
    found = parse("--scenario", "prime-day", "--over", text)

    assert found == [("scenarios.apply", {"name": "prime-day", "over": over})]


def test_over_without_a_scenario_is_refused(parse):
    with pytest.raises(ControlError, match="name one with --scenario"):
        parse("--over", "2m")
