"""Options that send messages of Marketing Stream outside: what they mean, and what is refused."""

import re

import pytest

from adsmock.cli.main import main, parser_of
from adsmock.mockserver.app import Mock
from adsmock.mockserver.command import serve
from adsmock.mockserver.command.exec import environment
from adsmock.mockserver.command.push_options import check_push_options, push_targets
from adsmock.mockserver.push import aws

SECRET = "whsec_" + "A" * 32
LOCAL = "http://127.0.0.1:5000"


def targets(*words):
    return push_targets(parser_of("serve", serve).parse_args(words))


def test_endpoints_and_a_web_hook_are_read():
    found = targets("--stream-endpoint", f"sqs={LOCAL}", "--stream-webhook", f"{LOCAL}/?a=b")
    assert [found.of(each) for each in ("sqs", "firehose", "s3")] == ["sqs", "webhook", ""]
    assert (found.url("sqs"), found.url("webhook")) == (LOCAL, f"{LOCAL}/?a=b")
    assert not targets()


def test_the_secret_is_the_given_one_else_made_from_the_seed(monkeypatch):
    own = ("--stream-webhook", LOCAL)
    made = targets(*own).secret
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made)
    assert targets(*own).secret == made != targets(*own, "--seed", "1").secret
    assert targets(*own, "--stream-webhook-secret", SECRET).secret == SECRET
    monkeypatch.setenv("ADSMOCK_WEBHOOK_SECRET", SECRET)
    assert targets(*own).secret == SECRET


def test_exec_gives_the_program_the_addresses_and_the_secret():
    found = targets("--stream-endpoint", f"sqs={LOCAL}", "--stream-webhook", LOCAL)
    mock = Mock(push=found)
    try:
        variables, announced = environment(mock), mock.announcement()
    finally:
        mock.close()
    assert variables["AWS_ENDPOINT_URL_SQS"] == LOCAL
    assert variables["AWS_ENDPOINT_URL_FIREHOSE"] == variables["AWS_ENDPOINT_URL_S3"]
    assert variables["AWS_ENDPOINT_URL_S3"] == mock.aws_url
    assert variables["ADSMOCK_WEBHOOK_SECRET"] == announced["webhookSecret"] == found.secret


def test_without_botocore_an_endpoint_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr(aws, "find_spec", lambda _: None)
    found = check_push_options(targets("--stream-endpoint", f"sqs={LOCAL}"))
    assert "pip install 'adsmock[stream]'" in found
    assert check_push_options(targets("--stream-webhook", LOCAL)) == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--stream-endpoint", LOCAL], "names no service: use sqs=URL"),
        (["--stream-endpoint", f"sns={LOCAL}"], "names no service: use sqs=URL"),
        (["--stream-endpoint", "sqs=5000"], "is not a URL"),
        (["--stream-endpoint", "sqs=https://sqs.us-east-1.amazonaws.com"], "a host of Amazon"),
        (["--stream-endpoint", f"s3={LOCAL}"], "needs sqs=… too"),
        (["--stream-webhook", "https://a.amazonaws.com/"], "a host of Amazon"),
        (["--stream-webhook-secret", "secret"], "is no secret of a web hook"),
        (["--stream-webhook-secret", "whsec_AAAA"], "is no secret of a web hook"),
    ],
    ids=" ".join,
)
def test_unusable_options_are_one_line_and_exit_2(words, said, capfd):
    assert main(["serve", "--port", "0", *words]) == 2
    error = capfd.readouterr().err
    assert said in error
    assert "Traceback" not in error
