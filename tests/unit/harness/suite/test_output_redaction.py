"""Nothing that a program said with a secret in it reaches the record of a run."""

from base64 import b64encode
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from adsmock.harness.suite.drivers.redaction import TAIL_BYTES, redact_ending
from adsmock.harness.suite.journal import Ending

SECRET = "amzn1.oa2-cs.v1.0123456789abcdef"
REFRESH = "my refresh/token+1"
CREDENTIALS = {"clientSecret": SECRET, "refreshToken": REFRESH, "clientId": "app"}
SETUP = SimpleNamespace(task={"credentials": CREDENTIALS})


@pytest.mark.parametrize(
    "text",
    [
        f"secret {SECRET}!",
        f"refresh {REFRESH}",
        f"form refresh_token={quote(REFRESH, safe='')}&x=1",
        f"basic {b64encode(REFRESH.encode()).decode()}",
        "token Atza|IwEB-0123",
        "url token=Atza%7CIwEB-0123&x=1",
        '{"token": "Atza\\u007cIwEB-0123"}',
        "other secret amzn1.oa2-cs.v1.ffff0123",
        "GET https://storage/x?X-Amz-Signature=IwEB-0123",
        "Authorization: Bearer IwEB-0123xyz",
        "Authorization: Basic IwEB0123",
    ],
)
def test_no_spelling_of_a_secret_is_kept(text):
    claim = {"task": 0, "error": text, "details": [{text: text}]}
    ending = redact_ending(Ending(0, output=text, error=text, claims=(claim,)), SETUP)
    kept = str(ending)
    for secret in (SECRET, REFRESH, quote(REFRESH, safe=""), "0123", "ffff"):
        assert secret not in kept
    assert text.split()[0] in kept or text.startswith("{")
    assert ending.claims[0]["task"] == 0


def test_a_secret_is_not_cut_in_two_where_the_output_is_cut():
    text = SECRET + "x" * (TAIL_BYTES - 10)
    assert SECRET[-10:] not in redact_ending(Ending(0, output=text), SETUP).output
