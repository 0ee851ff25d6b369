"""The template that a manifest names: read with it, recorded, judged; what is refused."""

import argparse
import json

import pytest
from msgspec.structs import replace

from adsmock.harness import iac
from adsmock.harness.command import partner_files
from adsmock.harness.command.failure import UsageError
from adsmock.harness.suite.case import load
from adsmock.harness.suite.drivers import template_of
from adsmock.harness.suite.journal import RunMeta, RunRecord
from adsmock.harness.suite.journal.record import lines, parse
from adsmock.harness.suite.judge import judge_case
from tests.unit.harness.suite.sample_subscription import create
from tests.unit.harness.suite.sample_template import subscribed

MANIFEST = 'name = "acme"\n\n[infrastructure]\ntemplate = "stream.yaml"\n'
MODEL = iac.MODEL.read_text("utf-8")


@pytest.fixture
def declaration(tmp_path):
    def declare(template, manifest=MANIFEST):
        (tmp_path / "stream.yaml").write_text(template, "utf-8")
        path = tmp_path / "ads-client.toml"
        path.write_text(manifest, "utf-8")
        named = argparse.Namespace(manifest=path, baseline=None)
        return partner_files.load(named, load())

    return declare


def statuses(record):
    found = judge_case(load()["IC01"], record)
    return {each.check: (each.status, each.sentence) for each in found.verdicts}


def run_of(record):
    return RunRecord(RunMeta("command", "acme", "run", "full", 7, ("IC01",)), (record,))


def test_named_template_replaces_that_of_the_record_and_the_sentence_has_its_line(declaration):
    text = MODEL.replace("SqsManagedSseEnabled: true", "SqsManagedSseEnabled: false", 1)
    line = text[: text.index("SqsManagedSseEnabled: false")].count("\n") + 1

    found = declaration(text).replace_in(run_of(subscribed("reference")))

    status, sentence = statuses(found.cases[0])["IC01.protection"]
    assert status == "FAIL"
    assert f"stream.yaml:{line}: StreamQueue is not encrypted at rest" in sentence


def test_record_of_a_run_is_judged_again_without_the_file(declaration):
    text = MODEL.replace("Bool:", "Null:")
    run = declaration(text).replace_in(run_of(subscribed("reference")))

    again = parse(json.dumps(line).encode() for line in lines(run))

    assert again.cases[0].template == run.cases[0].template
    assert statuses(again.cases[0]) == statuses(run.cases[0])
    assert statuses(again.cases[0])["IC01.protection"][0] == "FAIL"


def test_without_a_template_the_case_is_not_applicable_and_says_what_to_write():
    record = replace(subscribed("reference"), template=None)

    found = statuses(record)

    assert {status for status, _ in found.values()} == {"N/A"}
    assert 'write [infrastructure] with template = "stream.yaml"' in found["IC01.delivery"][1]


def test_subscribed_dataset_and_region_decide_what_the_queue_must_take():
    other = create(1, "one", dataset="sb-traffic")
    abroad = create(1, "one", region="EU")

    assert statuses(subscribed("reference", abroad))["IC01.delivery"][0] == "PASS"
    status, sentence = statuses(subscribed("reference", other))["IC01.delivery"]
    assert status == "FAIL"
    assert "no queue lets the topics of sb-traffic in NA send" in sentence


def test_subscription_that_was_refused_needs_no_queue():
    refused = create(1, "one", status=429, committed=False)

    assert statuses(subscribed("reference", refused))["IC01.delivery"][0] == "UNPROVEN"


def test_given_parameters_become_known(declaration):
    text = MODEL.replace("SqsManagedSseEnabled: true", "SqsManagedSseEnabled: !Ref Encrypted")
    text = text.replace("Parameters:\n", "Parameters:\n  Encrypted:\n    Type: String\n")
    given = MANIFEST + 'parameters = { Encrypted = "false" }\n'

    def judged(manifest):
        found = declaration(text, manifest).replace_in(run_of(subscribed("reference")))
        return statuses(found.cases[0])["IC01.protection"][0]

    assert (judged(MANIFEST), judged(given)) == ("PASS", "FAIL")


@pytest.mark.parametrize(
    ("template", "manifest", "says"),
    [
        (MODEL, MANIFEST + 'parameters = { MaxLag = "1" }\n', "did you mean MaxLagSeconds?"),
        (MODEL, MANIFEST.replace("stream", "strem"), "there is no file"),
        ("Resources: {T: {Type: AWS::SNS::Topic}}", MANIFEST, "line 4: infrastructure.template"),
    ],
    ids=["parameter", "no file", "no queue"],
)
def test_template_that_cannot_be_judged_is_refused_with_its_place(
    declaration, template, manifest, says
):
    with pytest.raises(UsageError, match=r"ads-client\.toml: line 4: infrastructure") as error:
        declaration(template, manifest)

    assert says in str(error.value)


def test_file_that_is_no_template_is_refused(declaration):
    with pytest.raises(ValueError, match="has no Resources"):
        declaration("a: 1")


def test_changes_of_combined_clients_are_all_in_the_template():
    both = template_of("mutant:template-without-tls+mutant:template-without-alarms")["values"]

    assert "LagAlarm" not in both["Resources"]
    policy = both["Resources"]["StreamQueuePolicy"]["Properties"]["PolicyDocument"]
    assert "OnlyTls" not in [each["Sid"] for each in policy["Statement"]]
