"""No secret that a sandbox issued or received is in any journal, wherever a client puts it."""

import json
from urllib.parse import quote, urlencode

import pytest

from adsmock.mockserver.services.auth.token import mint_code
from tests.unit.mockserver.control.fixtures import ControlFixture, make_control
from tests.unit.mockserver.fixtures import FORM, create_server

RECEIVED = "Sentinel-4711-received"
ODD_TOKEN = "sentinel.odd.token.42"
JSON = "application/json"


def secrets_of(control: ControlFixture) -> dict[str, str]:
    """Issue or send every kind of secret once, and return them by name."""
    server = control.server
    own = server.sandbox.credentials
    code = mint_code(server.sandbox, server.runtime.sandboxes, server.runtime.contract_set.lwa)
    server.grant(client_secret=RECEIVED)
    server.call("/sp/campaigns/list", {}, Authorization=f"Bearer {ODD_TOKEN}")
    stranger = create_server(server.runtime, "stranger").sandbox.credentials
    return {
        "clientSecret": own.client_secret,
        "refreshToken": own.refresh_token,
        "accessToken": server.token,
        "code": code,
        "received": RECEIVED,
        "oddToken": ODD_TOKEN,
        "foreign": stranger.refresh_token,
    }


def plant(control: ControlFixture, secret: str) -> int:
    """Send a secret in every part of a call; return the number of places."""
    server, headers = control.server, control.server.headers()
    list_path = "/sp/campaigns/list"
    nested = {"campaigns": [{"name": secret, "tags": [{secret: 1}]}]}
    calls = [
        ("POST", f"/sp/{secret}/list", {}, headers),
        ("GET", f"/v2/profiles?{urlencode({'apiProgram': secret})}", b"", headers),
        ("GET", f"/v2/profiles?x{quote(secret)}=1", b"", headers),
        ("POST", list_path, {}, headers | {"User-Agent": f"app/1 ({secret})"}),
        ("POST", list_path, {}, headers | {"Accept": secret}),
        ("POST", list_path, {}, headers | {"Accept-Encoding": f"gzip, {secret}"}),
        ("POST", list_path, {}, headers | {"Content-Type": f"{JSON}; note={secret}"}),
        ("POST", list_path, {}, headers | {"Prefer": secret}),
        ("POST", list_path, {}, headers | {"Host": f"{secret}.example"}),
        ("POST", list_path, {}, headers | {"Amazon-Advertising-API-Scope": secret}),
        ("POST", list_path, {}, headers | {"Amazon-Advertising-API-ClientId": secret}),
        ("POST", list_path, {"nextToken": secret}, headers),
        ("POST", "/sp/campaigns", nested, headers),
        ("POST", "/sp/campaigns", f'{{"a":"{secret}"'.encode(), headers),
        ("POST", "/auth/o2/token", urlencode({"note": secret}).encode(), {"Content-Type": FORM}),
    ]
    for method, path, body, sent in calls:
        server.send(method, path, body, sent)
    return len(calls)


def kept(control: ControlFixture) -> str:
    """Return everything that can be read of the calls."""
    texts = [
        control.send(operation, query={"format": form}).get_data(as_text=True)
        for operation in ("journal.get", "orphans.get")
        for form in ("json", "ndjson", "har")
    ]
    claim = {"match": {"path": "/nothing"}, "min": 1}
    texts.append(control.send("verify.run", claim).get_data(as_text=True))
    return "\n".join(texts).replace("\\u007c", "|").replace("%7C", "|")


@pytest.mark.parametrize("mode", ["lean", "full"])
def test_no_sentinel_reaches_a_journal(mode):
    control = make_control(journal=mode)
    control.server.runtime.sandboxes.orphans.mode = mode
    secrets = secrets_of(control)
    places = sum(plant(control, secret) for secret in secrets.values())
    assert places >= 68
    text = kept(control)
    assert [name for name, secret in secrets.items() if secret in text] == []


def test_what_is_redacted_can_be_compared(control):
    server = control.server
    server.call("/sp/campaigns/list", {"nextToken": server.token})
    entry = server.entries()[-1]
    assert entry.request == {"nextToken": entry.token}


def test_members_that_carry_secrets_are_redacted_at_any_depth(control):
    server = control.server
    server.call("/sp/campaigns/list", {"a": [{"clientSecret": "x1"}, {"PASSWORD": "x2"}], "b": 1})
    kept_request = json.dumps(server.entries()[-1].request)
    assert "x1" not in kept_request
    assert "x2" not in kept_request
    assert '"b": 1' in kept_request


def test_a_signature_is_replaced_alike_in_the_status_and_in_the_download(control):
    from tests.unit.mockserver.control.test_job import poll  # noqa: PLC0415 -- a helper of a test
    from tests.unit.mockserver.control.test_time import export  # noqa: PLC0415 -- as above

    job = export(control)
    control.do("clock.advance", {"seconds": 6})
    url = json.loads(poll(control, job).body)["url"]
    signature = url.rpartition("=")[2]
    control.server.send("GET", "/_storage/" + url.partition("storage.test/")[2])
    status, download = (str(each) for each in control.server.entries()[-2:])
    assert signature not in status + download
    name = control.server.entries()[-1].query.rpartition("=")[2]
    assert name.startswith("sig-")
    assert name.encode() in control.server.entries()[-2].reply


def test_ordinary_words_cannot_be_hidden_by_a_caller(control):
    server = control.server
    server.grant(client_secret="campaigns")
    server.call("/sp/campaigns/list", {})
    assert server.entries()[-1].path == "/sp/campaigns/list"


def test_a_lean_entry_of_a_plain_call_is_unchanged(control):
    server = control.server
    server.call("/sp/campaigns/list", {"maxResults": 10})
    entry = server.entries()[-1]
    assert entry.client_id == server.sandbox.credentials.client_id
    assert entry.profile_id == server.profile().id
    assert entry.request == b'{"maxResults":10}'
