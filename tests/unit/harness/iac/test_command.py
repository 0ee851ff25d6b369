"""adsmock iac: exit codes, the lines it prints, and the files it writes."""

import argparse
import json

import pytest

from adsmock.harness import iac
from adsmock.harness.command import iac as command


@pytest.fixture
def adsmock_iac(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = iac.MODEL.read_text("utf-8")
    (tmp_path / "good.yaml").write_text(model, "utf-8")
    (tmp_path / "bad.yaml").write_text(model.replace("RedrivePolicy", "Other"), "utf-8")
    (tmp_path / "none.yaml").write_text("Resources: {T: {Type: AWS::SNS::Topic}}", "utf-8")
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return lambda *words: command.run(parser.parse_args(words))


def test_the_printed_template_passes(adsmock_iac, capsys, tmp_path):
    assert adsmock_iac("template") == 0
    (tmp_path / "printed.yaml").write_text(capsys.readouterr().out, "utf-8")
    assert adsmock_iac("check", "printed.yaml") == 0
    assert "0 errors, 0 warnings, 0 notes" in capsys.readouterr().out


def test_an_error_has_its_place_and_exit_code_1(adsmock_iac, capsys, tmp_path):
    assert adsmock_iac("check", "bad.yaml", "--json", "a.json", "--sarif", "a.sarif") == 1
    first = capsys.readouterr().out.splitlines()[0]
    place, _, text = first.partition(": error: ")
    name, line, column = place.split(":")
    assert (name, column.isdecimal()) == ("bad.yaml", True)
    assert "maxReceiveCount" in text
    assert "[dead-letter-queue]" in text
    finding = json.loads((tmp_path / "a.json").read_text("utf-8"))["findings"][0]
    result = json.loads((tmp_path / "a.sarif").read_text("utf-8"))["runs"][0]["results"][0]
    assert finding["line"] == int(line)
    assert finding["rule"] == result["ruleId"] == "dead-letter-queue"


def test_an_ignored_rule_is_printed(adsmock_iac, capsys):
    assert adsmock_iac("check", "bad.yaml", "--ignore", "dead-letter-queue") == 0
    assert "ignored: dead-letter-queue" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["check"], "needs FILE"),
        (["template", "good.yaml"], "takes no FILE"),
        (["check", "absent.yaml"], "absent.yaml: No such file"),
        (["check", "none.yaml"], "creates no AWS::SQS::Queue"),
        (["check", "good.yaml", "--region", "EUU"], "did you mean EU?"),
        (["check", "good.yaml", "--dataset", "sp-trafic"], "did you mean sp-traffic?"),
        (["check", "good.yaml", "--ignore", "alarms"], "did you mean alarm?"),
        (["check", "good.yaml", "--parameter", "MaxLag=1"], "did you mean MaxLagSeconds?"),
        (["check", "good.yaml", "--parameter", "MaxLag"], "expected NAME=VALUE"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_a_wrong_argument_is_one_line_and_exit_code_2(adsmock_iac, capsys, words, says):
    assert adsmock_iac(*words) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""
