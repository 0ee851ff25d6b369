"""A recording: what it sends, what it refuses, when it stops, and the file it writes."""

import json
import stat
import threading
from typing import Any

import pytest
import requests

from adsmock.cli.main import main
from adsmock.mockserver.app import Mock
from adsmock.mockserver.recorder import Budget, RecordingProxy, Redactor, Session, Upstream
from adsmock.mockserver.recorder.budget import BudgetExhausted
from adsmock.mockserver.recorder.har_file import HarFile
from adsmock.mockserver.recorder.message import Answer, Message
from adsmock.mockserver.recorder.policy import Policy
from adsmock.mockserver.recorder.pseudonym import Pseudonyms

ADS, LWA = "advertising-api.amazon.com", "api.amazon.com"
SP = "application/vnd.spCampaign.v3+json"


class FixedUpstream:
    """A service that gives prepared answers."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.messages: list[Message] = []

    def send(self, message: Message) -> Answer:
        self.messages.append(message)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Waits:
    """A clock whose sleep is counted."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def answer(status: int = 200, body: Any = None, **headers: str) -> Answer:
    rows = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Answer(status, "", rows, json.dumps(body if body is not None else {}).encode())


@pytest.fixture
def create_session(tmp_path) -> Any:
    """Return a function that makes a session; its file is closed at the end."""
    made: list[Session] = []

    def create(upstream: Any, *, writes: bool = False, **budget: Any) -> Session:
        waits = Waits()
        limits = {"calls": 100, "per_minute": 1000} | budget
        session = Session(
            Policy(allow_writes=writes),
            Budget(now=waits.now, sleep=waits.sleep, **limits),
            upstream,
            Redactor(Pseudonyms(b"key")),
            HarFile(tmp_path / "capture.har", amounts="dropped"),
            now=lambda: 1_795_780_800.0,
        )
        made.append(session)
        return session

    yield create
    for session in made:
        session.file.close()


def call(
    method: str = "GET", target: str = "/v2/profiles", host: str = ADS, **headers: str
) -> Message:
    rows = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Message(method, host, target, rows)


def entries(tmp_path: Any) -> list[dict[str, Any]]:
    return json.loads((tmp_path / "capture.har").read_text())["log"]["entries"]


def read_campaigns(client: requests.Session, own: Any, profile: str) -> tuple[str, Any, Any]:
    """Sign in, list campaigns and try a write, as a program of a partner does."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": own.refresh_token,
        "client_id": own.client_id,
        "client_secret": own.client_secret,
    }
    token = client.post(f"https://{LWA}/auth/o2/token", data=form).json()["access_token"]
    headers = {
        "Authorization": f"Bearer {token}",
        "Amazon-Advertising-API-ClientId": own.client_id,
        "Amazon-Advertising-API-Scope": profile,
        "Content-Type": SP,
        "Accept": SP,
    }
    listed = client.post(f"https://{ADS}/sp/campaigns/list", "{}", headers=headers)
    return token, listed, client.post(f"https://{ADS}/sp/campaigns", "{}", headers=headers)


def test_a_real_client_is_recorded_through_tls(tmp_path, create_session) -> None:
    """The upstream is a second mock with Amazon's host names; nothing is stubbed."""
    ca = tmp_path / "ca.pem"
    with Mock(tls=True, seed=5) as mock:
        mock.control.call("state.invent", {"campaigns": 4})
        own = mock.default.credentials
        profile = next(row.id for row in mock.default.profiles.values() if row.region == "NA")
        upstream = Upstream(proxy=mock.secure["proxy"], verify=mock.secure["ca"])
        with (
            RecordingProxy(create_session(upstream)) as proxy,
            requests.Session() as client,
        ):
            ca.write_bytes(proxy.certificate)
            client.trust_env = False
            client.proxies, client.verify = {"https": proxy.url}, str(ca)
            token, listed, created = read_campaigns(client, own, profile)
        upstream.close()

    names = [row["name"] for row in listed.json()["campaigns"]]
    assert len(names) == 4
    assert created.status_code == 403
    assert "could change the account" in created.json()["detail"]
    assert [row["_operation"] for row in entries(tmp_path)] == ["lwa.token", "sp.campaigns.list"]
    text = (tmp_path / "capture.har").read_text()
    secrets = [token, own.refresh_token, own.client_secret, own.client_id, profile, *names]
    assert [each for each in secrets if each in text] == []
    body = json.loads(entries(tmp_path)[1]["response"]["content"]["text"])
    assert len(body["campaigns"]) == body["totalResults"] == 4


def test_only_reads_are_sent(tmp_path, create_session) -> None:
    upstream = FixedUpstream(answer())
    session = create_session(upstream)
    sent = [
        call("GET", "/sd/campaigns"),
        call("POST", "/sp/campaigns/list"),
        call("POST", "/adsApi/v1/query/campaigns"),
        call("POST", "/campaigns/export"),
        call("POST", "/reporting/reports"),
        call("POST", "/future/things/list"),
        call("POST", "/auth/o2/token", LWA),
    ]
    refused = [
        call("POST", "/sp/campaigns"),
        call("PUT", "/sp/campaigns"),
        call("DELETE", "/reporting/reports/1"),
        call("POST", "/sp/campaigns/delete"),
        call("POST", "/adsApi/v1/create/campaigns"),
        call("POST", "/future/things"),
        call("GET", "/", "example.com"),
    ]

    assert [session.answer(each).status for each in sent] == [200] * len(sent)
    assert [session.answer(each).status for each in refused] == [403] * len(refused)
    assert upstream.messages == sent


def test_writes_need_a_test_account(tmp_path, create_session) -> None:
    write = call("POST", "/sp/campaigns", Amazon_Advertising_API_Scope="71")
    other = call("POST", "/sp/campaigns", Amazon_Advertising_API_Scope="72")
    profiles = [
        {"profileId": 71, "accountInfo": {"id": "E1"}},
        {"profileId": 72, "accountInfo": {"id": "E2"}},
    ]
    upstream = FixedUpstream(answer(body=[{"id": "E1"}]), answer(body=profiles), answer())
    session = create_session(upstream, writes=True)

    assert session.answer(write).status == 403
    session.answer(call(target="/testAccounts"))
    assert session.answer(write).status == 403
    session.answer(call(target="/v2/profiles"))
    assert session.answer(write).status == 200
    assert session.answer(other).status == 403


def test_retry_after_is_obeyed_and_the_second_429_ends_it(tmp_path, create_session) -> None:
    throttled = answer(429, Retry_After="7")
    session = create_session(FixedUpstream(throttled, answer(), throttled, answer()))

    statuses = [session.answer(call()).status for _ in range(5)]

    assert statuses == [429, 200, 429, 503, 503]
    assert session.budget.stopped == "the service throttled twice"
    assert session.budget.now() == 7.0
    assert len(entries(tmp_path)) == 3


def test_a_budget_limits_calls_in_all_and_per_minute(tmp_path, create_session) -> None:
    session = create_session(FixedUpstream(answer()), calls=5, per_minute=2)

    statuses = [session.answer(call()).status for _ in range(7)]

    assert statuses == [200] * 5 + [503] * 2
    assert session.budget.now() == 120.0


def test_a_long_retry_after_ends_the_recording() -> None:
    budget = Budget(now=lambda: 0.0, sleep=lambda _: None)
    budget.note(429, "900")

    with pytest.raises(BudgetExhausted, match="a pause of 900 s"):
        budget.take()


def test_the_file_is_complete_after_every_call_and_private(tmp_path, create_session) -> None:
    session = create_session(FixedUpstream(answer(body={"a": 1})))

    assert entries(tmp_path) == []
    for count in (1, 2, 3):
        session.answer(call())
        assert len(entries(tmp_path)) == count
    assert stat.S_IMODE((tmp_path / "capture.har").stat().st_mode) == 0o600
    log = json.loads((tmp_path / "capture.har").read_text())["log"]
    assert log["version"] == "1.2"
    assert len(log["_adsmock"]["ledger"]) == 16
    with pytest.raises(FileExistsError):
        HarFile(tmp_path / "capture.har", amounts="dropped")


def test_other_hosts_get_no_tunnel(tmp_path, create_session) -> None:
    session = create_session(FixedUpstream(answer()))
    with RecordingProxy(session) as proxy:
        with pytest.raises(requests.exceptions.ProxyError, match="403"):
            requests.get("https://example.com/", proxies={"https": proxy.url}, timeout=60)
        plain = requests.get(f"http://{ADS}/v2/profiles", proxies={"http": proxy.url}, timeout=60)

    assert plain.status_code == 403
    assert "https only" in plain.text
    assert session.upstream.messages == []


def test_threads_share_one_budget(tmp_path, create_session) -> None:
    session = create_session(FixedUpstream(answer()), calls=10)
    threads = [threading.Thread(target=session.answer, args=(call(),)) for _ in range(25)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(entries(tmp_path)) == 10


def test_nothing_is_sent_without_permission(capsys) -> None:
    assert main(["record"]) == 2
    assert "add --allow-upstream" in capsys.readouterr().err


def test_an_existing_file_is_kept(capsys, tmp_path) -> None:
    path = tmp_path / "capture.har"
    path.write_text("mine")

    assert main(["record", "--allow-upstream", "--out", str(path)]) == 2

    assert "exists: choose another file" in capsys.readouterr().err
    assert path.read_text() == "mine"


def test_the_command_records_a_program_and_returns_its_exit_code(capsys, tmp_path) -> None:
    path = tmp_path / "capture.har"

    code = main(
        [
            "record",
            "--allow-upstream",
            "--out",
            str(path),
            "--",
            "sh",
            "-c",
            'test -n "$HTTPS_PROXY" && test -f "$SSL_CERT_FILE" && exit 7',
        ]
    )

    assert code == 7
    assert "0 calls" in capsys.readouterr().err
    assert json.loads(path.read_text())["log"]["entries"] == []
