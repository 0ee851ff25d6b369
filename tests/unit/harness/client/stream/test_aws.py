"""The signature of requests to AWS is the one that botocore makes."""

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from adsmock.harness.client.stream import Aws
from adsmock.harness.client.stream.aws import sign

NOW = datetime(2026, 7, 1, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("token", [None, "session"])
@pytest.mark.parametrize("service", ["sqs", "sns"])
def test_the_signature_is_that_of_botocore(service, token):
    url, body = f"https://{service}.eu-west-1.amazonaws.com/", b'{"QueueUrl": "x"}'
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.Some"}
    aws = Aws("AKIDEXAMPLE", "wJalrXUtnFEMI", "eu-west-1", token)
    ours = sign(aws, f"eu-west-1/{service}", url, headers, body, now=NOW)

    request = AWSRequest("POST", url, headers=headers, data=body)
    request.context["timestamp"] = "20260701T120005Z"
    request.headers["X-Amz-Date"] = "20260701T120005Z"
    if token:
        request.headers["X-Amz-Security-Token"] = token
    auth = SigV4Auth(Credentials(aws.key_id, aws.secret, token), service, "eu-west-1")
    text = auth.string_to_sign(request, auth.canonical_request(request))
    assert ours["authorization"].endswith(f"Signature={auth.signature(text, request)}")


def test_secrets_are_not_shown():
    assert "hidden" not in repr(Aws("AKID", "hidden", "us-east-1", "hidden-too"))
