"""Signatures of web hooks, and where messages may be sent."""

from base64 import b64decode

import pytest

from adsmock.mockserver.push.address import problem_of
from adsmock.mockserver.push.webhook import signature_of


def test_the_signature_is_that_of_standard_webhooks():
    """The values are of the specification's own libraries."""
    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signature_of(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:5000", "https://localhost/hook?a=1", "http://moto:5000/", "http://[::1]:80"],
)
def test_a_local_url_is_accepted(url):
    assert problem_of(url) == ""


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("https://sqs.us-east-1.amazonaws.com", "is a host of Amazon"),
        ("https://SQS.US-EAST-1.AMAZONAWS.COM./", "is a host of Amazon"),
        ("https://sqs.us-east-1.api.aws", "is a host of Amazon"),
        ("http://user@127.0.0.1", "has a user"),
        ("http://127.0.0.1/#part", "has a user or a fragment"),
        ("127.0.0.1:5000", "is not a URL"),
        ("ftp://127.0.0.1", "is not a URL"),
        ("http://127.0.0.1:99999", "is not a URL"),
        ("http://", "is not a URL"),
    ],
)
def test_another_url_is_refused_with_the_reason(url, part):
    assert part in problem_of(url)
