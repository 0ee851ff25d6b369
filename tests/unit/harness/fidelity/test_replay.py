"""A replay: the mock is built from the recorded reads and answers as it did before."""

import json
from dataclasses import replace
from typing import Any

import pytest

from adsmock.cli.main import main
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.client.transport import RequestsTransport
from adsmock.harness.fidelity import Exchange, compare
from adsmock.harness.fidelity.formats import read
from adsmock.harness.fidelity.replay import replay
from adsmock.harness.fidelity.twin import Step, read_plan
from adsmock.harness.suite.control import Plane
from adsmock.mockserver.app import Mock
from adsmock.mockserver.recorder.har_file import HarFile
from adsmock.mockserver.recorder.message import Answer, Message
from adsmock.mockserver.recorder.pseudonym import Pseudonyms
from adsmock.mockserver.recorder.redact import Redactor
from tests.unit.harness.fidelity.fixtures import TestClock, create_side

STEPS = ("profiles", "sp-campaigns", "sp-campaigns-first-page", "sp-campaigns-next-page",
         "sp-campaign-by-id", "sp-ad-groups", "sp-keywords", "sp-targets", "export",
         "report", "report-status", "no-scope", "wrong-enum")  # fmt: skip


@pytest.fixture(scope="module")
def mock() -> Any:
    with Mock() as running:
        yield running


def recorded() -> list[Exchange]:
    """Return what a mock of another seed answers to some steps of the plan, a minute apart."""
    clock = TestClock()
    side = create_side("service", clock, seed=3)
    found = [replace(side.sign_in(), step="token")]
    for step in read_plan():
        if step.id in STEPS:
            clock.sleep(60.0)
            found.append(answered(side, step))
    return found


def answered(side: Any, step: Step) -> Exchange:
    exchange = side.call(step)
    for name, pointer in step.bind.items():
        head, _, rest = pointer.strip("/").partition("/")
        value = exchange.body[head]
        side.bound[name] = value[0][rest.partition("/")[2]] if rest else value
    return replace(exchange, host="advertising-api.amazon.com", wants="")


def played(exchanges: list[Exchange], mock: Any) -> Any:
    plane = Plane(mock.control_url)
    try:
        found = replay(exchanges, plane, RequestsTransport(), SystemClock())
        plane.delete_sandbox("replay")
    finally:
        plane.close()
    return found


def test_a_recording_of_an_equal_mock_shows_no_difference(mock) -> None:
    found = played(recorded(), mock)

    comparison = compare(found.pairs, found.unchecked)
    assert found.refused == []
    assert comparison.differences == ()
    assert comparison.pairs == len(STEPS) + 1
    assert "sp.campaigns.fields.name" in comparison.rows("confirmed")


def test_ids_of_the_recording_lead_to_those_of_the_mock(mock) -> None:
    found = played(recorded(), mock)

    by_step = {pair.service.step: pair for pair in found.pairs}
    report = by_step["report-status"]
    assert report.service.body["reportId"] != report.mock.body["reportId"]
    assert report.mock.status == 200
    one = by_step["sp-campaign-by-id"].mock.body["campaigns"]
    assert [row["campaignId"] for row in one] == [
        row["campaignId"] for row in by_step["sp-campaign-by-id"].service.body["campaigns"]
    ]


def test_the_clock_shows_the_recorded_times(mock) -> None:
    found = played(recorded(), mock)

    report = {pair.service.step: pair for pair in found.pairs}["report"]
    assert report.mock.body["createdAt"][:16] == report.service.body["createdAt"][:16]


def test_a_changed_recording_is_drift(mock) -> None:
    exchanges = [
        replace(each, body=json.loads(json.dumps(each.body).replace("targetingType", "kind")))
        if each.path == "/sp/campaigns/list" and each.status == 200
        else each
        for each in recorded()
    ]

    found = played(exchanges, mock)

    facts = {row.fact for row in compare(found.pairs, found.unchecked).drift}
    assert "sp.campaigns.fields.targetingType" in facts


def test_what_the_recording_does_not_show_is_not_drift(mock) -> None:
    unknown = Exchange("GET", "advertising-api.amazon.com", "/sd/campaigns/4711", 200, body={})
    foreign = Exchange("GET", "advertising-api.amazon.com", "/dsp/orders", 200, body={})

    found = played([unknown, foreign], mock)

    assert found.pairs == []
    assert [row.reason for row in found.unchecked] == [
        "the recording does not show the entity that this call names",
        "no contract describes this operation",
    ]


@pytest.mark.parametrize("sent", [{}, {"amazon-advertising-api-advertiserid": "{{account}}"}])
def test_calls_of_marketing_cloud_go_to_the_own_account_of_the_mock(mock, sent) -> None:
    paths = ["/amc/accounts", "/amc/instances", "/amc/instances/amcother"]
    paths.append("/amc/reporting/amcother/workflows")
    host = "advertising-api.amazon.com"
    calls = [Exchange("GET", host, path, 200, request_headers=sent, body={}) for path in paths]

    found = played(calls, mock)

    assert [(pair.mock.path, pair.mock.status) for pair in found.pairs] == [
        (path, 200) for path in paths
    ]
    assert found.pairs[2].mock.body["instance"] == found.pairs[1].mock.body["instances"][0]


def test_a_recording_of_adsmock_record_can_be_replayed(mock, tmp_path) -> None:
    """Pseudonyms keep what a replay needs: forms, equal ids and references."""
    redactor = Redactor(Pseudonyms(b"key"))
    file = HarFile(tmp_path / "capture.har", amounts="dropped")
    for each in recorded():
        if each.step == "token":
            continue
        sent = [(name, value) for name, value in each.request_headers.items()]
        body = json.dumps(each.request).encode() if each.request is not None else b""
        message = Message(each.method, each.host, each.path, sent, body)
        answer = Answer(each.status, "", list(each.headers.items()), json.dumps(each.body).encode())
        file.append(redactor.entry(message, answer, each.started or 0.0, 0.1))
    file.close()

    recording = read(tmp_path / "capture.har")
    found = played(list(recording.exchanges), mock)

    comparison = compare(found.pairs, found.unchecked)
    assert [row.says for row in comparison.drift] == []
    assert found.refused == []
    assert comparison.pairs == len(STEPS)


def test_the_command_replays_a_file_and_reports(tmp_path, capsys) -> None:
    body = {"campaigns": [], "totalResults": 0, "novelty": 1}
    entry = {
        "startedDateTime": "2026-03-06T11:03:50Z",
        "request": {"method": "POST", "url": "https://advertising-api.amazon.com/sp/campaigns/list",
                    "headers": [], "postData": {"text": "{}"}},
        "response": {"status": 200, "headers": [], "content": {"text": json.dumps(body)}},
    }  # fmt: skip
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [entry]}}))

    code = main(["replay", str(tmp_path / "a.har"), "--report-dir", str(tmp_path / "out")])

    assert code == 1
    assert "sp.campaigns.list novelty: member-added" in capsys.readouterr().out
    assert json.loads((tmp_path / "out" / "drift.json").read_text())["captured"] == "2026-03-06"


def test_a_file_that_is_no_recording_is_a_usage_error(tmp_path, capsys) -> None:
    (tmp_path / "a.har").write_text("{}")

    assert main(["replay", str(tmp_path / "a.har")]) == 2

    assert "unknown format" in capsys.readouterr().err
