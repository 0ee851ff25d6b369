"""The model template passes every rule; each change of it breaks exactly the intended one."""

import json

import pytest

from adsmock.harness import iac

MODEL = iac.MODEL.read_text("utf-8")
SEND = "Action: sqs:SendMessage\n"


def report_of(tmp_path, text, **options):
    path = tmp_path / "stream.yaml"
    path.write_text(text, "utf-8")
    return iac.check(iac.read(path), **options)


def changed(*pairs):
    text = MODEL
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def without(text, first, last):
    """Return the text without the lines from one that contains ``first`` to before ``last``."""
    start = text.rindex("\n", 0, text.index(first))
    return text[:start] + text[text.rindex("\n", 0, text.index(last, start)) :]


BROKEN = {
    "typing error in an account": (
        changed((":906013806264:", ":906013806246:")),
        "topic-account",
        "Did you mean 906013806264, of sp-traffic in NA?",
    ),
    "a leading zero lost": (
        changed((":055588217351:", ":55588217351:")),
        "topic-account",
        "Did you mean 055588217351",
    ),
    "topics of the wrong AWS region": (
        changed(("eu-west-1:668473351658", "us-east-1:668473351658")),
        "topic-account",
        "Expected arn:aws:sns:eu-west-1:668473351658:*",
    ),
    "any account": (
        changed(("us-east-1:906013806264:*", "*:*:*")),
        "topic-account",
        "lets topics of other accounts send",
    ),
    "all topics but one": (
        changed(("ArnLike", "ArnNotLike")),
        "topic-account",
        "every SNS topic of every AWS account may send",
    ),
    "no condition": (
        without(
            MODEL, "            Condition:\n              ArnLike", "          - Sid: AmazonRev"
        ),
        "topic-account",
        "every SNS topic of every AWS account may send",
    ),
    "a literal star": (changed(("ArnLike", "StringEquals")), "topic-account", "Use ArnLike"),
    "nobody may send": (changed((SEND, "Action: sqs:ReceiveMessage\n")), "topic-account", "Allow"),
    "no reviewer": (
        changed(("926844853897:role/ReviewerRole", "926844853898:role/ReviewerRole")),
        "reviewer",
        "Allow it sqs:GetQueueAttributes",
    ),
    "plain HTTP": (
        changed(('aws:SecureTransport: "false"', 'aws:SecureTransport: "true"')),
        "tls-only",
        "Deny sqs:*",
    ),
    "a condition on the presence of TLS": (
        changed(("Bool:", "Null:")),
        "tls-only",
        "accepts requests without TLS",
    ),
    "only sending over TLS": (
        changed(("Action: sqs:*", SEND.strip())),
        "tls-only",
        "accepts requests without TLS",
    ),
    "no encryption": (
        changed(("SqsManagedSseEnabled: true", "SqsManagedSseEnabled: false")),
        "encryption",
        "is not encrypted at rest",
    ),
    "a key that SNS cannot use": (
        changed(("SqsManagedSseEnabled: true", "KmsMasterKeyId: alias/aws/sqs")),
        "encryption",
        "SNS cannot use alias/aws/sqs",
    ),
    "FIFO": (
        changed(("VisibilityTimeout: 60", "FifoQueue: true")),
        "standard-queue",
        "Remove FifoQueue",
    ),
    "no redrive": (
        changed(("RedrivePolicy:", "Unused:")),
        "dead-letter-queue",
        "has no RedrivePolicy",
    ),
    "no alarm on lag": (
        changed(("ApproximateAgeOfOldestMessage", "NumberOfMessagesSent")),
        "alarm",
        "no alarm watches ApproximateAgeOfOldestMessage of StreamQueue",
    ),
    "no alarm on the dead-letter queue": (
        changed(("!GetAtt DeadLetterQueue.QueueName", "other")),
        "alarm",
        "no alarm watches ApproximateNumberOfMessagesVisible of DeadLetterQueue",
    ),
}


def test_the_model_passes_every_rule(tmp_path):
    report = report_of(tmp_path, MODEL)
    assert report.findings == ()
    datasets = [(each.dataset, each.region) for each in report.queues["StreamQueue"]]
    assert len(datasets) == 9
    assert ("budget-usage", "FE") in datasets
    assert "DeadLetterQueue" not in report.queues


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_template_fails_by_the_intended_rule_only(tmp_path, name):
    text, rule, says = BROKEN[name]
    report = report_of(tmp_path, text)
    assert {each.rule for each in report.failures} == {rule}
    assert any(says in each.text for each in report.failures)


def test_a_finding_names_the_line_of_its_member(tmp_path):
    text, _, _ = BROKEN["a literal star"]
    report = report_of(tmp_path, text)
    line = report.template.position(report.failures[0].path).line
    assert text.splitlines()[line - 1].strip() == "Condition:"


def test_an_alarm_without_action_and_unsaid_encryption_are_warnings(tmp_path):
    silent = MODEL.replace("AlarmActions:", "OKActions:").replace(
        "      SqsManagedSseEnabled: true\n", ""
    )
    report = report_of(tmp_path, silent)
    assert not report.failures
    assert {(each.rule, each.level) for each in report.findings} == {
        ("alarm", "warning"),
        ("encryption", "warning"),
    }


def test_queues_of_other_work_are_left_alone(tmp_path):
    other = "  Jobs:\n    Type: AWS::SQS::Queue\n\nOutputs:"
    assert report_of(tmp_path, changed(("\nOutputs:", other))).findings == ()


def test_a_template_whose_queues_have_no_policy_fails(tmp_path):
    text = without(MODEL, "  StreamQueuePolicy:", "  LagAlarm:")
    report = report_of(tmp_path, text)
    assert [(each.rule, each.path) for each in report.failures] == [
        ("topic-account", "Resources.StreamQueue")
    ]


def test_the_wanted_dataset_and_region_decide(tmp_path):
    served = iac.Wanted(("sp-traffic", "budget-usage"), "EU")
    report = report_of(tmp_path, MODEL, wanted=served)
    assert report.findings == ()
    assert {each.region for each in report.queues["StreamQueue"]} == {"EU"}
    missing = report_of(tmp_path, MODEL, wanted=iac.Wanted(("sb-traffic",), "EU"))
    assert "arn:aws:sns:eu-west-1:623198756881:*" in missing.failures[0].text


def test_accounts_of_another_region_fail_where_the_region_is_known(tmp_path):
    text = changed(("!FindInMap [Topics, !Ref AWS::Region, Arns]", "arn:aws:sns:*:906013806264:*"))
    assert report_of(tmp_path, text, wanted=iac.Wanted(region="NA")).findings == ()
    report = report_of(tmp_path, text, wanted=iac.Wanted(region="FE"))
    assert "account 906013806264 sends sp-traffic in NA" in report.failures[0].what


def test_an_account_far_from_all_known_ones_is_a_warning_unless_the_dataset_has_accounts(tmp_path):
    text = changed((":906013806264:", ":123456789012:"))
    (found,) = report_of(tmp_path, text).findings
    assert (found.level, found.rule) == ("warning", "topic-account")
    wanted = iac.Wanted(("sp-conversion",), "NA")
    assert report_of(tmp_path, text, wanted=wanted).failures
    unpublished = iac.Wanted(("adsp-traffic",), "NA")
    assert not report_of(tmp_path, text, wanted=unpublished).failures


def test_a_source_account_restricts_a_wide_pattern(tmp_path):
    condition = (
        'ArnLike: {"aws:SourceArn": "arn:aws:sns:*:*:*"}\n'
        '              StringEquals: {"aws:SourceAccount": "906013806264"}\n'
    )
    text = without(MODEL, "              ArnLike:", "          - Sid: AmazonReviews")
    text = text.replace(
        "            Condition:\n", f"            Condition:\n{' ' * 14}{condition}", 1
    )
    assert report_of(tmp_path, text).findings == ()


def test_a_key_of_the_template_must_let_sns_encrypt(tmp_path):
    key = (
        "  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      KeyPolicy:\n        Statement:\n"
        "          - Effect: Allow\n            Principal: {Service: sns.amazonaws.com}\n"
        '            Action: ["kms:GenerateDataKey*", "kms:Decrypt"]\n            Resource: "*"\n'
    )
    text = changed(
        ("SqsManagedSseEnabled: true", "KmsMasterKeyId: !GetAtt Key.Arn"),
        ("Outputs:", key + "\nOutputs:"),
    )
    assert report_of(tmp_path, text).findings == ()
    report = report_of(tmp_path, text.replace('"kms:Decrypt"', '"kms:Encrypt"'))
    assert [each.rule for each in report.failures] == ["encryption"]


def test_what_only_a_deployment_knows_is_a_note_until_it_is_given(tmp_path):
    text = changed(
        ("Parameters:\n", "Parameters:\n  Account:\n    Type: String\n"),
        ("!FindInMap [Topics, !Ref AWS::Region, Arns]", "!Sub arn:aws:sns:us-east-1:${Account}:*"),
    )
    (note,) = report_of(tmp_path, text).findings
    assert (note.rule, note.level) == ("undecided", "note")
    assert report_of(tmp_path, text, given={"Account": "906013806264"}).findings == ()
    assert report_of(tmp_path, text, given={"Account": "906013806265"}).failures


def test_an_ignored_rule_is_left_out_and_named(tmp_path):
    report = report_of(tmp_path, BROKEN["no redrive"][0], ignored=["dead-letter-queue"])
    assert not report.failures
    assert report.ignored == ("dead-letter-queue",)


def test_sarif_and_json_have_every_finding_with_its_line(tmp_path):
    report = report_of(tmp_path, BROKEN["plain HTTP"][0])
    row = iac.as_json(report)["findings"][0]
    result = iac.as_sarif(report)["runs"][0]["results"][0]
    assert (row["rule"], result["ruleId"]) == ("tls-only", "tls-only")
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == row["line"] > 1
    assert json.dumps(iac.as_json(report))
