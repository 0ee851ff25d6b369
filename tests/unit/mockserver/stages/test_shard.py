"""Calls that a balancer led to the wrong shard are refused and counted, never answered."""

from urllib.parse import urlencode

import pytest

from adsmock.mockserver.app import Settings, build_runtime
from adsmock.mockserver.core.call import Call, Endpoint
from adsmock.mockserver.core.shard import Shard
from adsmock.mockserver.pipeline import serve
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox

FORM = "application/x-www-form-urlencoded"
AWS = "AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/sqs/aws4_request, Signature=x"
KINDS = {"client", "access", "token call", "refresh", "file", "access key", "confirmation"}


def shard(number):
    runtime = build_runtime(Settings(shard=Shard(number, 2)), "http://storage", None)
    request = SandboxRequest(id=f"own-{number}")
    return runtime, make_sandbox(runtime.sandboxes, runtime.contract_set, request)


@pytest.fixture(scope="module")
def first():
    return shard(1)


@pytest.fixture(scope="module")
def second():
    return shard(2)


def call(path="/v2/profiles", method="GET", body=b"", query="", **headers):
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    endpoint = Endpoint("storage", storage=True) if query else Endpoint("NA", region="NA")
    return Call(method, path, query, fields, body, endpoint, 0.0)


def token_call(credentials, **form):
    form = {
        "grant_type": "refresh_token",
        "refresh_token": credentials.refresh_token,
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    } | form
    return call("/auth/o2/token", "POST", urlencode(form).encode(), content_type=FORM)


def status(call, runtime):
    return serve(call, runtime).reply.status


def test_what_a_shard_mints_carries_its_name(first, second):
    for number, (runtime, sandbox) in ((1, first), (2, second)):
        client_id = sandbox.credentials.client_id
        assert client_id.startswith(f"amzn1.application-oa2-client.0{number}")
        assert len(client_id) == len("amzn1.application-oa2-client.") + 32
        refresh = sandbox.credentials.refresh_token.removeprefix("Atzr|")
        assert runtime.sandboxes.signer.shard_of("refresh", refresh) == f"0{number}"


def clues(runtime, sandbox):
    """Return a call for each way to name a shard."""
    signer, credentials = runtime.sandboxes.signer, sandbox.credentials
    access = "Atza|" + signer.sign("access", sandbox.id, 1, 9e9)
    signature = signer.sign("download", sandbox.id, "job", 1, 9e9)
    token = signer.sign("sns", sandbox.id, "topic", 1)
    confirmation = {"Action": "ConfirmSubscription", "TopicArn": "arn", "Token": token}
    return {
        "client": call(amazon_advertising_api_clientid=credentials.client_id),
        "access": call(authorization=f"Bearer {access}"),
        "token call": token_call(credentials),
        "refresh": token_call(credentials, client_id="brought"),
        "file": call("/file.gz", query=f"X-Amz-Signature={signature}"),
        "access key": call("/_aws/", "POST", authorization=AWS.format(credentials.client_id)),
        "confirmation": call("/_aws/", "POST", urlencode(confirmation).encode(), content_type=FORM),
    }


@pytest.mark.parametrize("clue", sorted(KINDS))
def test_a_call_of_another_shard_gets_421_and_is_counted(first, second, clue):
    runtime, _ = first
    before = runtime.metrics.misdirected
    assert status(clues(*second)[clue], runtime) == 421
    assert runtime.metrics.misdirected == before + 1
    entry = list(runtime.sandboxes.orphans.rows())[-1]
    assert entry.status == 421
    assert status(clues(*first)[clue], runtime) != 421


def test_the_default_sandbox_is_in_the_first_shard(first, second):
    assert first[0].sandboxes.get("default") is not None
    assert second[0].sandboxes.get("default") is None


@pytest.mark.parametrize("name", ["00", "03", "ab", ""])
def test_a_client_that_no_shard_minted_is_unknown_not_misdirected(first, name):
    client_id = f"amzn1.application-oa2-client.{name}" + "0" * 30
    assert status(call(amazon_advertising_api_clientid=client_id), first[0]) == 401


def test_a_token_of_a_sandbox_with_the_same_id_in_another_shard_is_unknown(first, second):
    runtime, sandbox = first
    foreign = second[0].sandboxes.signer.sign("access", sandbox.id, 1, 9e9)
    assert runtime.sandboxes.open_token("Atza|" + foreign) is None


def test_a_process_on_its_own_never_misdirects(second):
    runtime = build_runtime(Settings(), "http://storage", None)
    assert {status(each, runtime) for each in clues(*second).values()}.isdisjoint({421})
