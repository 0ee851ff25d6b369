"""Templates are read from YAML with short forms and from JSON; other files are refused."""

import json

import pytest

from adsmock.harness import iac


def written(tmp_path, text, name="stream.yaml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_short_forms_become_functions_and_numbers_keep_their_zeros(tmp_path):
    text = (
        "Mappings: {A: {B: {C: 055588217351}}}\nResources:\n  Q:\n    Type: T\n    Properties:\n"
        "      X: !GetAtt A.B\n      Y: !Sub [a, {b: !Ref C}]\n      D: 2012-10-17\n      Z: ~\n"
    )
    template = iac.read(written(tmp_path, text))
    assert template.section("Mappings")["A"]["B"]["C"] == "055588217351"
    assert template.section("Resources")["Q"]["Properties"] == {
        "X": {"Fn::GetAtt": ["A", "B"]},
        "Y": {"Fn::Sub": ["a", {"b": {"Ref": "C"}}]},
        "D": "2012-10-17",
        "Z": None,
    }
    assert template.position("Resources.Q.Properties.Y.Fn::Sub").line == 7


def test_the_model_in_json_gives_the_same_report(tmp_path):
    template = iac.read(iac.MODEL)
    same = iac.read(written(tmp_path, json.dumps(template.values, indent=1), "stream.json"))
    report = iac.check(same)
    assert report.findings == ()
    assert report.queues == iac.check(template).queues
    assert same.position("Resources.StreamQueue").line > 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "is not YAML"),
        ("{", "is not JSON"),
        ("resources: {}", "has no Resources"),
        ("- 1", "has no Resources"),
        ("", "has no Resources"),
        ("a: &a [*a]", "not YAML"),
        ("a: " + "[" * 1500, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
    ],
)
def test_a_file_that_is_no_template_is_refused_in_one_line(tmp_path, text, says):
    with pytest.raises(iac.TemplateError) as caught:
        iac.read(written(tmp_path, text))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
