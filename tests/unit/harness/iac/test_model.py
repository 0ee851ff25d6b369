"""The model template, as cfn-lint and a queue of the mock see it."""

import json

import pytest

from adsmock.harness import iac
from adsmock.harness.iac.parameter import resolver_of
from adsmock.harness.iac.resource import Stack
from adsmock.harness.iac.topics import by_account
from adsmock.mockserver.services.stream.aws.policy import may_send

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:ads"


@pytest.mark.one_python
def test_cfn_lint_finds_nothing():
    api = pytest.importorskip("cfnlint.api", reason="NOT LINTED: run pip install cfn-lint")
    found = api.lint(iac.MODEL.read_text("utf-8"), regions=["us-east-1", "eu-west-1", "us-west-2"])
    assert [str(each) for each in found] == []


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "us-west-2"])
def test_a_queue_of_the_mock_takes_the_named_topics_of_its_region_only(region):
    template = iac.read(iac.MODEL)
    stack = Stack.of(template, resolver_of(template, {}, region))
    policy = next(each for each in stack.resources if each.name == "StreamQueuePolicy")
    text = json.dumps(policy.properties["PolicyDocument"]).replace("${StreamQueue.Arn}", QUEUE)
    taken = {
        topic
        for account, topic in by_account().items()
        if may_send(text, QUEUE, f"arn:aws:sns:{topic.aws_region}:{account}:any")
    }
    assert {each.dataset for each in taken} == {"sp-traffic", "sp-conversion", "budget-usage"}
    assert {each.aws_region for each in taken} == {region}
    assert len(taken) == 3


def test_the_model_in_json_is_that_in_yaml():
    assert iac.model_values() == iac.read(iac.MODEL).values
