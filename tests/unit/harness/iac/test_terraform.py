"""A plan or a state of Terraform is checked by the same rules as CloudFormation."""

import json

import pytest

from adsmock.harness import iac

ARN = "arn:aws:sqs:us-east-1:111122223333:"
SEND = {
    "Effect": "Allow",
    "Principal": {"Service": "sns.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": f"{ARN}ads-stream",
    "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:906013806264:*"}},
}
LOOK = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::926844853897:role/ReviewerRole"},
    "Action": "sqs:GetQueueAttributes",
    "Resource": f"{ARN}ads-stream",
}
TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": f"{ARN}ads-stream",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def row(kind, name, /, **values):
    address = f"{kind}.{name}"
    return {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def alarm(name, metric, queue):
    kind, topic = "aws_cloudwatch_metric_alarm", "arn:aws:sns:us-east-1:111122223333:alarms"
    return row(
        kind, name, metric_name=metric, dimensions={"QueueName": queue}, alarm_actions=[topic]
    )


def resources(statements=(SEND, LOOK, TLS), **changes):
    redrive = json.dumps({"deadLetterTargetArn": f"{ARN}ads-failed", "maxReceiveCount": 10})
    queue = {"name": "ads-stream", "fifo_queue": False, "sqs_managed_sse_enabled": True}
    url = "https://sqs.us-east-1.amazonaws.com/111122223333/ads-stream"
    return [
        row("aws_sqs_queue", "stream", **{**queue, "redrive_policy": redrive, **changes}),
        row("aws_sqs_queue", "failed", **{**queue, "name": "ads-failed", "redrive_policy": ""}),
        row("aws_sqs_queue_policy", "stream", queue_url=url, policy=policy(*statements)),
        alarm("late", "ApproximateAgeOfOldestMessage", "ads-stream"),
        alarm("failed", "ApproximateNumberOfMessagesVisible", "ads-failed"),
    ]


def state(rows):
    return {"format_version": "1.0", "values": {"root_module": {"resources": rows}}}


def plan(rows, references=()):
    """Return a plan, which does not know ``references``: (address, attribute, named address)."""
    configured = {}
    for address, attribute, named in references:
        next(each for each in rows if each["address"] == address)["values"].pop(attribute)
        expression = {"references": [f"{named}.arn", named]}
        configured.setdefault(address, {})[attribute] = expression
    own = [{"address": name, "expressions": each} for name, each in configured.items()]
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": rows}},
        "configuration": {"root_module": {"resources": own}},
    }


@pytest.fixture
def checked(tmp_path):
    def check(document):
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(document), "utf-8")
        report = iac.check(iac.read(path), iac.Wanted(("sp-traffic",), "NA"))
        return [(each.rule, each.level) for each in report.findings], report

    return check


def test_state_that_keeps_the_rules_has_no_findings_and_names_its_topics(checked):
    found, report = checked(state(resources()))

    assert found == []
    topics = {name: [each.dataset for each in row] for name, row in report.queues.items()}
    assert topics == {"aws_sqs_queue.stream": ["sp-traffic"]}


def test_plan_names_resources_that_it_does_not_know_yet(checked):
    unknown = [
        ("aws_sqs_queue_policy.stream", "queue_url", "aws_sqs_queue.stream"),
        ("aws_sqs_queue.stream", "redrive_policy", "aws_sqs_queue.failed"),
        ("aws_cloudwatch_metric_alarm.late", "alarm_actions", "aws_sns_topic.alarms"),
    ]

    assert checked(plan(resources(), unknown))[0] == []


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        (resources((SEND, LOOK)), ("tls-only", "error")),
        (resources((SEND, TLS)), ("reviewer", "error")),
        (resources(sqs_managed_sse_enabled=False), ("encryption", "error")),
        (resources(redrive_policy=""), ("dead-letter-queue", "error")),
        (resources(fifo_queue=True), ("standard-queue", "error")),
        (resources()[:-1], ("alarm", "error")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_each_defect_has_its_finding(checked, rows, finding):
    assert checked(state(rows))[0] == [finding]


def test_policy_and_redrive_policy_may_be_written_in_either_way(checked):
    queue, failed, own, *alarms = resources()
    redrive = queue["values"].pop("redrive_policy")
    separate = row("aws_sqs_queue_redrive_policy", "stream", redrive_policy=redrive)
    separate["values"]["queue_url"] = own["values"]["queue_url"]
    queue["values"]["policy"] = own["values"]["policy"]

    assert checked(state([queue, failed, separate, *alarms]))[0] == []


def test_resources_of_modules_are_checked(checked):
    inner = {"resources": resources(), "address": "module.stream"}
    document = state([])
    document["values"]["root_module"]["child_modules"] = [inner]

    assert checked(document)[0] == []


def test_plan_without_its_policy_is_refused_with_what_to_do(checked):
    unknown = [("aws_sqs_queue_policy.stream", "policy", "aws_sqs_queue.stream")]

    with pytest.raises(iac.TemplateError, match="does not know the policy of aws_sqs_queue_policy"):
        checked(plan(resources(), unknown))


def test_broken_policy_is_refused_in_one_line(checked):
    rows = resources()
    rows[2]["values"]["policy"] = "{"

    with pytest.raises(iac.TemplateError, match="is no output of terraform show -json"):
        checked(state(rows))
