"""Who may call the control plane: with a token from anywhere, without one from this machine."""

import pytest

from adsmock.mockserver.app import Mock
from adsmock.mockserver.command import serve
from adsmock.mockserver.control.access import CLIENT_HEADER, AccessRules
from adsmock.mockserver.control.application import Settings, create_application
from adsmock.mockserver.control.client import Control, Refused, shown_url
from tests.unit.mockserver.control.fixtures import problem
from tests.unit.mockserver.fixtures import runtime

SANDBOXES = "/_mock/v1/sandboxes"
TOKEN = "correct-horse-battery"


def client_of(**rules):
    settings = Settings(access=AccessRules(**rules))
    return create_application(runtime(), settings).test_client()


def status(client, headers, method="GET", path=SANDBOXES):
    return client.open(path, method=method, headers=headers).status_code


def test_a_token_is_needed_where_one_is_set():
    client = client_of(token=TOKEN)
    for wrong in ("", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer t\xf6ken"):
        reply = client.get(SANDBOXES, headers={"Authorization": wrong})
        assert problem(reply)["status"] == 401, wrong
        assert reply.headers["WWW-Authenticate"] == "Bearer"
        assert TOKEN not in reply.get_data(as_text=True)
    assert status(client, {"Authorization": f"bearer {TOKEN}"}) == 200


def test_health_and_the_dashboard_page_need_no_token():
    client = client_of(token=TOKEN)
    for path in ("/_mock/v1/health", "/_mock/v1/ready", "/"):
        assert status(client, {}, path=path) == 200
    for path in ("/_mock/v1/openapi.json", "/metrics", "/nowhere"):
        assert status(client, {}, path=path) == 401


def test_remote_control_keeps_the_host_guard():
    client = client_of(allows_remote=True, hosts=("mock.lan",))
    for host in ("10.1.2.3:9090", "[fe80::1]", "mock", "mock.lan:1", "localhost"):
        assert status(client, {"Host": host}) == 200, host
    for host in ("evil.example", "mock.lan.evil.example", ""):
        assert status(client, {"Host": host}) == 403, host


def test_a_page_of_the_server_itself_may_call_it():
    client = client_of(allows_remote=True)
    own = {"Host": "10.1.2.3:9090", "Origin": "http://10.1.2.3:9090"}
    assert status(client, own) == 200
    assert status(client, own | {"Origin": "http://10.9.9.9:9090"}) == 403


@pytest.mark.parametrize("path", ["/reset", "/state/invention", "/jobs/x/complete"])
def test_a_page_of_another_port_cannot_post_without_our_header(control, path):
    page = {"Host": "localhost:9090", "Origin": "http://localhost:3000"}
    reply = control.client.post(f"{SANDBOXES}/t1{path}", headers=page)
    assert CLIENT_HEADER in problem(reply)["detail"]
    assert reply.status_code == 403
    assert control.client.delete(f"{SANDBOXES}/t1", headers=page).status_code == 403
    with_header = page | {CLIENT_HEADER: "1"}
    assert control.client.post(f"{SANDBOXES}/t1{path}", headers=with_header).status_code != 403
    own = page | {"Origin": "http://localhost:9090"}
    assert control.client.post(f"{SANDBOXES}/t1{path}", headers=own).status_code != 403
    assert control.client.get(SANDBOXES, headers=page).status_code == 200


def test_a_remote_mock_generates_a_token_and_says_it_once():
    first, second = (Mock(host="127.0.0.1", allow_remote_control=True) for _ in range(2))
    try:
        assert len(first.control_token) >= 32
        assert first.control_token != second.control_token
        assert serve.banner(first).count(first.control_token) == 1
        assert first.announcement()["controlToken"] == first.control_token
    finally:
        first.close()
        second.close()


def test_start_message_says_how_ctl_finds_a_mock_on_other_ports():
    other = "http://127.0.0.1:9390"

    assert shown_url(other) == f"{other}  (for adsmock ctl: export ADSMOCK_CONTROL={other})"
    assert shown_url("http://127.0.0.1:9090") == "http://127.0.0.1:9090"
    with Mock() as mock:
        assert f"export ADSMOCK_CONTROL={mock.control_url}" in serve.banner(mock)


def test_python_calls_send_the_token(monkeypatch):
    with Mock(control_token=TOKEN) as mock:
        assert mock.control.call("sandboxes.list")["sandboxes"]
        with pytest.raises(Refused, match="token is missing"):
            Control(mock.control_url).call("sandboxes.list")
        monkeypatch.setenv("ADSMOCK_CONTROL_TOKEN", TOKEN)
        assert Control(mock.control_url).call("sandboxes.list")["sandboxes"]


def test_a_local_mock_needs_no_token():
    mock = Mock()
    try:
        assert mock.control_token == ""
        assert "controlToken" not in mock.announcement()
    finally:
        mock.close()
